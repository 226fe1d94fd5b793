// The messages of one phone as a scrolling list: order, dates, groups, and staying at the newest.
import { calm, el, icon } from "./dom.js";
import { day, dayKey } from "./moment.js";
import { t } from "./words.js";

const groupGap = 300; // seconds of silence after which bubbles no longer belong together

export class Log {
  /** `older` is called when the reader asks for earlier messages. */
  constructor(older) {
    this.older = older;
    this.stuck = true;
    this.missed = 0;
    this.speaks = false;
    this.node = el("div", { class: "log", role: "log", "aria-live": "off", "data-t-label": "messages", tabindex: "0" });
    this.jump = el("button", { class: "jump", type: "button", hidden: true, "data-t-label": "newest", on: { click: () => this.toEnd(true) } }, icon("down"), el("span", { class: "badge", hidden: true }));
    this.node.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.node.addEventListener("load", () => this.stick(), true);
    new ResizeObserver(() => this.stick()).observe(this.node);
  }

  clear() {
    this.stuck = true;
    this.missed = 0;
    this.speaks = false;
    this.node.setAttribute("aria-live", "off");
    this.node.replaceChildren();
    this.node.dataset.loading = t("loading");
  }

  /** speakUp lets screen readers announce what comes from now on; the first filling is not news. */
  speakUp() {
    this.speaks = true;
    this.node.setAttribute("aria-live", "polite");
  }

  /** miss counts a message that arrived while the reader was further up. */
  miss() {
    if (!this.stuck) this.missed++;
    this.drawJump();
  }

  /** holding keeps what the reader sees in place while earlier messages are put above it. */
  async holding(fill) {
    const below = this.node.scrollHeight - this.node.scrollTop;
    this.stuck = false;
    await fill();
    this.node.scrollTop = this.node.scrollHeight - below;
  }

  flash(id) {
    const article = this.article(id);
    article?.classList.remove("arriving");
    article?.classList.add("flash");
    setTimeout(() => article?.classList.remove("flash"), 1400);
  }

  /** article is the element of a message, if it is shown. */
  article(id) {
    return this.node.querySelector(`.msg[data-id="${id}"]`);
  }

  /** arrange shows the messages in their order, with dates and groups; only what changed is drawn anew. */
  arrange(shown, draw, full) {
    const wanted = full ? [this.olderButton()] : [];
    let last = null;
    shown.forEach((message, index) => {
      if (!last || dayKey(last.date) !== dayKey(message.date)) wanted.push(this.dayNode(message.date));
      message.drawn ??= draw(message);
      const next = shown[index + 1];
      message.drawn.classList.toggle("first", !together(last, message));
      message.drawn.classList.toggle("last", !together(message, next));
      wanted.push(message.drawn);
      last = message;
    });
    if (!shown.length) wanted.push(el("p", { class: "empty" }, t("empty")));
    reconcile(this.node, wanted);
  }

  dayNode(unix) {
    const key = dayKey(unix);
    const kept = this.node.querySelector(`.day[data-day="${key}"]`);
    const node = kept ?? el("div", { class: "day", dataset: { day: key } }, el("span"));
    node.firstChild.textContent = day(unix);
    return node;
  }

  olderButton() {
    return el("button", { class: "older", type: "button", on: { click: () => this.older() } }, t("older"));
  }

  // Scrolling: the log follows new messages only while the reader is at its end.

  /** scrolled leaves the end only when the reader moved up; a log that grew or shrank under them did not. */
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    const up = scrollTop < this.top && scrollHeight === this.height && clientHeight === this.view;
    if (scrollHeight - scrollTop - clientHeight < 60) this.stuck = true;
    else if (up) this.stuck = false;
    Object.assign(this, { top: scrollTop, height: scrollHeight, view: clientHeight });
    if (this.stuck) this.missed = 0;
    this.drawJump();
  }

  stick() {
    if (this.stuck) this.node.scrollTop = this.node.scrollHeight;
  }

  toEnd(smooth) {
    this.stuck = true;
    this.node.scrollTo({ top: this.node.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
  }

  drawJump() {
    const badge = this.jump.querySelector(".badge");
    badge.hidden = !this.missed;
    badge.textContent = this.missed;
    this.jump.hidden = Boolean(this.stuck);
  }
}

function together(a, b) {
  return Boolean(a && b && a.from === b.from && a.from !== "service" && b.date - a.date < groupGap && dayKey(a.date) === dayKey(b.date));
}

/** reconcile makes the children of a node exactly the wanted ones, moving as little as possible. */
function reconcile(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
