/** The form of a trip: its defaults, its check, and the request that it makes. */

import { addDays, clock, instantOf, isDate, nextMonday, weekday } from "./calendar.js";

/** @typedef {import("../types.js").TripForm} TripForm */
/** @typedef {import("../types.js").FieldError} FieldError */

export const MAX_DAYS = 14;

/** Numbers of the form that may be left empty, with their limits. */
export const NUMBERS = {
  maxExtraMin: { least: 0, most: 20_160, label: "Most extra time" },
  maxDetourMin: { least: 0, most: 1440, label: "Most detour" },
  perHour: { least: 0, most: 10_000, label: "Cost of an hour" },
  perKm: { least: 0, most: 1000, label: "Cost of a kilometre" },
  perNight: { least: 0, most: 100_000, label: "Cost of a night" },
  shortlist: { least: 1, most: 1000, label: "The shortlist", whole: true },
  seed: { least: 0, most: 2 ** 31 - 1, label: "The seed", whole: true },
};

/** @returns {TripForm} */
export function emptyForm(firstDay = "") {
  return {
    from: { text: "", query: null },
    to: { text: "", query: null },
    firstDay,
    dayCount: 3,
    hours: { start: "08:00", end: "18:00" },
    ownHours: {},
    maxExtraMin: null,
    maxDetourMin: null,
    nights: true,
    perHour: null,
    perKm: null,
    perNight: null,
    objective: "net_value",
    shortlist: null,
    seed: null,
    musts: [],
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

export function hoursOf(form, day) {
  return form.ownHours[day] ?? form.hours;
}

export function usesOptions(form) {
  const standard = emptyForm();
  return (
    form.nights !== standard.nights ||
    form.objective !== standard.objective ||
    Object.keys(NUMBERS).some((name) => form[name] !== null)
  );
}

/** @returns {FieldError[]} */
export function checkForm(form) {
  const errors = [];
  const wrong = (field, detail) => errors.push({ field, detail });
  if (!form.from.text.trim()) wrong("from", "Say where the trip starts: a city or a postcode.");
  if (!form.to.text.trim()) wrong("to", "Say where the trip ends: a city or a postcode.");
  if (!isDate(form.firstDay)) wrong("firstDay", "Choose the first day of the trip.");
  if (!Number.isInteger(form.dayCount) || form.dayCount < 1 || form.dayCount > MAX_DAYS) {
    wrong("dayCount", `A trip has 1 to ${MAX_DAYS} days.`);
  } else if (!isShift(form.hours)) {
    wrong("hours", "The day must end after it starts.");
  } else {
    for (let day = 0; day < form.dayCount; day += 1) {
      if (!isShift(hoursOf(form, day))) wrong(`day${day}`, "The day must end after it starts.");
    }
  }
  for (const [name, { least, most, label, whole }] of Object.entries(NUMBERS)) {
    const value = form[name];
    if (value === null) continue;
    if (!(value >= least && value <= most)) {
      wrong(name, `${label} must lie between ${least} and ${most.toLocaleString("en-GB")}.`);
    } else if (whole && !Number.isInteger(value)) wrong(name, `${label} must be a whole number.`);
  }
  return errors;
}

const isShift = ({ start, end }) => /^\d\d:\d\d$/.test(start) && start < end;

/** Body of POST /routes. Fields left empty are left out: the service has its own defaults. */
export function toRequest(form, timezone) {
  const request = {
    timezone,
    start: placeQuery(form.from),
    end: placeQuery(form.to),
    days: Array.from({ length: form.dayCount }, (_, day) => {
      const date = addDays(form.firstDay, day);
      const { start, end } = hoursOf(form, day);
      return { date, start: instantOf(date, start, timezone), end: instantOf(date, end, timezone) };
    }),
    overnight: given({ allowed: form.nights, cost_per_night: form.perNight }),
    candidate_filter: given({ shortlist: form.shortlist }),
    options: given({ objective: form.objective, seed: form.seed, geometry: "geojson" }),
  };
  const limits = given({
    max_detour_s: seconds(form.maxExtraMin),
    max_detour_per_visit_s: seconds(form.maxDetourMin),
  });
  if (Object.keys(limits).length) request.limits = limits;
  const costs = given({ per_hour: form.perHour, per_km: form.perKm });
  if (Object.keys(costs).length) request.costs = costs;
  if (form.musts.length) {
    request.visits = form.musts.map(({ account_id }) => ({ account_id, required: true }));
  }
  return request;
}

const seconds = (minutes) => (minutes === null ? null : Math.round(minutes * 60));

const given = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** @returns {TripForm} with the account required, once */
export function withMust(form, must) {
  if (form.musts.some(({ account_id }) => account_id === must.account_id)) return form;
  return { ...form, musts: [...form.musts, must] };
}

/** @returns {TripForm} */
export function withoutMust(form, accountId) {
  return { ...form, musts: form.musts.filter(({ account_id }) => account_id !== accountId) };
}

/** A form for a stored route whose address says no more than its id. @returns {TripForm} */
export function formOfRoute(route, form) {
  const [first] = route.days;
  let dayCount = 1;
  while (addDays(first.date, dayCount - 1) < route.days.at(-1).date) dayCount += 1;
  const time = (instant) => clock(instant, route.timezone);
  return {
    ...form,
    from: { text: route.start.name ?? "", query: null },
    to: { text: route.end.name ?? "", query: null },
    firstDay: first.date,
    dayCount,
    hours: { start: time(first.start), end: time(first.end) },
  };
}
