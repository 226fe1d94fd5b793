// The people's side of the sandbox: the only address this page talks to.

const base = "/sim/";

/** SimError carries a refusal in the server's own words. */
export class SimError extends Error {}

async function refused(response) {
  const body = await response.text();
  try {
    const parsed = JSON.parse(body);
    return parsed.error?.message ?? parsed.error ?? parsed.description ?? body;
  } catch {
    return body.trim() || `${response.status} ${response.statusText}`;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(base + path, options);
  } catch {
    throw new SimError("offline");
  }
  if (!response.ok) throw new SimError(await refused(response));
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

const post = (path, body) => call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function upload(path, person, file, caption) {
  const form = new FormData();
  form.append("person", person);
  form.append("caption", caption ?? "");
  form.append("file", file, file.name);
  return call(path, { method: "POST", body: form });
}

export const stage = () => call("stage");
export const people = () => call("people");
export const addPerson = (person) => post("people", person);
export const speak = (person, language_code) => post("people/language", { person, language_code });
export const chat = (person, limit) => call(`chat?person=${person}&limit=${limit}`);
export const say = (person, message) => post("say", { person, ...message });
export const open = (person, link) => post("open", { person, link });
export const tap = (person, label, message_id) => post("tap", { person, label, message_id });
export const contact = (person) => post("contact", { person });
export const sendFile = (person, file, caption) => upload("file", person, file, caption);
export const sendPhoto = (person, file, caption) => upload("photo", person, file, caption);
export const block = (person) => post("block", { person });
export const unblock = (person) => post("unblock", { person });
export const read = (person) => post("read", { person });

/**
 * Stream follows the chats of the given people and reconnects for as long as the page lives. The browser retries by
 * itself after a dropped connection but gives up on an HTTP error, so the second case is retried here.
 */
export class Stream {
  constructor({ onChat, onState }) {
    this.onChat = onChat;
    this.onState = onState;
    this.people = "";
    this.wait = 1000;
  }

  follow(people) {
    const wanted = [...new Set(people)].sort().map((id) => `person=${id}`).join("&");
    if (wanted === this.people && this.source) return;
    if (this.source) this.onState(false); // what is said until the new connection stands is missed
    this.people = wanted;
    this.connect();
  }

  connect() {
    this.source?.close();
    clearTimeout(this.timer);
    if (!this.people) return;
    const source = new EventSource(`${base}events?${this.people}`);
    this.source = source;
    source.addEventListener("open", () => { this.wait = 1000; this.onState(true); });
    source.addEventListener("chat", (event) => this.onChat(JSON.parse(event.data)));
    source.addEventListener("error", () => this.lost(source));
  }

  lost(source) {
    if (source !== this.source) return;
    this.onState(false);
    if (source.readyState !== EventSource.CLOSED) return;
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, 15000);
  }

  close() {
    this.source?.close();
  }
}
