// Formatted text of messages. The server already sends safe HTML; it is checked once more here against a short list,
// so that no mistake elsewhere can run anything in this page.

const allowed = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "DEL", "STRIKE", "CODE", "PRE", "A", "BLOCKQUOTE", "SPAN", "TG-SPOILER", "TG-EMOJI", "BR"]);

/** formatted parses safe HTML into a fragment that holds only the tags of a message. */
export function formatted(html) {
  const template = document.createElement("template");
  template.innerHTML = html ?? "";
  clean(template.content);
  trim(template.content);
  linkify(template.content);
  return template.content;
}

function clean(parent) {
  for (const node of [...parent.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE) continue;
    if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE"].includes(node.tagName)) {
      node.remove();
      continue;
    }
    clean(node);
    if (allowed.has(node.tagName)) strip(node);
    else node.replaceWith(...node.childNodes);
  }
}

/** trim drops the line break beside a block, which starts a new line by itself. */
function trim(root) {
  for (const block of root.querySelectorAll("blockquote, pre")) {
    for (const beside of [block.previousSibling, block.nextSibling]) if (beside?.nodeName === "BR") beside.remove();
  }
}

function strip(node) {
  const href = node.getAttribute("href");
  const spoiler = node.tagName === "TG-SPOILER" || node.classList.contains("tg-spoiler") || node.classList.contains("spoiler");
  const expandable = node.tagName === "BLOCKQUOTE" && node.hasAttribute("expandable");
  for (const { name } of [...node.attributes]) node.removeAttribute(name);
  if (node.tagName === "A") address(node, href);
  if (spoiler) Object.assign(node, { className: "spoiler", tabIndex: 0 }).setAttribute("role", "button");
  if (expandable) node.className = "expandable";
}

function address(link, href) {
  if (!/^(https?|tg|mailto|tel):/i.test(href ?? "")) return;
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}

const token = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}’”])|((?:^|(?<=[\s(“"«:–-]))\/[a-zA-Z][a-zA-Z0-9_]{0,31}(?![\w/]))|(\bt\.me\/[^\s<>"]+[^\s<>".,;:!?)\]}’”])/g;

/** linkify makes bare addresses and /commands clickable, as a messenger does, outside links and code. */
function linkify(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (text) =>
    text.parentElement?.closest("a, code, pre") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const pieces = linked(text.data);
    if (pieces) text.replaceWith(...pieces);
  }
}

function linked(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(token)) {
    pieces.push(text.slice(from, match.index), match[2] ? command(match[0]) : link(match[0]));
    from = match.index + match[0].length;
  }
  return from ? [...pieces, text.slice(from)] : null;
}

function link(text) {
  const node = document.createElement("a");
  node.textContent = text;
  address(node, text.startsWith("http") ? text : `https://${text}`);
  return node;
}

function command(text) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "command";
  node.textContent = text;
  return node;
}

/** deepLink tells whether an address opens this very bot, e.g. t.me/<bot>?start=… */
export function deepLink(href, username) {
  let url;
  try { url = new URL(href); } catch { return false; }
  if (url.protocol === "tg:") return url.searchParams.get("domain")?.toLowerCase() === username.toLowerCase();
  const host = url.hostname.replace(/^www\./, "");
  return ["t.me", "telegram.me", "telegram.dog"].includes(host) && url.pathname.split("/")[1]?.toLowerCase() === username.toLowerCase();
}

const marks = [["```", "pre"], ["**", "bold"], ["__", "italic"], ["~~", "strikethrough"], ["||", "spoiler"], ["`", "code"]];

/**
 * marked turns the marks people type (**bold**, __italic__, ~~struck~~, `code`) into text with entities, as a
 * messenger's composer does. Offsets and lengths count UTF-16 units, which is what JavaScript strings count.
 */
export function marked(source) {
  let text = "";
  const entities = [];
  for (let at = 0; at < source.length;) {
    const found = openMark(source, at);
    if (!found) { text += source[at++]; continue; }
    const inner = source.slice(at + found.mark.length, found.end);
    entities.push({ type: found.type, offset: text.length, length: inner.length });
    text += inner;
    at = found.end + found.mark.length;
  }
  return { text, entities };
}

function openMark(source, at) {
  for (const [mark, type] of marks) {
    if (!source.startsWith(mark, at)) continue;
    const end = source.indexOf(mark, at + mark.length);
    const inner = end < 0 ? "" : source.slice(at + mark.length, end);
    if (inner.trim() && (mark === "```" || !/^\s|\s$/.test(inner))) return { mark, type, end };
  }
  return null;
}
