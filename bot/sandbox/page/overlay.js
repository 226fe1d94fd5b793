// What lies over a chat: the pill of an answered button, small questions inside a phone, and the enlarged photo.
import { el, icon } from "./dom.js";
import { fullName } from "./moment.js";
import { t } from "./words.js";

/** toast shows a pill over the chat for as long as it takes to read it. */
export function toast(phone, text, kind = "") {
  if (!text) return;
  phone.querySelector(".toast")?.remove();
  const pill = el("div", { class: `toast ${kind}`, role: "status" }, text);
  phone.querySelector(".over").append(pill);
  const seconds = Math.min(8, 2.5 + text.length / 25);
  setTimeout(() => pill.classList.add("leaving"), seconds * 1000);
  setTimeout(() => pill.remove(), seconds * 1000 + 300);
}

/** ask opens a small modal inside one phone and resolves to true when its main button was chosen. */
export function ask(phone, { title, body, yes, no }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const screen = phone.querySelector(".screen");
    const rest = [...screen.children];
    const answer = (value) => {
      veil.remove();
      rest.forEach((node) => { node.inert = false; });
      before?.focus?.();
      resolve(value);
    };
    const confirm = el("button", { class: "confirm", type: "button", on: { click: () => answer(true) } }, yes);
    const box = el("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": title || body },
      title && el("h2", {}, title), el("p", {}, body),
      el("div", { class: "choices" }, no && el("button", { class: "refuse", type: "button", on: { click: () => answer(false) } }, no), confirm));
    const veil = el("div", { class: "veil", on: { keydown: (event) => { if (event.key === "Escape") answer(false); } } }, box);
    rest.forEach((node) => { node.inert = true; });
    screen.append(veil);
    confirm.focus({ preventScroll: true });
  });
}

/** lightbox enlarges a photo. Where the photo carries a link to the bot, any other phone may scan it. */
export function lightbox({ photo, caption, link, scanners, scan }) {
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "lightbox", "aria-label": t("photo"), on: {
    click: (event) => { if (event.target === dialog) close(); },
    close: () => dialog.remove(),
  } },
  el("figure", {}, el("img", { src: photo.url, alt: caption || t("photo"), width: photo.width, height: photo.height }), caption && el("figcaption", {}, caption)),
  el("div", { class: "bar" },
    el("a", { class: "pill", href: photo.url, download: "photo" }, icon("save"), t("save")),
    el("button", { class: "pill", type: "button", on: { click: close } }, icon("close"), t("close"))));
  document.body.append(dialog);
  dialog.showModal();
  offerScan(dialog, { photo, link, scanners, scan, close });
}

async function offerScan(dialog, { photo, link, scanners, scan, close }) {
  const address = link ?? await decode(dialog.querySelector("img"), photo);
  if (!address || !scanners.length || !dialog.isConnected) return;
  const buttons = scanners.map((person) => el("button", { class: "pill", type: "button", on: { click: () => { close(); scan(person, address); } } }, fullName(person)));
  dialog.querySelector("figure").after(el("div", { class: "scan" }, el("h2", {}, icon("scan"), t("scan")), el("p", {}, t("scanBody")), el("div", { class: "who" }, buttons)));
}

/** decode reads a QR code where the browser can; elsewhere the link in the caption is the only way. */
async function decode(image) {
  if (!("BarcodeDetector" in window)) return null;
  try {
    await image.decode();
    const codes = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(image);
    return codes[0]?.rawValue ?? null;
  } catch {
    return null;
  }
}
