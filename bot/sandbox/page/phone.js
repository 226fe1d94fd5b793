// One phone: the chat of one person with the bot. It holds the messages it was told of and draws what changed.
import { calm, el, icon, popover, remember, remembered } from "./dom.js";
import { fullName, initials, now, phoneNumber, time } from "./moment.js";
import { ask, lightbox, toast } from "./overlay.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { drawMessage } from "./message.js";
import { deepLink } from "./safe.js";
import { applyWords, local, t } from "./words.js";
import * as sim from "./sim.js";

export class Phone {
  /** `place` is the phone's number on the page; `stand` is the page: bot, people, who is visible, how to scan and to change person. */
  constructor(place, stand) {
    this.place = place;
    this.stand = stand;
    this.messages = new Map();
    this.pending = [];
    this.limit = 100;
    this.unread = 0;
    this.build();
  }

  build() {
    this.composer = new Composer({ say: (message) => this.say(message), attach: (...file) => this.attach(...file), press: (button) => this.press(button), resized: () => this.log.stick() });
    this.faceNode = el("span", { class: "face" });
    this.roleNode = el("small", { class: "role" });
    this.nameNode = el("b", { class: "name" });
    this.plate = el("button", { class: "plate", type: "button", "data-t-title": "changePerson", on: { click: () => this.stand.change(this) } },
      this.faceNode, el("span", { class: "about" }, this.roleNode, this.nameNode), icon("down"));
    this.large = el("button", { class: "round large-type", type: "button", "data-t-label": "larger", "data-t-title": "larger", on: { click: () => this.setLarge(!this.isLarge()) } }, "A+");
    this.statusTime = el("span");
    this.botFace = el("span", { class: "face bot" });
    this.botName = el("b", { class: "name" });
    this.sub = el("small", { class: "sub", "aria-live": "polite" });
    this.log = new Log(() => this.older());
    this.start = el("button", { class: "start", type: "button", "data-t": "start", on: { click: () => this.say({ text: "/start" }) } });
    this.foot = el("div", { class: "foot" }, this.composer.node, this.start);
    const screen = el("div", { class: "screen" },
      el("div", { class: "status", "aria-hidden": "true" }, this.statusTime, icon("signal")),
      el("header", { class: "chat-head" }, this.botFace, el("span", { class: "about" }, this.botName, this.sub), this.large, ...this.options()),
      el("div", { class: "room" }, this.log.node, this.log.jump, el("div", { class: "over" })), this.foot);
    this.node = el("section", { class: "phone" }, this.plate, el("div", { class: "frame" }, screen));
    this.listen();
  }

  options() {
    const button = el("button", { class: "round", type: "button", "data-t-label": "more", "data-t-title": "more" }, icon("more"));
    const panel = el("div", { class: "menu-list options", hidden: true, role: "group", "data-t-label": "more" });
    const close = popover(button, panel);
    const line = (text, act, pressed) => el("button", { type: "button", "aria-pressed": pressed, on: { click: () => { close(true); act(); } } }, text);
    panel.addEventListener("open", () => panel.replaceChildren(
      line(t("changePerson"), () => this.stand.change(this)),
      line(t(this.blocked ? "unblock" : "block"), () => this.attempt(() => (this.blocked ? sim.unblock : sim.block)(this.person.id).then(() => this.load()))),
      el("p", {}, t("telegramLanguage")),
      ...["vi", "en"].map((lang) => line(t(lang === "vi" ? "vietnamese" : "english"), () => this.speak(lang), String(this.person?.language_code === lang)))));
    return [button, panel];
  }

