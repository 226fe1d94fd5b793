// The side sheet with the hints of the cast: what to try, on whose phone.
import { el, icon } from "./dom.js";
import { fullName, initials } from "./moment.js";
import { local, t } from "./words.js";

/** drawSteps fills the sheet. `go` leads to a phone; with a text it also puts the text into the composer there. */
export function drawSteps(sheet, cast, people, { go, close }) {
  const steps = cast.filter((member) => local(member.hint)).map((member, index) => drawStep(member, index, people.get(member.person), go));
  sheet.replaceChildren(
    el("header", {}, el("h2", {}, t("steps")), el("button", { class: "round", type: "button", "aria-label": t("close"), on: { click: close } }, icon("close"))),
    el("p", { class: "lead" }, t("stepsLead")),
    el("ol", {}, steps),
    el("p", { class: "note" }, t("stepsNote")));
}

function drawStep(member, index, person, go) {
  const name = person ? fullName(person) : `#${member.person}`;
  const lines = local(member.hint).split("\n").filter((line) => line.trim());
  return el("li", {},
    el("div", { class: "whose" }, el("span", { class: `face tint-${index % 6}` }, initials(name)),
      el("span", { class: "about" }, el("small", { class: "role" }, local(member.label)), el("b", {}, name))),
    lines.map((line) => el("p", {}, withCommands(line, (text) => go(member.person, text)))),
    el("button", { class: "pill", type: "button", on: { click: () => go(member.person) } }, t("goTo")));
}

/** withCommands turns the /commands of a hint into buttons that type them. */
function withCommands(line, type) {
  return line.split(/((?<![\w/])\/[a-z][a-z0-9_]*)/).map((piece) =>
    (/^\/[a-z]/.test(piece) ? el("button", { class: "command", type: "button", on: { click: () => type(piece) } }, piece) : piece));
}
