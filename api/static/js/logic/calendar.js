/** Dates are ISO strings ("2026-11-23") without a time zone; instants are RFC 3339 with an offset. */

const DAY_MS = 86_400_000;
const utc = (date) => new Date(`${date}T00:00:00Z`);

export function addDays(date, days) {
  return new Date(utc(date).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first Monday after `date`. */
export function nextMonday(date) {
  const weekday = utc(date).getUTCDay(); // 0 Sunday .. 6 Saturday
  return addDays(date, (8 - weekday) % 7 || 7);
}

/** The Monday of the week in which `date` lies. */
export const mondayOf = (date) => addDays(nextMonday(date), -7);

/** The week of ISO 8601, "2026-W49": it belongs to the year of its Thursday. */
export function isoWeek(date) {
  const thursday = addDays(mondayOf(date), 3);
  const year = thursday.slice(0, 4);
  const days = (utc(thursday).getTime() - utc(`${year}-01-01`).getTime()) / DAY_MS;
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, "0")}`;
}

/** "HH:MM" some minutes later or, if negative, earlier; stays within the day. */
export function shiftedTime(time, minutes) {
  const [hour, minute] = time.split(":").map(Number);
  const total = Math.min(Math.max(hour * 60 + minute + minutes, 0), 24 * 60 - 1);
  const two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(total / 60))}:${two(total % 60)}`;
}

export function isDate(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(utc(text).getTime());
}

const format = (date, options) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(utc(date));

/** "Mon" */
export const weekday = (date) => format(date, { weekday: "short" });

/** "Monday, 23 November" */
export const longDay = (date) =>
  `${format(date, { weekday: "long" })}, ${format(date, { day: "numeric", month: "long" })}`;

/** "Mon 23 Nov" */
export const shortDay = (date) =>
  `${format(date, { weekday: "short" })} ${format(date, { day: "numeric", month: "short" })}`;

/** "23 Nov 2026" */
export const plainDate = (date) =>
  format(date, { day: "numeric", month: "short", year: "numeric" });

/** "Mon 23 – Wed 25 Nov" */
export function dayRange(first, count) {
  if (count <= 1) return shortDay(first);
  const last = addDays(first, count - 1);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  const begin = sameMonth
    ? `${format(first, { weekday: "short" })} ${format(first, { day: "numeric" })}`
    : shortDay(first);
  return `${begin} – ${shortDay(last)}`;
}

/** Minutes that `timeZone` is ahead of UTC at an instant. */
function offsetMinutes(instant, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant);
  const at = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
  return Math.round((local - instant.getTime()) / 60_000);
}

/**
 * Local date and "HH:MM" of a time zone as an RFC 3339 instant. An hour that the change to
 * summer time skips is read with the offset before it.
 */
export function instantOf(date, time, timeZone) {
  const wall = new Date(`${date}T${time}:00Z`);
  const guess = offsetMinutes(wall, timeZone);
  const offset = offsetMinutes(new Date(wall.getTime() - guess * 60_000), timeZone);
  const sign = offset < 0 ? "-" : "+";
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const two = (value) => String(value).padStart(2, "0");
  return `${date}T${time}:00${sign}${two(hours)}:${two(minutes)}`;
}

/** "HH:MM" of an instant on the clocks of a time zone. */
export function clock(instant, timeZone) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** ISO date of an instant in a time zone. */
export function localDate(instant, timeZone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date(instant));
}
