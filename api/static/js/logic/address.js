/**
 * The form in the page's address, so that a trip can be bookmarked and shared. Accounts stand
 * there by number only: no customer's name belongs into an address.
 */

import { FLEXIBILITIES } from "./appointments.js";
import { isDate } from "./calendar.js";
import { DAY_NUMBERS, MAX_DAYS, dayCountOf } from "./trip_days.js";
import { NUMBERS, emptyForm, placeWord } from "./trip_form.js";

/** @typedef {import("../types.js").TripForm} TripForm */

const NUMBER_KEYS = {
  extra: "maxExtraMin",
  detour: "maxDetourMin",
  visits: "maxVisits",
  drive: "maxDriveH",
  distance: "maxKm",
  setup: "setupMin",
  maxnights: "maxNights",
  inarow: "maxNightsInARow",
  home: "minDriveHomeH",
  hour: "perHour",
  km: "perKm",
  night: "perNight",
  shortlist: "shortlist",
  seed: "seed",
};

const DAY_KEYS = { visits: "maxVisits", drive: "maxDriveH", distance: "maxKm" };
const ID = /^[\w-]+$/;
const typed = (text) => ({ text, query: null });

/** @param {TripForm} form @returns {string} with its "?", or empty */
export function toQuery(form) {
  const query = new URLSearchParams();
  if (form.from.text.trim()) query.set("from", placeWord(form.from));
  if (form.to.text.trim()) query.set("to", placeWord(form.to));
  if (form.mode === "week") {
    query.set("plan", "week");
    if (form.repId) query.set("rep", form.repId);
    if (form.ownDays) query.set("own", "yes");
  }
  if (form.firstDay) query.set("day", form.firstDay);
  query.set("days", String(form.dayCount));
  query.set("hours", `${form.hours.start}-${form.hours.end}`);
  writeDays(form, query);
  if (form.lunch) {
    query.set("lunch", `${form.lunchMin},${form.lunchEarliest}-${form.lunchLatest}`);
  }
  for (const [key, name] of Object.entries(NUMBER_KEYS)) {
    if (form[name] !== null) query.set(key, String(form[name]));
  }
  if (!form.nights) query.set("nights", "no");
  for (const place of form.preferred) query.append("prefer", placeWord(place));
  if (form.objective !== "net_value") query.set("objective", form.objective);
  if (form.musts.length) query.set("must", idsOf(form.musts));
  if (form.excluded.length) query.set("without", idsOf(form.excluded));
  for (const one of form.appointments) query.append("at", appointmentWord(one));
  return `?${query}`.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7E", "~");
}

const idsOf = (accounts) => accounts.map(({ account_id }) => account_id).join(".");

function writeDays(form, query) {
  for (let day = 0; day < dayCountOf(form); day += 1) {
    const hours = form.ownHours[day];
    if (hours) query.set(`hours${day + 1}`, `${hours.start}-${hours.end}`);
    const own = form.dayPlans[day] ?? {};
    if (own.isOff) query.set(`off${day + 1}`, "yes");
    if (own.start) query.set(`start${day + 1}`, placeWord(own.start));
    if (own.end) query.set(`end${day + 1}`, placeWord(own.end));
    for (const [key, name] of Object.entries(DAY_KEYS)) {
      if (own[name] !== undefined) query.set(`${key}${day + 1}`, String(own[name]));
    }
  }
}

/** "17~fixed~2026-11-24~10:00~60"; a place, which is no account, begins with an "@". */
function appointmentWord({ account, place, flexibility, date, time, minutes }) {
  const who = account ? account.account_id : `@${place.text.trim() ? placeWord(place) : ""}`;
  return [who, flexibility, date, time, minutes].join("~");
}

/**
 * @param {string} search location.search
 * @param {string} firstDay used when the address names none
 * @returns {TripForm} what cannot be read keeps its default
 */
