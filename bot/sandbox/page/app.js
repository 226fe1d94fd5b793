// The chat page: the stage with its phones, the tabs of a small screen, the top bar. Everything comes from sim.js.
import { el, icon, narrowScreen, remember, remembered } from "./dom.js";
import { clock, fullName, initials, setNow, setSpeech, setZone } from "./moment.js";
import { pickPerson } from "./picker.js";
import { Phone } from "./phone.js";
import { drawSteps } from "./steps.js";
import { applyWords, local, pageLanguage, setPageLanguage, t } from "./words.js";
import * as sim from "./sim.js";

const at = (id) => document.getElementById(id);

/** stand is what a phone may ask of the page. */
const stand = {
  bot: { first_name: "Bot", username: "" },
  visible: (phone) => !narrowScreen.matches || phones[front] === phone,
  others: (phone) => phones.filter((one) => one !== phone && one.person).map((one) => one.person),
  change: (phone) => changePerson(phone),
  counted: () => drawTabs(),
  scan: (person, link) => scan(person, link),
};

let stage = { title: "", cast: [] };
let people = new Map();
let phones = [];
let front = 0;
const stream = new sim.Stream({ onChat: hear, onState: connected });

async function begin() {
  speak(remembered("language", "vi"));
  drawTheme();
  listen();
  await arrive();
  setInterval(tick, 1000);
  setInterval(resync, 30000);
}

/** arrive loads the stage and fills the phones; it keeps trying, since the page may be opened before the service. */
async function arrive() {
  try {
    stage = await sim.stage();
    people = new Map((await sim.people()).map((person) => [person.id, person]));
  } catch {
    at("link-state").hidden = false;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return arrive();
  }
  at("link-state").hidden = true;
  stand.bot = stage.bot;
  setZone(stage.timezone);
  setNow(stage.now);
  await seatEverybody();
  drawPage();
}

async function seatEverybody() {
  const cast = stage.cast.map((member) => member.person);
  const kept = remembered(`seats.${stage.bot.id}`, []);
  const seats = cast.map((id, place) => (people.has(kept[place]) ? kept[place] : id)).filter((id) => people.has(id));
  const seated = seats.length ? seats : [...people.keys()].slice(0, 4);
  phones = seated.map((_, place) => new Phone(place, stand));
  at("phones").replaceChildren(...phones.map((phone) => phone.node));
  at("phones").style.setProperty("--count", phones.length);
  bringForward(Math.min(remembered("front", 0), Math.max(0, phones.length - 1)));
  stream.follow(seated);
  await Promise.all(phones.map((phone, place) => phone.seat(people.get(seated[place]), roleOf(seated[place]), place === 0)));
  phones.forEach((phone) => { if (!stand.visible(phone)) phone.unread = people.get(phone.person.id)?.unread ?? 0; });
}

const roleOf = (id) => stage.cast.find((member) => member.person === id)?.label;

async function changePerson(phone) {
  const seated = phones.map((one) => one.person.id);
  const chosen = await pickPerson(phone.person.id, seated);
  if (!chosen || chosen.id === phone.person.id) return;
  const other = phones.find((one) => one.person.id === chosen.id);
  if (other) await place(other, phone.person);
  await place(phone, chosen);
}

async function place(phone, person) {
  people.set(person.id, person);
  const seated = phones.map((one) => (one === phone ? person.id : one.person.id));
  remember(`seats.${stage.bot.id}`, seated);
  const settled = phone.seat(person, roleOf(person.id), person.id === stage.cast[0]?.person);
  stream.follow(phones.map((one) => one.person.id));
  await settled;
  drawTabs();
}

function scan(person, link) {
  const phone = phones.find((one) => one.person.id === person.id);
  goTo(person.id);
  phone?.open(link);
}

function hear(event) {
  phones.filter((phone) => phone.person?.id === event.person).forEach((phone) => phone.hear(event));
}

let lost = true; // until the stream stands: what was said before it is fetched

/** connected shows the state of the stream; after a gap the chats are fetched anew, since events were missed. */
function connected(yes) {
  clearTimeout(connected.timer);
  if (!yes) {
    lost = true;
    connected.timer = setTimeout(() => { at("link-state").hidden = false; }, 700);
    return;
  }
  at("link-state").hidden = true;
  if (lost) phones.forEach((phone) => phone.person && phone.load());
  lost = false;
}

async function resync() {
  try { setNow((await sim.stage()).now); } catch { /* the stream says when the server is away */ }
}

// The small screen: one phone in front, the others behind tabs.

function bringForward(index) {
  front = index;
  remember("front", index);
  phones.forEach((phone, place) => phone.node.classList.toggle("front", place === index));
  const phone = phones[index];
  if (phone?.person) {
    phone.log.toEnd(false);
    phone.markRead();
  }
  drawTabs();
}

