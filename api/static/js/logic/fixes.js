/** The fix of a reason as a change of the form: one tap makes it and plans again. */

import { clock, localDate, shiftedTime, shortDay } from "./calendar.js";
import { duration, distance, plural } from "./format.js";
import { appointmentId, appointmentName } from "./appointments.js";
import { dayOfDate, hoursOf, isRepsWeek, withDayPlan, withHours } from "./trip_days.js";
import { withExcluded, withoutMust } from "./trip_form.js";

/** @typedef {import("../types.js").TripForm} TripForm */
/** @typedef {{label: string, form: TripForm}} FixAction */

/**
 * @param {import("../types.js").LeftOut} item
 * @param {TripForm} form
 * @param {object} route the plan that leaves the item out
 * @returns {FixAction[]} none where the form cannot be changed by the fix
 */
export function fixActions(item, form, route) {
  const { change } = item.reasons[0];
  const make = change && KINDS[change.kind];
  return make ? make(change, item, form, route).filter(Boolean) : [];
}

const minutesUp = (seconds) => Math.ceil(seconds / 60);
const hundredthsUp = (value) => Math.ceil(value * 100 - 1e-6) / 100;

/** Null where it would leave the day, which the form cannot say. */
function movedTime(time, minutes) {
  const moved = shiftedTime(time, minutes);
  return shiftedTime(moved, -minutes) === time ? moved : null;
}

const KINDS = {
  start_earlier: (change, item, form, route) =>
    onDay(change, form, route, (days, day) => {
      const start = movedTime(hoursOf(days, day).start, -minutesUp(change.amount_s));
      if (start === null) return null;
      const form = withHours(days, day, { start });
      return { label: `Start ${shortDay(change.day)} at ${start}`, form };
    }),
  end_later: (change, item, form, route) =>
    onDay(change, form, route, (days, day) => {
      const end = movedTime(hoursOf(days, day).end, minutesUp(change.amount_s));
      if (end === null) return null;
      const form = withHours(days, day, { end });
      return { label: `Work ${shortDay(change.day)} until ${end}`, form };
    }),
  raise_drive_limit: raised("maxDriveH", (change) => change.amount_s / 3600, "driving", (h) =>
    duration(h * 3600),
  ),
  raise_distance_limit: raised("maxKm", (change) => change.amount_m / 1000, "", (km) =>
    distance(km * 1000),
  ),
  raise_max_visits: raised("maxVisits", (change) => change.amount_visits, "", (visits) =>
    plural(visits, "visit"),
  ),
  raise_travel_limit: (change, item, form) => {
    // Where the trip has no limit of its own, the one for a single account was in the way, and
    // that does not hold for musts.
    if (form.maxExtraMin === null) return [];
    const maxExtraMin = form.maxExtraMin + minutesUp(change.amount_s);
    const label = `Allow ${duration(maxExtraMin * 60)} of extra driving`;
    return [{ label, form: { ...form, maxExtraMin } }];
  },
  shorten_break: (change, item, form, route) =>
    withLunch(form, route, (days) => {
      const lunchMin = days.lunchMin - minutesUp(change.amount_s);
      if (lunchMin < 1) return null;
      return { label: `Shorten the break to ${lunchMin} min`, form: { ...days, lunchMin } };
    }),
  move_break: (change, item, form, route) =>
    withLunch(form, route, (days) => {
      const minutes = Math.sign(change.amount_s) * minutesUp(Math.abs(change.amount_s));
      const end = minutes < 0 ? "lunchEarliest" : "lunchLatest";
      const time = shiftedTime(days[end], minutes);
      const words = minutes < 0 ? `from ${time} on` : `as late as ${time}`;
      return { label: `Let the break start ${words}`, form: { ...days, [end]: time } };
    }),
  drop_clients: (change, item, form, route) => [dropped(change, form, route)],
};

/** The limit of one day, raised from what it was: its own, or that of all days. */
function raised(name, amount, of, words) {
  return (change, item, form, route) =>
    onDay(change, form, route, (days, day) => {
      const limit = days.dayPlans[day]?.[name] ?? days[name];
      if (limit === null) return null;
      const value = hundredthsUp(limit + amount(change));
      const label = [`Allow ${words(value)}`, of, `on ${shortDay(change.day)}`];
      return {
        label: label.filter(Boolean).join(" "),
        form: withDayPlan(days, day, { [name]: value }),
      };
    });
}

/** @param {(form: TripForm, day: number) => FixAction | null} make */
function onDay(change, form, route, make) {
  if (!change.day) return [];
  const days = isRepsWeek(form) ? ownWeek(form, route) : form;
  const day = dayOfDate(days, change.day);
  return day < 0 ? [] : [make(days, day)];
}

function withLunch(form, route, make) {
  const days = isRepsWeek(form) ? ownWeek(form, route) : form;
  return days.lunch ? [make(days)] : [];
}

/**
 * A week by the rep's hours, as one with hours of its own: those that the plan was made with. Days
 * without hours become days off; a break that was planned stays one.
 * @returns {TripForm}
 */
export function ownWeek(form, route) {
  const time = (instant) => clock(instant, route.timezone);
  let own = { ...form, ownDays: true, ownHours: {}, dayPlans: {} };
  const worked = new Map(route.days.map((day) => [day.date, day]));
  for (let day = 0; day < 5; day += 1) {
    const planned = [...worked].find(([date]) => dayOfDate(own, date) === day)?.[1];
    if (!planned) own = withDayPlan(own, day, { isOff: true });
    else {
      const start = time(planned.start);
      // A day that ends at midnight ends a minute before, since the form has no 24:00.
      const ends = localDate(planned.end, route.timezone) === planned.date;
      own = withHours(own, day, { start, end: ends ? time(planned.end) : "23:59" });
    }
  }
  const pause = route.days.flatMap((day) => day.stops).find(({ type }) => type === "break");
  if (!pause || form.lunch) return own;
  return { ...own, lunch: true, lunchMin: Math.max(Math.round(pause.service_duration_s / 60), 1) };
}

/** All that is in the way goes: appointments from the form, musts from the musts, others out. */
function dropped(change, form, route) {
  const stops = route.days.flatMap((day) => day.stops);
  const words = [];
  let next = form;
  for (const id of change.drop_ids ?? []) {
    const appointment = form.appointments.find((one) => appointmentId(one) === id);
    const must = form.musts.find(({ account_id }) => account_id === id);
    const stop = stops.find(({ account_id }) => account_id === id);
    if (appointment) {
      const appointments = next.appointments.filter((one) => one !== appointment);
      next = { ...next, appointments };
      words.push(`drop the appointment ${appointmentName(appointment)}`);
    } else if (must) {
      next = withoutMust(next, id);
      words.push(`no longer require ${must.name}`);
    } else if (stop) {
      next = withExcluded(next, { account_id: id, name: stop.name, town: stop.town });
      words.push(`drop ${stop.name}`);
    } else return null;
  }
  const label = words.join(", ");
  return label ? { label: label[0].toUpperCase() + label.slice(1), form: next } : null;
}
