// The dialog that puts any person into a phone: a search box over everybody, and a form for somebody new.
import { el, icon, moveFocus } from "./dom.js";
import { fold, fullName, grouped, initials, phoneNumber, time } from "./moment.js";
import { applyWords, t } from "./words.js";
import * as sim from "./sim.js";

const shownAtOnce = 60;

/** pickPerson resolves to the chosen person, or null when the dialog was closed. */
export function pickPerson(current, seated) {
  return new Promise((resolve) => {
    let chosen = null;
    let everybody = [];
    const search = el("input", { type: "search", "data-t-placeholder": "find", "data-t-label": "find", autocomplete: "off", spellcheck: "false" });
    const list = el("div", { class: "list", role: "group", "data-t-label": "people" });
    const count = el("p", { class: "count", role: "status" }, t("loading"));
    const choose = (person) => { chosen = person; dialog.close(); };
    const fill = () => fillList(list, count, everybody, search.value, { current, seated, choose });
    const dialog = el("dialog", { class: "picker", "data-t-label": "pick", on: {
      close: () => { dialog.remove(); resolve(chosen); },
      click: (event) => { if (event.target === dialog) dialog.close(); },
      keydown: (event) => { if (event.target !== search || event.key === "ArrowDown") moveFocus(event, list); },
    } },
    el("header", {}, el("h2", { "data-t": "pick" }), el("button", { class: "round", type: "button", "data-t-label": "close", on: { click: () => dialog.close() } }, icon("close"))),
    el("label", { class: "search" }, icon("search"), search), count, list, newcomer(choose));
    search.addEventListener("input", fill);
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the key would go on to press the button that gets the focus back
      list.querySelector("button")?.click();
    });
    applyWords(dialog);
    document.body.append(dialog);
    dialog.showModal();
    search.focus();
    sim.people().then((people) => { everybody = people.map(indexed); fill(); }, (error) => { count.textContent = t("failed", { reason: error.message }); });
  });
}

function indexed(person) {
  const name = fullName(person);
  return { ...person, key: fold(`${name} ${person.username ?? ""} ${person.phone ?? ""} ${(person.phone ?? "").replace(/^\+?84/, "0")} ${person.id}`) };
}

function fillList(list, count, everybody, query, { current, seated, choose }) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const found = everybody.filter((person) => words.every((word) => person.key.includes(word)));
  list.replaceChildren(...found.slice(0, shownAtOnce).map((person) => row(person, current, seated, choose)));
  const rest = found.length - shownAtOnce;
  count.textContent = !found.length ? t("none") : rest > 0 ? t("andMore", { n: grouped(rest) }) : t("shown", { n: found.length });
}

function row(person, current, seated, choose) {
  const name = fullName(person);
  const place = person.id === current ? t("here") : seated.includes(person.id) ? t("elsewhere") : "";
  const state = person.blocked ? t("isBlocked") : person.last ? person.last.text : t("noChat");
  return el("button", { type: "button", class: "someone", on: { click: () => choose(person) } },
    el("span", { class: `face tint-${person.id % 6}` }, initials(name)),
    el("span", { class: "about" }, el("b", {}, name), el("small", {}, [phoneNumber(person.phone), state].filter(Boolean).join(" · "))),
    el("span", { class: "side" }, el("small", {}, place || (person.last ? time(person.last.date) : "")), person.unread > 0 && el("span", { class: "badge" }, String(person.unread))));
}

function newcomer(choose) {
  const name = el("input", { required: true, maxlength: 64, autocomplete: "off" });
  const phone = el("input", { type: "tel", maxlength: 20, autocomplete: "off", placeholder: "+84 …" });
  const language = el("select", {}, el("option", { value: "vi" }, t("vietnamese")), el("option", { value: "en" }, t("english")));
  const add = async () => {
    if (!name.value.trim()) return name.focus();
    choose(await sim.addPerson({ first_name: name.value.trim(), last_name: "", username: "", phone: phone.value.trim(), language_code: language.value }));
  };
  const onEnter = (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); add(); } };
  return el("details", { class: "newcomer", on: { keydown: onEnter } }, el("summary", { "data-t": "addPerson" }),
    el("div", { class: "fields" },
      el("label", {}, el("span", { "data-t": "firstName" }), name),
      el("label", {}, el("span", { "data-t": "phone" }), phone),
      el("label", {}, el("span", { "data-t": "language" }), language),
      el("button", { class: "pill strong", type: "button", "data-t": "add", on: { click: add } })));
}
