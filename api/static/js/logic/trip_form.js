/** The form of a trip or of a rep's week: its defaults and its check. */

import { appointmentFault } from "./appointments.js";
import { addDays, clock, isDate, mondayOf, nextMonday, weekday } from "./calendar.js";
import { DAY_NUMBERS, MAX_DAYS, dayCountOf, hoursOf, isRepsWeek, workedDays } from "./trip_days.js";

/** @typedef {import("../types.js").TripForm} TripForm */
/** @typedef {import("../types.js").FieldError} FieldError */

/** Numbers of the form that may be left empty, with their limits. */
export const NUMBERS = {
  maxExtraMin: { least: 0, most: 20_160, label: "Most extra time" },
  maxDetourMin: { least: 0, most: 1440, label: "Most detour" },
  ...DAY_NUMBERS,
  setupMin: { least: 0, most: 1440, label: "Time before each visit" },
  maxNights: { least: 0, most: 14, label: "Most nights", whole: true },
  maxNightsInARow: { least: 0, most: 14, label: "Most nights in a row", whole: true },
  minDriveHomeH: { least: 0, most: 24, label: "The drive home" },
  perHour: { least: 0, most: 10_000, label: "Cost of an hour" },
  perKm: { least: 0, most: 1000, label: "Cost of a kilometre" },
  perNight: { least: 0, most: 100_000, label: "Cost of a night" },
  shortlist: { least: 1, most: 1000, label: "The shortlist", whole: true },
  seed: { least: 0, most: 2 ** 31 - 1, label: "The seed", whole: true },
};

/** @returns {TripForm} */
export function emptyForm(firstDay = "") {
  return {
    mode: "trip",
    from: { text: "", query: null },
    to: { text: "", query: null },
    repId: null,
    ownDays: false,
    firstDay,
    dayCount: 3,
    hours: { start: "08:00", end: "18:00" },
    ownHours: {},
    dayPlans: {},
    lunch: false,
    lunchMin: 45,
    lunchEarliest: "11:30",
    lunchLatest: "13:30",
    maxExtraMin: null,
    maxDetourMin: null,
    maxVisits: null,
    maxDriveH: null,
    maxKm: null,
    setupMin: null,
    nights: true,
    maxNights: null,
    maxNightsInARow: null,
    minDriveHomeH: null,
    preferred: [],
    perHour: null,
    perKm: null,
    perNight: null,
    objective: "net_value",
    shortlist: null,
    seed: null,
    musts: [],
    excluded: [],
    appointments: [],
  };
}

const LON_LAT = /^(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)$/;

/**
 * What the service is asked for: the chosen suggestion, or else the text as it stands: a
 * postcode, "lon,lat", or a name.
 * @returns {import("../types.js").PlaceQuery}
 */
export function placeQuery({ text, query }) {
  if (query) return query;
  const given = text.trim();
  const position = LON_LAT.exec(given);
  if (position) return { position: [Number(position[1]), Number(position[2])] };
  return /^\d{5}$/.test(given) ? { postcode: given } : { place: given };
}

/** The same as one word, for addresses. */
export function placeWord(choice) {
  const { place, postcode, position } = placeQuery(choice);
  return place ?? postcode ?? position.join(",");
}

/** What the service takes for numbers that are left empty. @param {Record<string, number>} [defaults] its own */
export function standardNumbers(defaults) {
  if (!defaults) return {};
  return {
    maxDetourMin: Math.round(defaults.max_detour_per_visit_s / 60),
    perHour: defaults.per_hour,
    perKm: defaults.per_km,
    perNight: defaults.per_night,
    shortlist: defaults.shortlist,
  };
}

/** "Kassel to München, Mon–Wed". */
export function exampleTrip({ example, as_of }) {
  const first = nextMonday(as_of);
  const last = addDays(first, example.days - 1);
  const days = example.days > 1 ? `${weekday(first)}–${weekday(last)}` : weekday(first);
  return `${example.start} to ${example.end}, ${days}`;
}

/** @returns {FieldError[]} */
export function checkForm(form) {
  const errors = [];
  const wrong = (field, detail) => errors.push({ field, detail });
  checkFrame(form, wrong);
  if (!isRepsWeek(form)) checkDays(form, wrong);
  checkNumbers(form, NUMBERS, "", wrong);
  for (const one of form.appointments) {
    const fault = appointmentFault(one, form);
    if (fault) wrong(`appointment${one.key}`, fault);
  }
  return errors;
}

