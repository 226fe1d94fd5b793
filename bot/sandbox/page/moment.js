// Dates, sizes and names as people read them. Times are Unix seconds, shown in the time zone of the stage.

let zone = "Asia/Ho_Chi_Minh";
let language = "vi";
let ahead = 0; // seconds the service's clock is ahead of this browser's

export function setZone(name) { if (name) zone = name; }
export function setSpeech(lang) { language = lang; }
export function setNow(unix) { if (unix) ahead = unix - Date.now() / 1000; }

/** now is the service's time in Unix seconds. */
export const now = () => Date.now() / 1000 + ahead;

const formats = new Map();
function formatted(unix, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }));
  return Object.fromEntries(formats.get(key).formatToParts(unix * 1000).map((part) => [part.type, part.value]));
}

const parts = (unix) => formatted(unix, { weekday: "short", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** time prints hours and minutes: 08:05. */
export function time(unix) {
  const at = parts(unix);
  return `${at.hour}:${at.minute}`;
}

/** dayKey is equal for two moments of one day. */
export function dayKey(unix) {
  const at = parts(unix);
  return `${at.year}-${at.month}-${at.day}`;
}

const weekdays = {
  vi: { Mon: "Thứ Hai", Tue: "Thứ Ba", Wed: "Thứ Tư", Thu: "Thứ Năm", Fri: "Thứ Sáu", Sat: "Thứ Bảy", Sun: "Chủ Nhật" },
  en: { Mon: "Monday", Tue: "Tuesday", Wed: "Wednesday", Thu: "Thursday", Fri: "Friday", Sat: "Saturday", Sun: "Sunday" },
};
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** day prints a date separator: today, yesterday, or the weekday and date. */
export function day(unix) {
  const key = dayKey(unix);
  if (key === dayKey(now())) return language === "vi" ? "Hôm nay" : "Today";
  if (key === dayKey(now() - 86400)) return language === "vi" ? "Hôm qua" : "Yesterday";
  return fullDay(unix);
}

function fullDay(unix) {
  const at = parts(unix);
  const weekday = weekdays[language][at.weekday];
  if (language === "vi") return `${weekday}, ${at.day}/${at.month}/${at.year}`;
  return `${weekday}, ${Number(at.day)} ${months[Number(at.month) - 1]} ${at.year}`;
}

/** clock prints the service's time for the top bar. */
export function clock() {
  const at = parts(now());
  return { day: fullDay(now()), short: `${at.hour}:${at.minute}`, seconds: `:${at.second}` };
}

/** moment prints a full date and time for a tooltip. */
export const moment = (unix) => `${time(unix)} · ${fullDay(unix)}`;

/** size prints bytes as people read them, with the decimal mark of the language. */
export function size(bytes) {
  if (!(bytes >= 0)) return "";
  if (bytes < 1000) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  const digits = value < 10 ? value.toFixed(1) : value.toFixed(0);
  return `${language === "vi" ? digits.replace(".", ",") : digits} ${units[unit]}`;
}

/** fold takes the accents away, so that "an" finds "Ân" and "do" finds "Đỗ". */
export const fold = (text) => (text ?? "").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d");

/** fullName of a person as Telegram shows it: first name, then last name. */
export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ") || `#${person.id}`;

/** initials are the first letters of the first and last word. */
export function initials(name) {
  const words = name.split(/\s+/).map((word) => [...word].find((rune) => /[\p{L}\p{N}]/u.test(rune))).filter(Boolean);
  if (!words.length) return "•";
  return (words.length > 1 ? words[0] + words[words.length - 1] : words[0]).toLocaleUpperCase("vi");
}

/** phoneNumber groups the digits: +84 100 000 001. */
export function phoneNumber(text) {
  const digits = (text ?? "").replace(/[^\d]/g, "");
  if (digits.length < 8) return text ?? "";
  return `+${digits.slice(0, 2)} ${digits.slice(2).replace(/(\d{3})(?=\d)/g, "$1 ")}`;
}

/** grouped prints a number with the language's mark between thousands: 1.296 or 1,296. */
export const grouped = (number) => number.toLocaleString(language === "vi" ? "vi-VN" : "en-GB");
