/** From the service's refusals to the fields of the form. */

/** @typedef {import("../types.js").Problem} Problem */
/** @typedef {import("../types.js").FieldError} FieldError */

/** Beginnings of JSON pointers, most special first. */
const FIELDS = [
  ["/limits/max_detour_per_visit_s", "maxDetourMin"],
  ["/limits/max_visits_per_day", "maxVisits"],
  ["/limits/max_drive_s_per_day", "maxDriveH"],
  ["/limits/max_distance_m_per_day", "maxKm"],
  ["/limits", "maxExtraMin"],
  ["/overnight/cost_per_night", "perNight"],
  ["/overnight/max_nights_in_a_row", "maxNightsInARow"],
  ["/overnight/max_nights", "maxNights"],
  ["/overnight/min_drive_home_s", "minDriveHomeH"],
  ["/overnight/preferred_places", "preferred"],
  ["/overnight", "nights"],
  ["/costs/per_hour", "perHour"],
  ["/costs/per_km", "perKm"],
  ["/candidate_filter/shortlist", "shortlist"],
  ["/options/objective", "objective"],
  ["/options/seed", "seed"],
  ["/options/setup_duration_s", "setupMin"],
  ["/rep_id", "rep"],
  ["/week", "firstDay"],
  ["/visits", "musts"],
  ["/start", "from"],
  ["/from", "from"],
  ["/end", "to"],
  ["/to", "to"],
  ["/max_detour_s", "maxDetourMin"],
];

/**
 * Name of the form field that a JSON pointer into the request means, or "form".
 * @param {{days: number[], appointments: {key: number}[]}} sent what the rows of the request were
 *   in the form: days off are not sent, and rows of appointments go by their key
 */
export function fieldOfPointer(pointer = "", sent = NOTHING_SENT) {
  const row = /^\/(days|appointments)\/(\d+)(\/breaks)?/.exec(pointer);
  if (row?.[3]) return "lunch";
  if (row?.[1] === "days") return `day${sent.days[row[2]] ?? row[2]}`;
  if (row) return `appointment${sent.appointments[row[2]]?.key ?? ""}`;
  if (pointer === "/days") return "dayCount";
  const found = FIELDS.find(([start]) => pointer === start || pointer.startsWith(`${start}/`));
  return found ? found[1] : "form";
}

const NOTHING_SENT = { days: [], appointments: [] };

/** @param {Problem} problem @returns {FieldError[]} never empty */
export function fieldErrors(problem, sent = NOTHING_SENT) {
  const errors = (problem.errors ?? []).map((error) => ({
    field: fieldOfPointer(error.pointer, sent),
    ...offered(error),
  }));
  if (errors.length) return errors;
  return [{ field: "form", detail: problem.detail || problem.title, suggestions: [] }];
}

/** A fault with the places that it offers instead. */
export function offered({ detail, suggestions = [] }) {
  return {
    // The sentence repeats the suggestions, which the page offers as buttons.
    detail: suggestions.length ? detail.replace(/ Did you mean .*\?$/, " Did you mean:") : detail,
    suggestions: suggestions.map(({ label, query }) => ({ text: label, query })),
  };
}
