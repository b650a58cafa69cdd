/** What each group of the form is set to, in a few words: a folded group still says it. */

import { dayRange, isDate } from "./calendar.js";
import { plural } from "./format.js";
import { MAX_DAYS, dayCountOf, firstDayOf, workedDays } from "./trip_days.js";
import { appointmentName } from "./appointments.js";

export function daysSummary(form) {
  const count = Math.min(Math.max(dayCountOf(form) || 0, 0), MAX_DAYS);
  if (!isDate(form.firstDay) || !count) return "as all others";
  const own = new Set([...Object.keys(form.ownHours), ...Object.keys(form.dayPlans)].map(Number));
  const changed = [...own].filter((day) => day < count).length;
  const off = count - workedDays(form).length;
  return [
    dayRange(firstDayOf(form), count),
    off ? `${off} off` : "",
    changed - off > 0 ? `${changed - off} changed` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

export function lunchSummary(form) {
  if (!form.lunch) return "none";
  return `${form.lunchMin} min, starts ${form.lunchEarliest}–${form.lunchLatest}`;
}

export function appointmentsSummary({ appointments }) {
  if (!appointments.length) return "none";
  return appointments.length === 1
    ? appointmentName(appointments[0])
    : plural(appointments.length, "appointment");
}

export function nightsSummary(form) {
  if (!form.nights) return "none";
  const parts = [
    form.maxNights === null ? "" : `at most ${form.maxNights}`,
    form.maxNightsInARow === null ? "" : `${form.maxNightsInARow} in a row`,
    form.minDriveHomeH === null ? "" : `if home is over ${form.minDriveHomeH} h away`,
    form.preferred.length ? plural(form.preferred.length, "preferred place") : "",
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "where they pay";
}

export function limitsSummary(form) {
  const parts = [
    form.maxExtraMin === null ? "" : `${form.maxExtraMin} min extra`,
    form.maxDetourMin === null ? "" : `${form.maxDetourMin} min detour`,
    form.maxVisits === null ? "" : `${plural(form.maxVisits, "visit")} a day`,
    form.maxDriveH === null ? "" : `${form.maxDriveH} h driving a day`,
    form.maxKm === null ? "" : `${form.maxKm} km a day`,
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "as usual";
}

export function costsSummary(form) {
  const isUsual =
    form.objective === "net_value" &&
    ["perHour", "perKm", "shortlist", "seed", "setupMin"].every((name) => form[name] === null);
  return isUsual ? "as usual" : "changed";
}