export function fromQuery(search, firstDay = "") {
  const query = new URLSearchParams(search);
  const form = emptyForm(firstDay);
  for (const end of ["from", "to"]) form[end] = typed(query.get(end) ?? "");
  if (query.get("plan") === "week") form.mode = "week";
  if (ID.test(query.get("rep") ?? "")) form.repId = query.get("rep");
  form.ownDays = query.get("own") === "yes";
  if (isDate(query.get("day") ?? "")) form.firstDay = query.get("day");
  const days = Number(query.get("days"));
  if (Number.isInteger(days) && days > 0) form.dayCount = days;
  form.hours = readHours(query.get("hours")) ?? form.hours;
  readDays(query, form);
  const lunch = /^(\d+),(.+)$/.exec(query.get("lunch") ?? "");
  const window = readHours(lunch?.[2]);
  if (window) {
    form.lunch = true;
    form.lunchMin = Number(lunch[1]);
    [form.lunchEarliest, form.lunchLatest] = [window.start, window.end];
  }
  for (const [key, name] of Object.entries(NUMBER_KEYS)) {
    const value = readNumber(query.get(key));
    if (value !== null && name in NUMBERS) form[name] = value;
  }
  form.nights = query.get("nights") !== "no";
  form.preferred = query.getAll("prefer").map(typed);
  if (query.get("objective") === "prize") form.objective = "prize";
  form.musts = readIds(query.get("must"));
  form.excluded = readIds(query.get("without"));
  form.appointments = query.getAll("at").map(readAppointment).filter(Boolean);
  return form;
}

const unnamed = (account_id) => ({ account_id, name: `Account ${account_id}` });

const readIds = (text) =>
  (text ?? "")
    .split(".")
    .filter((id) => ID.test(id))
    .map(unnamed);

function readNumber(text) {
  return text && Number.isFinite(Number(text)) ? Number(text) : null;
}

function readDays(query, form) {
  for (let day = 0; day < Math.min(dayCountOf(form), MAX_DAYS); day += 1) {
    const hours = readHours(query.get(`hours${day + 1}`));
    if (hours) form.ownHours[day] = hours;
    const own = {};
    if (query.get(`off${day + 1}`) === "yes") own.isOff = true;
    for (const end of ["start", "end"]) {
      const text = query.get(`${end}${day + 1}`);
      if (text) own[end] = typed(text);
    }
    for (const [key, name] of Object.entries(DAY_KEYS)) {
      const value = readNumber(query.get(`${key}${day + 1}`));
      if (value !== null && name in DAY_NUMBERS) own[name] = value;
    }
    if (Object.keys(own).length) form.dayPlans[day] = own;
  }
}

function readAppointment(text, index) {
  const [who, flexibility, date, time, minutes] = text.split("~");
  if (!(flexibility in FLEXIBILITIES) || readNumber(minutes) === null) return null;
  const isPlace = who.startsWith("@");
  if (!isPlace && !ID.test(who)) return null;
  return {
    key: index + 1,
    account: isPlace ? null : unnamed(who),
    place: typed(isPlace ? who.slice(1) : ""),
    flexibility,
    date,
    time,
    minutes: Number(minutes),
  };
}

function readHours(text) {
  const match = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text ?? "");
  return match ? { start: match[1], end: match[2] } : null;
}

const ROUTE = /^#route=([\w-]+)(?:&revision=(\d+))?$/;

/** Id of the stored route that the address opens, or null. */
export function routeInHash(hash) {
  return ROUTE.exec(hash)?.[1] ?? null;
}

/** Which revision of it, or null: the newest. */
export function revisionInHash(hash) {
  const revision = ROUTE.exec(hash)?.[2];
  return revision ? Number(revision) : null;
}

/** @param {number | null} [revision] null: always the newest */
export function hashOfRoute(id, revision = null) {
  return `#route=${id}${revision === null ? "" : `&revision=${revision}`}`;
}
