/** Body of POST /routes. What was left as it is, is left out: the service has its own defaults. */

import { appointmentRequest } from "./appointments.js";
import { instantOf, isoWeek } from "./calendar.js";
import { dateOf, firstDayOf, hoursOf, isRepsWeek, workedDays } from "./trip_days.js";
import { placeQuery } from "./trip_form.js";

/** @typedef {import("../types.js").TripForm} TripForm */

/** @param {TripForm} form */
export function toRequest(form, timezone) {
  const { musts, appointments } = form;
  const request = filled({
    timezone,
    ...frame(form, timezone),
    overnight: overnight(form),
    candidate_filter: candidateFilter(form),
    limits: given({
      max_detour_s: seconds(form.maxExtraMin),
      max_detour_per_visit_s: seconds(form.maxDetourMin),
      max_visits_per_day: form.maxVisits,
      max_drive_s_per_day: hours(form.maxDriveH),
      max_distance_m_per_day: metres(form.maxKm),
    }),
    costs: given({ per_hour: form.perHour, per_km: form.perKm }),
    options: {
      ...given({
        objective: form.objective === "net_value" ? null : form.objective,
        seed: form.seed,
        setup_duration_s: seconds(form.setupMin),
      }),
      geometry: "geojson",
    },
    visits: musts.map(({ account_id }) => ({ account_id, required: true })),
    appointments: appointments.map((one) => appointmentRequest(one, timezone, placeQuery)),
  });
  // Beside visits that are asked for, others are considered only if a filter is there.
  return musts.length ? { candidate_filter: {}, ...request } : request;
}

/** Who travels from where to where, and when. */
function frame(form, timezone) {
  if (form.mode === "trip") {
    const ends = { start: placeQuery(form.from), end: placeQuery(form.to) };
    return { ...ends, days: days(form, timezone) };
  }
  const rep_id = form.repId;
  if (isRepsWeek(form)) return { rep_id, week: isoWeek(firstDayOf(form)) };
  const home = { place: "home" };
  return { rep_id, start: home, end: home, days: days(form, timezone) };
}

function days(form, timezone) {
  return workedDays(form).map((day) => {
    const date = dateOf(form, day);
    const { start, end } = hoursOf(form, day);
    const own = form.dayPlans[day] ?? {};
    return filled({
      date,
      start: instantOf(date, start, timezone),
      end: instantOf(date, end, timezone),
      start_place: own.start ? placeQuery(own.start) : {},
      end_place: own.end ? placeQuery(own.end) : {},
      breaks: breaks(form, { start, end }),
      limits: given({
        max_visits: own.maxVisits,
        max_drive_s: hours(own.maxDriveH),
        max_distance_m: metres(own.maxKm),
      }),
    });
  });
}

/** A day that is over before the break, or begins after it, has it at home. */
function breaks(form, { start, end }) {
  if (!form.lunch || end <= form.lunchEarliest || start >= form.lunchLatest) return [];
  return [
    {
      break_id: "lunch",
      duration_s: seconds(form.lunchMin),
      earliest_start: form.lunchEarliest,
      latest_start: form.lunchLatest,
    },
  ];
}

function overnight(form) {
  if (!form.nights) return { allowed: false };
  return filled(
    given({
      cost_per_night: form.perNight,
      max_nights: form.maxNights,
      max_nights_in_a_row: form.maxNightsInARow,
      min_drive_home_s: hours(form.minDriveHomeH),
      preferred_places: form.preferred.map(placeQuery),
    }),
  );
}

function candidateFilter(form) {
  return filled(
    given({
      shortlist: form.shortlist,
      exclude_account_ids: form.excluded.map(({ account_id }) => account_id),
    }),
  );
}

const scaled = (factor) => (value) =>
  value === null || value === undefined ? null : Math.round(value * factor);
const seconds = scaled(60);
const hours = scaled(3600);
const metres = scaled(1000);

const given = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined));

/** Without lists and objects that have nothing in them. */
const filled = (values) =>
  Object.fromEntries(
    Object.entries(values).filter(([, v]) => typeof v !== "object" || Object.keys(v).length),
  );
