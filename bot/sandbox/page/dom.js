// Small building blocks for the document. Text always goes in as text nodes; nothing here parses HTML.

/** el builds an element: `class`, `dataset`, `on` (listeners) and booleans are understood, the rest are attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** icon refers to a symbol of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** calm reports whether the reader asked for less movement. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** narrow reports whether one phone fills the screen. */
export const narrowScreen = matchMedia("(max-width: 719px)");

/** remembered and remember keep the reader's own choices; a page without storage works, it only forgets. */
export function remembered(key, fallback) {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? fallback : JSON.parse(kept);
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* forgotten at the next visit */ }
}

/** popover opens a floating panel beside its button and closes it on Escape, on a click elsewhere and on leaving by Tab. */
export function popover(button, panel) {
  const close = (refocus) => {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (!panel.hidden) return close(true);
    panel.dispatchEvent(new Event("open"));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("button")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(true); }
    else moveFocus(event, panel);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) close(false);
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget) && event.relatedTarget !== button) close(false);
  });
  return close;
}

/** moveFocus lets the arrow keys walk through the buttons of a list. */
export function moveFocus(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...list.querySelectorAll("button:not([disabled])")];
  if (!buttons.length) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  const next = at < 0 && step < 0 ? -1 : at + step;
  buttons[(next + buttons.length) % buttons.length].focus();
}