function checkFrame(form, wrong) {
  if (form.mode === "week") {
    if (!form.repId) wrong("rep", "Choose the rep whose week it is.");
    if (!isDate(form.firstDay)) wrong("firstDay", "Choose a day of the week to plan.");
    return;
  }
  if (!form.from.text.trim()) wrong("from", "Say where the trip starts: a city or a postcode.");
  if (!form.to.text.trim()) wrong("to", "Say where the trip ends: a city or a postcode.");
  if (!isDate(form.firstDay)) wrong("firstDay", "Choose the first day of the trip.");
}

function checkDays(form, wrong) {
  const count = dayCountOf(form);
  if (!Number.isInteger(count) || count < 1 || count > MAX_DAYS) {
    wrong("dayCount", `A trip has 1 to ${MAX_DAYS} days.`);
    return;
  }
  if (!isShift(form.hours)) {
    wrong("hours", "The day must end after it starts.");
    return;
  }
  const days = workedDays(form);
  if (!days.length) wrong("day0", "At least one day must be worked.");
  for (const day of days) {
    if (!isShift(hoursOf(form, day))) wrong(`day${day}`, "The day must end after it starts.");
    checkNumbers(form.dayPlans[day] ?? {}, DAY_NUMBERS, `day${day}`, wrong);
  }
  if (!form.lunch) return;
  if (!(form.lunchMin >= 1 && form.lunchMin <= 240)) {
    wrong("lunch", "A break takes 1 to 240 minutes.");
  } else if (form.lunchEarliest > form.lunchLatest) {
    wrong("lunch", "The latest start of the break must not lie before the earliest.");
  }
}

/** Numbers of a day are told at its row, others at their own field. */
function checkNumbers(values, numbers, row, wrong) {
  for (const [name, { least, most, label, whole }] of Object.entries(numbers)) {
    const value = values[name] ?? null;
    if (value === null) continue;
    if (!(value >= least && value <= most)) {
      const limits = `${least} and ${most.toLocaleString("en-GB")}`;
      wrong(row || name, `${label} must lie between ${limits}.`);
    } else if (whole && !Number.isInteger(value)) {
      wrong(row || name, `${label} must be a whole number.`);
    }
  }
}

const isShift = ({ start, end }) => /^\d\d:\d\d$/.test(start) && start < end;

/** @returns {TripForm} with the account required, once; it is not left out any more */
export function withMust(form, must) {
  if (isListed(form.musts, must)) return form;
  const excluded = without(form.excluded, must.account_id);
  return { ...form, musts: [...form.musts, must], excluded };
}

/** @returns {TripForm} */
export function withoutMust(form, accountId) {
  return { ...form, musts: without(form.musts, accountId) };
}

/** @returns {TripForm} in which the account is left out */
export function withExcluded(form, account) {
  if (isListed(form.excluded, account)) return form;
  return { ...withoutMust(form, account.account_id), excluded: [...form.excluded, account] };
}

/** @returns {TripForm} */
export function withoutExcluded(form, accountId) {
  return { ...form, excluded: without(form.excluded, accountId) };
}

const isListed = (accounts, { account_id }) =>
  accounts.some((one) => one.account_id === account_id);

const without = (accounts, id) => accounts.filter(({ account_id }) => account_id !== id);

/** A form for a stored route whose address says no more than its id. @returns {TripForm} */
export function formOfRoute(route, form) {
  const [first] = route.days;
  let dayCount = 1;
  while (addDays(first.date, dayCount - 1) < route.days.at(-1).date) dayCount += 1;
  const time = (instant) => clock(instant, route.timezone);
  const monday = mondayOf(first.date);
  if (route.rep_id && dayCount <= 5 && mondayOf(route.days.at(-1).date) === monday) {
    return { ...form, mode: "week", repId: route.rep_id, firstDay: monday };
  }
  return {
    ...form,
    from: { text: route.start.name ?? "", query: null },
    to: { text: route.end.name ?? "", query: null },
    firstDay: first.date,
    dayCount,
    hours: { start: time(first.start), end: time(first.end) },
  };
}
