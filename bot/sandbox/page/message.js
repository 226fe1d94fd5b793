// One message as an element. A message is drawn anew whenever it changes; nothing of it lives elsewhere.
import { el, icon } from "./dom.js";
import { moment, phoneNumber, size, time } from "./moment.js";
import { formatted } from "./safe.js";
import { t } from "./words.js";

/** drawMessage builds the article of a message. `quoted` is the message it answers, if it is known; `names` says who is who. */
export function drawMessage(message, quoted, names) {
  const article = el("article", { class: "msg", dataset: { id: message.id, from: message.from } });
  if (message.from === "service") {
    article.append(el("p", { class: "service" }, formatted(message.html || "")));
    return article;
  }
  const bubble = el("div", { class: "bubble" });
  bubble.classList.toggle("media", Boolean(message.photo));
  bubble.classList.toggle("bare", Boolean(message.photo) && !message.html);
  if (message.forwarded) bubble.append(el("p", { class: "forwarded" }, t("forwarded", { name: message.forwarded })));
  if (message.reply_to) bubble.append(drawQuote(message.reply_to, quoted, names));
  if (message.photo) bubble.append(drawPhoto(message));
  if (message.document) bubble.append(drawDocument(message.document));
  if (message.contact) bubble.append(drawContact(message.contact));
  if (message.sticker) bubble.append(el("p", { class: "sticker" }, message.sticker));
  if (message.location) bubble.append(el("p", { class: "located" }, `📍 ${message.location.latitude.toFixed(4)}, ${message.location.longitude.toFixed(4)}`));
  bubble.append(drawText(message));
  article.append(bubble);
  if (message.buttons?.length) article.append(drawButtons(message.buttons));
  if (!message.pending) article.append(el("button", { class: "answer", type: "button", "aria-label": t("reply"), title: t("reply") }, icon("reply")));
  return article;
}

function drawText(message) {
  const text = el("div", { class: message.html ? "text" : "text lone" });
  if (message.html) text.append(formatted(message.html));
  text.append(drawMeta(message));
  return text;
}

function drawMeta(message) {
  const meta = el("span", { class: "meta" });
  if (message.edited) meta.append(el("span", { class: "edited" }, t("edited")), " ");
  meta.append(el("time", { datetime: new Date(message.date * 1000).toISOString(), title: moment(message.edited || message.date) }, time(message.date)));
  if (message.from === "person") meta.append(drawTick(message));
  return meta;
}

function drawTick(message) {
  const state = message.failed ? "notSent" : message.pending ? "sending" : "delivered";
  const mark = message.failed ? el("b", {}, "!") : icon(message.pending ? "clock" : "two");
  return el("span", { class: `tick ${state}`, role: "img", "aria-label": t(state), title: t(state) }, mark);
}

function drawQuote(id, quoted, names) {
  const who = names[quoted?.from] ?? "";
  return el("button", { class: "quote", type: "button", dataset: { goto: id } }, el("b", {}, who), " ", brief(quoted));
}

/** brief is one plain line of a message, for quotes and lists. */
export function brief(message) {
  if (!message) return "…";
  const line = (message.text || message.caption || "").replace(/\s+/g, " ").slice(0, 90);
  if (line) return line;
  if (message.photo) return t("photo");
  if (message.document) return message.document.file_name || t("document");
  return message.contact ? t("contact") : "…";
}

function drawPhoto(message) {
  const { url, width, height } = message.photo;
  const image = el("img", { src: url, alt: brief(message), width, height, loading: "lazy", decoding: "async" });
  return el("button", { class: "photo", type: "button", "aria-label": t("openPhoto") }, image);
}

const kinds = { xlsx: "sheet", xls: "sheet", csv: "sheet", pdf: "pdf", docx: "doc", doc: "doc", ics: "ics", png: "image", jpg: "image", zip: "zip" };

function drawDocument(file) {
  const name = file.file_name || t("document");
  const suffix = /\.(\w{1,5})$/.exec(name)?.[1].toLowerCase() ?? "";
  return el("a", { class: "doc", href: file.url, download: name, "aria-label": `${t("download")}: ${name}, ${size(file.size)}` },
    el("span", { class: `tile ${kinds[suffix] ?? ""}` }, suffix.toUpperCase() || "•"),
    el("span", { class: "about" }, el("b", {}, name), el("small", {}, size(file.size))),
    icon("save"));
}

function drawContact(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return el("div", { class: "contact" }, el("span", { class: "tile" }, icon("contact")),
    el("span", { class: "about" }, el("b", {}, name || t("contact")), el("small", {}, phoneNumber(contact.phone_number))));
}

function drawButtons(rows) {
  const grid = el("div", { class: "inline", role: "group" });
  rows.forEach((row, line) => {
    const strip = el("div", { class: "row" });
    row.forEach((button, place) => strip.append(drawButton(button, line, place)));
    grid.append(strip);
  });
  return grid;
}

function drawButton(button, line, place) {
  const node = el("button", { class: "ib", type: "button", dataset: { line, place } }, el("span", { class: "label" }, button.text));
  if (button.kind === "url") {
    node.dataset.url = button.url ?? "";
    node.append(icon("link"));
  }
  return node;
}
