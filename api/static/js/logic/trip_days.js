/** The days of a trip or of a rep's week: which there are, their hours, places and limits. */

import { addDays, isDate, mondayOf } from "./calendar.js";

/** @typedef {import("../types.js").TripForm} TripForm */

export const MAX_DAYS = 14;
export const WORKDAYS = 5;

/** Numbers of one day that may be left empty, with their limits. */
export const DAY_NUMBERS = {
  maxVisits: { least: 0, most: 1000, label: "Most visits", whole: true },
  maxDriveH: { least: 0, most: 24, label: "Most driving" },
  maxKm: { least: 0, most: 5000, label: "Most kilometres" },
};

/** Whether the service makes the days out of what it knows of the rep. */
export const isRepsWeek = (form) => form.mode === "week" && !form.ownDays;

/** A week begins on its Monday, whichever of its days was chosen. */
export function firstDayOf(form) {
  return form.mode === "week" && isDate(form.firstDay) ? mondayOf(form.firstDay) : form.firstDay;
}

export function dayCountOf(form) {
  return form.mode === "week" ? WORKDAYS : form.dayCount;
}

export const dateOf = (form, day) => addDays(firstDayOf(form), day);

export const hoursOf = (form, day) => form.ownHours[day] ?? form.hours;

export const isOff = (form, day) => form.dayPlans[day]?.isOff ?? false;

/** Indices of the days that are worked, as the request lists them. @returns {number[]} */
export function workedDays(form) {
  const days = Array.from({ length: dayCountOf(form) }, (_, day) => day);
  return days.filter((day) => !isOff(form, day));
}

/** Index of a date among the days of the form, or -1. */
export function dayOfDate(form, date) {
  for (let day = 0; day < dayCountOf(form); day += 1) {
    if (dateOf(form, day) === date) return day;
  }
  return -1;
}

/** What a day has of its own, changed; what is empty again is dropped. @returns {TripForm} */
export function withDayPlan(form, day, patch) {
  const plan = Object.fromEntries(
    Object.entries({ ...form.dayPlans[day], ...patch }).filter(([, value]) => !isEmpty(value)),
  );
  const { [day]: _, ...others } = form.dayPlans;
  return { ...form, dayPlans: Object.keys(plan).length ? { ...others, [day]: plan } : others };
}

const isEmpty = (value) =>
  value === null || value === undefined || value === false || value.text === "";

/** @returns {TripForm} */
export function withHours(form, day, patch) {
  const hours = { ...hoursOf(form, day), ...patch };
  return { ...form, ownHours: { ...form.ownHours, [day]: hours } };
}
