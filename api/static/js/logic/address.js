/**
 * The form in the page's address, so that a trip can be bookmarked and shared. Accounts stand
 * there by number only: no customer's name belongs into an address.
 */

import { isDate } from "./calendar.js";
import { NUMBERS, emptyForm, placeWord } from "./trip_form.js";

/** @typedef {import("../types.js").TripForm} TripForm */

const NUMBER_KEYS = {
  extra: "maxExtraMin",
  detour: "maxDetourMin",
  hour: "perHour",
  km: "perKm",
  night: "perNight",
  shortlist: "shortlist",
  seed: "seed",
};

/** @param {TripForm} form @returns {string} with its "?", or empty */
export function toQuery(form) {
  const query = new URLSearchParams();
  if (form.from.text.trim()) query.set("from", placeWord(form.from));
  if (form.to.text.trim()) query.set("to", placeWord(form.to));
  if (form.firstDay) query.set("day", form.firstDay);
  query.set("days", String(form.dayCount));
  query.set("hours", `${form.hours.start}-${form.hours.end}`);
  for (const [day, { start, end }] of Object.entries(form.ownHours)) {
    if (Number(day) < form.dayCount) query.set(`hours${Number(day) + 1}`, `${start}-${end}`);
  }
  for (const [key, name] of Object.entries(NUMBER_KEYS)) {
    if (form[name] !== null) query.set(key, String(form[name]));
  }
  if (!form.nights) query.set("nights", "no");
  if (form.objective !== "net_value") query.set("objective", form.objective);
  if (form.musts.length) query.set("must", form.musts.map((must) => must.account_id).join("."));
  return `?${query}`.replaceAll("%3A", ":");
}

/**
 * @param {string} search location.search
 * @param {string} firstDay used when the address names none
 * @returns {TripForm} what cannot be read keeps its default
 */
export function fromQuery(search, firstDay = "") {
  const query = new URLSearchParams(search);
  const form = emptyForm(firstDay);
  for (const end of ["from", "to"]) form[end] = { text: query.get(end) ?? "", query: null };
  if (isDate(query.get("day") ?? "")) form.firstDay = query.get("day");
  const days = Number(query.get("days"));
  if (Number.isInteger(days) && days > 0) form.dayCount = days;
  form.hours = readHours(query.get("hours")) ?? form.hours;
  for (let day = 0; day < form.dayCount; day += 1) {
    const own = readHours(query.get(`hours${day + 1}`));
    if (own) form.ownHours[day] = own;
  }
  for (const [key, name] of Object.entries(NUMBER_KEYS)) {
    const text = query.get(key);
    if (text && Number.isFinite(Number(text)) && name in NUMBERS) form[name] = Number(text);
  }
  form.nights = query.get("nights") !== "no";
  if (query.get("objective") === "prize") form.objective = "prize";
  form.musts = (query.get("must") ?? "")
    .split(".")
    .filter((id) => /^[\w-]+$/.test(id))
    .map((account_id) => ({ account_id, name: `Account ${account_id}` }));
  return form;
}

function readHours(text) {
  const match = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text ?? "");
  return match ? { start: match[1], end: match[2] } : null;
}

/** Id of the stored route that the address opens, or null. */
export function routeInHash(hash) {
  return /^#route=([\w-]+)$/.exec(hash)?.[1] ?? null;
}