  listen() {
    const { node: log } = this.log;
    log.addEventListener("click", (event) => this.clicked(event));
    log.addEventListener("dblclick", (event) => { if (!event.target.closest("button, a")) this.replyTo(event.target.closest(".msg")); });
    log.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches(".spoiler")) event.target.classList.add("shown"); });
    const room = this.node.querySelector(".frame");
    room.addEventListener("dragover", (event) => { event.preventDefault(); room.classList.add("dropping"); });
    room.addEventListener("dragleave", () => room.classList.remove("dropping"));
    room.addEventListener("drop", (event) => { event.preventDefault(); room.classList.remove("dropping"); this.composer.attach(event.dataTransfer.files[0]); });
  }

  /** seat puts a person into this phone. `role` is their label on the stage, if they have one. */
  async seat(person, role, large) {
    this.person = person;
    this.role = role;
    this.messages.clear();
    this.pending = [];
    this.limit = 100;
    this.unread = 0;
    this.log.clear();
    this.setLarge(remembered(`large.${person.id}`, large), false);
    this.retitle();
    await this.load();
  }

  /** retitle writes everything that depends on who sits here and on the page's language. */
  retitle() {
    const name = fullName(this.person);
    this.node.dataset.person = this.person.id;
    this.node.setAttribute("aria-label", t("chatOf", { name }));
    this.faceNode.textContent = initials(name);
    this.faceNode.className = `face tint-${this.place % 6}`;
    this.roleNode.textContent = local(this.role) || (this.person.username ? `@${this.person.username}` : phoneNumber(this.person.phone) || `#${this.person.id}`);
    this.nameNode.textContent = name;
    this.botFace.textContent = initials(this.stand.bot.first_name);
    this.botName.textContent = this.stand.bot.first_name;
    this.start.dataset.t = this.blocked ? "unblock" : "start";
    applyWords(this.node);
    this.drawSub();
    this.tick();
  }

  /** redraw follows a change of the page's language. */
  redraw() {
    this.retitle();
    for (const message of this.messages.values()) message.drawn = null;
    this.arrange();
  }

  tick() {
    this.statusTime.textContent = time(now());
  }

  /**
   * load fetches the whole chat. What the stream tells meanwhile may be newer than the answer, so it is heard again
   * after it; of two loads under way only the later one counts.
   */
  async load() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    this.meanwhile = [];
    const chat = await this.attempt(() => sim.chat(this.person.id, this.limit));
    if (turn !== this.turn) return;
    const { meanwhile } = this;
    this.meanwhile = null;
    delete this.log.node.dataset.loading;
    if (!chat) return;
    this.person = { ...this.person, ...chat.person };
    const before = this.messages;
    this.messages = new Map(chat.messages.map((message) => [message.id, same(before.get(message.id), message)]));
    this.full = chat.messages.length >= this.limit;
    this.setFoot(chat);
    this.setTyping(chat.typing);
    this.retitle();
    meanwhile.forEach((event) => this.follow(event));
    this.arrange();
    this.log.stick();
    this.markRead();
    setTimeout(() => this.log.speakUp(), 500);
  }

  setFoot(chat) {
    this.blocked = chat.blocked;
    this.composer.setCommands(chat.commands);
    this.composer.setKeyboard(chat.keyboard, chat.placeholder);
    this.showStart();
  }

  showStart() {
    const fresh = !this.messages.size && !this.pending.length;
    this.start.hidden = !(fresh || this.blocked);
    this.start.dataset.t = this.blocked ? "unblock" : "start";
    this.start.textContent = t(this.start.dataset.t);
    this.composer.node.hidden = !this.start.hidden;
    this.node.classList.toggle("is-blocked", Boolean(this.blocked));
  }

  /** hear takes one event of the stream. */
  hear(event) {
    this.meanwhile?.push(event);
    this.follow(event);
    if (event.kind === "typing") this.setTyping(true);
    else if (event.kind === "toast") this.showAnswer(event.toast?.text, event.toast?.show_alert);
    else if (["keyboard", "commands", "blocked"].includes(event.kind)) this.load();
  }

  /** follow applies what an event says about the messages; applying it twice changes nothing. */
  follow(event) {
    if (event.kind === "message" || event.kind === "edit") this.take(event.message, event.kind === "edit");
    else if (event.kind === "delete") this.drop(event.message_id);
  }

  take(message, edit) {
    if (!message) return this.load();
    const known = this.messages.get(message.id);
    if (edit && !known) return undefined; // an older message, not loaded
    this.messages.set(message.id, same(known, message));
    if (message.from === "person") this.settle(message);
    if (message.from === "bot" && !edit) this.setTyping(false);
    this.arrange();
    this.showStart();
    if (edit && this.messages.get(message.id) !== known) this.log.flash(message.id);
    if (!known && message.from === "bot" && !edit) this.arrived();
    this.log.stick();
    return undefined;
  }

  arrived() {
    this.log.miss();
    if (this.stand.visible(this) && !document.hidden) this.markRead();
    else this.unread++;
    this.stand.counted();
  }

  /** settle forgets the bubble that stood in for a message until the server told of it. */
  settle(message) {
    const at = this.pending.findIndex((one) => one.sent === message.id || one.text === message.text);
    if (at >= 0) this.pending.splice(at, 1);
  }

  async drop(id) {
    if (!this.messages.delete(id)) return;
    const article = this.log.article(id);
    if (article && !calm()) {
      article.classList.add("leaving");
      await new Promise((resolve) => setTimeout(resolve, 220));
    }
    this.arrange();
    this.showStart();
  }

  draw(message) {
    const names = { bot: this.stand.bot.first_name, person: fullName(this.person) };
    const article = drawMessage(message, this.messages.get(message.reply_to), names);
    if (this.log.speaks && !this.log.article(message.id)) article.classList.add("arriving");
    return article;
  }

  async older() {
    this.limit *= 3;
    await this.log.holding(() => this.load());
  }

  /** arrange shows the messages there are; stand-ins for what is being sent come last. */
  arrange() {
    const shown = [...this.messages.values()].sort((a, b) => a.id - b.id).concat(this.pending);
    this.log.arrange(shown, (message) => this.draw(message), this.full);
  }

  markRead() {
    if (!this.stand.visible(this) || document.hidden) return;
    this.unread = 0;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => sim.read(this.person.id).catch(() => {}), 400);
    this.stand.counted();
  }

  setTyping(on) {
    clearTimeout(this.typingEnds);
    this.typing = Boolean(on);
    if (on) this.typingEnds = setTimeout(() => this.setTyping(false), 5500);
    this.drawSub();
  }

  drawSub() {
    const dots = el("i", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.sub.classList.toggle("typing", this.typing);
    if (this.typing) this.sub.replaceChildren(t("typing"), dots);
    else this.sub.replaceChildren(el("span", { class: "kind" }, t("bot")), el("span", { class: "holder" }, this.person ? fullName(this.person) : ""));
  }

  isLarge() {
    return this.node.classList.contains("large");
  }

  setLarge(on, keep = true) {
    this.node.classList.toggle("large", on);
    this.large.setAttribute("aria-pressed", String(on));
    if (keep) remember(`large.${this.person.id}`, on);
    this.log.stick();
  }

  // What the person does.

  /** attempt runs a call and says in the phone why it was refused; it resolves to undefined then. */
  async attempt(act) {
    try {
      return await act();
    } catch (error) {
      const reason = error instanceof sim.SimError ? error.message : String(error);
      toast(this.node, reason === "offline" ? t("offline") : t("failed", { reason }), "fault");
      return undefined;
    }
  }

  async say(message) {
    if (this.blocked) return this.attempt(() => sim.unblock(this.person.id).then(() => this.load()));
    const standIn = { id: `p${Date.now()}`, from: "person", date: Math.floor(now()), text: message.text, html: escaped(message.text), reply_to: message.reply_to, pending: true };
    this.pending.push(standIn);
    this.arrange();
    this.showStart();
    this.log.toEnd(true);
    const said = await this.attempt(() => sim.say(this.person.id, message));
    if (!said) Object.assign(standIn, { failed: true, drawn: null });
    else standIn.sent = said.message_id;
    await this.caughtUp(standIn);
  }

  /** caughtUp fetches the chat where the stream has not told of a message that was certainly said. */
  async caughtUp(standIn) {
    if (this.messages.has(standIn.sent)) this.pending = this.pending.filter((one) => one !== standIn);
    this.arrange();
    if (!standIn.sent || this.messages.has(standIn.sent)) return;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (!this.pending.includes(standIn)) return;
    this.pending = this.pending.filter((one) => one !== standIn);
    await this.load();
  }

  attach(file, caption, asPhoto) {
    this.log.toEnd(true);
    return this.attempt(() => (asPhoto ? sim.sendPhoto : sim.sendFile)(this.person.id, file, caption));
  }

  async press(button) {
    if (!button.request_contact) return this.say({ text: button.text });
    const body = t("shareBody", { phone: this.person.phone || "", name: fullName(this.person) });
    const agreed = await ask(this.node, { title: t("shareTitle"), body, yes: t("share"), no: t("cancel") });
    if (agreed) await this.attempt(() => sim.contact(this.person.id));
    else this.composer.showKeyboard(true);
  }

  speak(lang) {
    return this.attempt(() => sim.speak(this.person.id, lang).then(() => { this.person.language_code = lang; return this.load(); }));
  }

  clicked(event) {
    const target = event.target;
    const article = target.closest(".msg");
    if (target.closest(".spoiler")) target.closest(".spoiler").classList.add("shown");
    if (target.closest(".expandable")) target.closest(".expandable").classList.toggle("shown");
    if (target.closest(".ib")) this.tap(target.closest(".ib"), article);
    else if (target.closest(".command")) this.say({ text: target.closest(".command").textContent });
    else if (target.closest(".quote")) this.show(target.closest(".quote").dataset.goto);
    else if (target.closest(".photo")) this.enlarge(this.messages.get(Number(article.dataset.id)));
    else if (target.closest(".answer")) this.replyTo(article);
    else if (target.closest(".text a")) this.goAlong(event, target.closest("a").href);
  }

  /** tap presses an inline button and shows the answer as Telegram does: a pill, or a small modal. */
  async tap(button, article) {
    if (button.dataset.url !== undefined) return this.visit(button.dataset.url);
    if (button.getAttribute("aria-busy") === "true") return;
    const label = button.querySelector(".label").textContent;
    button.setAttribute("aria-busy", "true");
    const answer = await this.attempt(() => sim.tap(this.person.id, label, Number(article.dataset.id)));
    button.removeAttribute("aria-busy");
    if (!answer) return;
    this.showAnswer(answer.text, answer.show_alert);
    if (answer.url) this.visit(answer.url);
  }

  /** showAnswer shows one answer once: the stream and the call itself both tell of it. */
  showAnswer(text, alert) {
    const at = Date.now();
    if (!text || (this.answered?.text === text && at - this.answered.at < 1500)) return;
    this.answered = { text, at };
    if (alert) ask(this.node, { body: text, yes: t("understood") });
    else toast(this.node, text);
  }

  goAlong(event, href) {
    if (!deepLink(href, this.stand.bot.username)) return;
    event.preventDefault();
    this.open(href);
  }

  visit(href) {
    if (deepLink(href, this.stand.bot.username)) return this.open(href);
    if (/^https?:/i.test(href)) window.open(href, "_blank", "noopener,noreferrer");
    return undefined;
  }

  open(link) {
    this.log.toEnd(false);
    return this.attempt(() => sim.open(this.person.id, link));
  }

  show(id) {
    const article = this.log.article(id);
    article?.scrollIntoView({ block: "center", behavior: calm() ? "instant" : "smooth" });
    this.log.flash(id);
  }

  replyTo(article) {
    const message = this.messages.get(Number(article?.dataset.id));
    if (message && message.from !== "service") this.composer.answer(message);
  }

  enlarge(message) {
    const links = [...message.drawn.querySelectorAll("a[href]")].map((link) => link.href);
    const link = links.find((href) => deepLink(href, this.stand.bot.username));
    lightbox({ photo: message.photo, caption: message.caption || message.text, link, scanners: this.stand.others(this), scan: (person, address) => this.stand.scan(person, address) });
  }
}

const escaped = (text) => el("i", {}, text).innerHTML;

/** same keeps the drawn element of a message whose content did not change. */
function same(known, message) {
  if (!known?.drawn) return message;
  const { drawn, ...content } = known;
  return JSON.stringify(content) === JSON.stringify(message) ? known : message;
}
