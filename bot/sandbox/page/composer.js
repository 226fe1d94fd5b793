// The lower edge of a phone: the text field, the command menu, an attached file, the reply keyboard.
import { el, icon, moveFocus, narrowScreen, popover } from "./dom.js";
import { size } from "./moment.js";
import { marked } from "./safe.js";
import { applyWords, t } from "./words.js";
import { brief } from "./message.js";

/** Composer tells its phone what the person does through the `does` functions: say, attach, press. */
export class Composer {
  constructor(does) {
    this.does = does;
    this.commands = [];
    this.keyboard = null;
    this.file = null;
    this.replyTo = null;
    this.build();
  }

  build() {
    this.field = el("textarea", { class: "say", rows: 1, "data-t-placeholder": "write", "data-t-label": "write", enterkeyhint: "send", on: {
      input: () => this.typed(), keydown: (event) => this.key(event), paste: (event) => this.paste(event),
    } });
    this.menuButton = el("button", { class: "round menu", type: "button", "data-t-label": "menu", "data-t-title": "menu" }, icon("slash"));
    this.menu = el("div", { class: "menu-list", hidden: true, role: "group", "data-t-label": "menu" });
    this.menu.addEventListener("open", () => this.fillMenu(""));
    this.picked = el("input", { type: "file", class: "file", tabindex: "-1", "aria-hidden": "true", on: { change: () => { this.attach(this.picked.files[0]); this.picked.value = ""; } } });
    this.clip = el("button", { class: "round clip", type: "button", "data-t-label": "attach", "data-t-title": "attach", on: { click: () => this.picked.click() } }, icon("clip"));
    this.keys = el("button", { class: "round keys", type: "button", hidden: true, "data-t-label": "keyboard", "data-t-title": "keyboard", on: { click: () => this.showKeyboard(this.board.hidden) } }, icon("keys"));
    this.send = el("button", { class: "send", type: "button", "data-t-label": "send", "data-t-title": "send", on: { click: () => this.submit() } }, icon("send"));
    this.above = el("div", { class: "above" });
    this.board = el("div", { class: "board", hidden: true, role: "group", "data-t-label": "keyboard" });
    this.node = el("div", { class: "composer" }, this.menu, this.above,
      el("div", { class: "line" }, this.menuButton, el("div", { class: "pen" }, this.field, this.keys, this.clip), this.send), this.board, this.picked);
    this.closeMenu = popover(this.menuButton, this.menu);
    this.typed();
  }

  /** typed grows the field with its text, and offers commands while one is being typed. */
  typed() {
    this.grow();
    this.send.classList.toggle("ready", Boolean(this.field.value.trim() || this.file));
    const word = /^\/(\w*)$/.exec(this.field.value);
    const some = word && this.fillMenu(word[1]) > 0;
    if (some) this.menu.hidden = false;
    else if (!this.menu.contains(document.activeElement)) this.menu.hidden = true;
  }

  grow() {
    this.field.style.height = "";
    const wanted = this.field.scrollHeight;
    if (this.field.value && wanted) this.field.style.height = `${Math.min(wanted, 168)}px`;
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape") { this.menu.hidden = true; this.answer(null); }
    if (event.key === "ArrowUp" && !this.menu.hidden) moveFocus(event, this.menu);
  }

  paste(event) {
    const file = event.clipboardData?.files[0];
    if (file) { event.preventDefault(); this.attach(file); }
  }

  fillMenu(prefix) {
    const found = this.commands.filter((one) => one.command.startsWith(prefix.toLowerCase()));
    const rows = found.map((one) => el("button", { type: "button", on: { click: () => this.choose(one.command) } }, el("b", {}, `/${one.command}`), el("span", {}, one.description)));
    this.menu.replaceChildren(...(rows.length ? rows : [el("p", {}, t("noCommands"))]));
    return found.length;
  }

  choose(command) {
    this.menu.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
    this.field.value = "";
    this.typed();
    if (!narrowScreen.matches) this.field.focus({ preventScroll: true });
    this.does.say({ text: `/${command}` });
  }

  /** write puts text into the field without sending it. */
  write(text) {
    this.field.value = text;
    this.typed();
    this.menu.hidden = true;
    this.field.focus({ preventScroll: true });
  }

  submit() {
    const source = this.field.value.trim();
    if (this.file) this.does.attach(this.file, source, this.asPhoto());
    else if (!source) return this.field.focus();
    else this.does.say(this.spoken(source));
    this.field.value = "";
    this.file = null;
    this.answer(null);
    this.typed();
    this.field.focus({ preventScroll: true });
  }

  spoken(source) {
    const { text, entities } = marked(source);
    const message = { text };
    if (entities.length) message.entities = entities;
    if (this.replyTo) message.reply_to = this.replyTo.id;
    return message;
  }

  attach(file) {
    if (!file) return;
    this.file = file;
    this.drawAbove();
    this.typed();
    this.field.focus({ preventScroll: true });
  }

  asPhoto() {
    return /^image\/(png|jpeg)$/.test(this.file.type) && !this.above.querySelector("input")?.checked;
  }

  answer(message) {
    this.replyTo = message;
    this.drawAbove();
    if (message) this.field.focus({ preventScroll: true });
  }

  drawAbove() {
    this.above.replaceChildren();
    if (this.replyTo) this.above.append(this.strip("reply", brief(this.replyTo), "cancelReply", () => this.answer(null)));
    if (this.file) {
      const strip = this.strip("clip", `${this.file.name} · ${size(this.file.size)}`, "removeFile", () => { this.file = null; this.drawAbove(); this.typed(); });
      if (/^image\/(png|jpeg)$/.test(this.file.type)) strip.append(el("label", {}, el("input", { type: "checkbox" }), t("asFile")));
      this.above.append(strip);
    }
  }

  strip(symbol, text, label, remove) {
    return el("div", { class: "strip" }, icon(symbol), el("span", { class: "what" }, text),
      el("button", { type: "button", class: "round small", "aria-label": t(label), on: { click: remove } }, icon("close")));
  }

  setCommands(commands) {
    this.commands = commands ?? [];
    this.menuButton.hidden = !this.commands.length;
  }

  /** setKeyboard shows the reply keyboard; it stays folded if the person has folded this very one. `hint` is what the bot suggests to type. */
  setKeyboard(keyboard, hint) {
    this.suggest(keyboard?.placeholder || hint);
    const same = JSON.stringify(keyboard) === JSON.stringify(this.keyboard);
    if (same) return;
    this.keyboard = keyboard;
    this.board.replaceChildren(...(keyboard?.rows ?? []).map((row) => el("div", { class: "row" }, row.map((button) => this.drawKey(button)))));
    this.keys.hidden = !keyboard;
    this.showKeyboard(Boolean(keyboard));
  }

  suggest(hint) {
    if (hint) delete this.field.dataset.tPlaceholder;
    else this.field.dataset.tPlaceholder = "write";
    if (hint) this.field.placeholder = hint;
    else applyWords(this.field);
  }

  drawKey(button) {
    const press = () => {
      this.does.press(button);
      if (this.keyboard?.one_time) this.showKeyboard(false);
    };
    return el("button", { class: "kb", type: "button", on: { click: press } }, button.request_contact && icon("contact"), el("span", {}, button.text));
  }

  showKeyboard(shown) {
    this.board.hidden = !shown;
    this.keys.setAttribute("aria-pressed", String(shown));
    this.does.resized?.();
  }
}