function drawTabs() {
  if (!phones.every((phone) => phone.person)) return;
  const focused = at("tabs").contains(document.activeElement);
  at("tabs").replaceChildren(...phones.map((phone, index) => drawTab(phone, index)));
  if (focused) at("tabs").children[front]?.focus();
}

function drawTab(phone, index) {
  const name = fullName(phone.person);
  const role = local(roleOf(phone.person.id)) || name;
  const label = phone.unread ? `${role}, ${name}, ${t("unread", { n: phone.unread })}` : `${role}, ${name}`;
  return el("button", { class: "tab", role: "tab", type: "button", "aria-label": label, "aria-selected": String(index === front), tabindex: index === front ? "0" : "-1",
    on: { click: () => bringForward(index), keydown: moveTab } },
  el("span", { class: `face tint-${index % 6}` }, initials(name), phone.unread > 0 && el("span", { class: "badge" }, String(Math.min(99, phone.unread)))),
  el("span", { class: "role" }, role));
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) bringForward((front + step + phones.length) % phones.length);
}

/** goTo shows somebody's phone and, with a text, types it there. */
function goTo(person, text) {
  const index = phones.findIndex((phone) => phone.person.id === person);
  if (index < 0) return;
  if (narrowScreen.matches) showSteps(false);
  bringForward(index);
  const { node, composer } = phones[index];
  node.scrollIntoView({ inline: "center", block: "nearest" });
  node.classList.add("called");
  setTimeout(() => node.classList.remove("called"), 1600);
  if (text) composer.write(text);
}

// The top bar.

function speak(lang) {
  setPageLanguage(lang);
  setSpeech(pageLanguage());
  document.documentElement.lang = pageLanguage();
  applyWords();
}

function drawPage() {
  at("title").textContent = document.title = local(stage.title);
  const language = at("language");
  language.textContent = pageLanguage() === "vi" ? "VI" : "EN";
  drawTheme();
  drawSteps(at("steps"), stage.cast, people, { go: goTo, close: () => showSteps(false) });
  at("steps-open").hidden = !stage.cast.some((member) => local(member.hint));
  at("links").replaceChildren(...(stage.links || []).map((link) =>
    el("a", { class: "tool wide", href: link.url + "?lang=" + pageLanguage(), target: "_blank", rel: "noreferrer", title: local(link.label) }, icon("link"), el("span", {}, local(link.label)))));
  drawTabs();
  tick();
}

function tick() {
  const shown = clock();
  at("clock").replaceChildren(el("span", { class: "long" }, `${shown.day} `), el("b", {}, shown.short, el("span", { class: "long" }, shown.seconds)));
  phones.forEach((phone) => phone.tick());
}

const system = matchMedia("(prefers-color-scheme: dark)");

function drawTheme() {
  let theme = null;
  try { theme = localStorage.getItem("theme"); } catch { /* the theme then follows the system */ }
  const dark = theme ? theme === "dark" : system.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.querySelector("meta[name=theme-color]").content = dark ? "#171513" : "#f3efe9";
  const label = t(dark ? "themeLight" : "themeDark");
  at("theme").replaceChildren(icon(dark ? "sun" : "moon"));
  at("theme").title = label;
  at("theme").setAttribute("aria-label", label);
}

/** turnTheme goes to the other theme; where that is the system's own, the page follows the system again. */
function turnTheme() {
  const dark = document.documentElement.dataset.theme !== "dark";
  try {
    if (dark === system.matches) localStorage.removeItem("theme");
    else localStorage.setItem("theme", dark ? "dark" : "light");
  } catch { /* the theme then follows the system */ }
  drawTheme();
}

function showSteps(shown) {
  at("steps").hidden = !shown;
  document.body.classList.toggle("with-steps", shown);
  at("steps-open").setAttribute("aria-expanded", String(shown));
  if (shown) at("steps").querySelector("button").focus();
  else if (document.activeElement === document.body) at("steps-open").focus();
}

function listen() {
  at("theme").addEventListener("click", turnTheme);
  at("language").addEventListener("click", () => {
    speak(pageLanguage() === "vi" ? "en" : "vi");
    remember("language", pageLanguage());
    drawPage();
    phones.forEach((phone) => phone.redraw());
  });
  at("steps-open").addEventListener("click", () => showSteps(at("steps").hidden));
  at("steps").addEventListener("keydown", (event) => { if (event.key === "Escape") showSteps(false); });
  system.addEventListener("change", drawTheme);
  narrowScreen.addEventListener("change", () => bringForward(front));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) phones.forEach((phone) => phone.person && phone.markRead()); });
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { lost = true; stream.connect(); } });
}

begin();
