/** From the service's refusals to the fields of the form. */

/** @typedef {import("../types.js").Problem} Problem */
/** @typedef {import("../types.js").FieldError} FieldError */

/** Beginnings of JSON pointers, most special first. */
const FIELDS = [
  ["/limits/max_detour_per_visit_s", "maxDetourMin"],
  ["/limits", "maxExtraMin"],
  ["/overnight/cost_per_night", "perNight"],
  ["/overnight", "nights"],
  ["/costs/per_hour", "perHour"],
  ["/costs/per_km", "perKm"],
  ["/candidate_filter/shortlist", "shortlist"],
  ["/options/objective", "objective"],
  ["/options/seed", "seed"],
  ["/visits", "musts"],
  ["/start", "from"],
  ["/from", "from"],
  ["/end", "to"],
  ["/to", "to"],
  ["/max_detour_s", "maxDetourMin"],
];

/** Name of the form field that a JSON pointer into the request means, or "form". */
export function fieldOfPointer(pointer = "") {
  const day = /^\/days\/(\d+)/.exec(pointer);
  if (day) return `day${day[1]}`;
  if (pointer === "/days") return "dayCount";
  const found = FIELDS.find(([start]) => pointer === start || pointer.startsWith(`${start}/`));
  return found ? found[1] : "form";
}

/** @param {Problem} problem @returns {FieldError[]} never empty */
export function fieldErrors(problem) {
  const errors = (problem.errors ?? []).map(({ pointer, detail, suggestions = [] }) => ({
    field: fieldOfPointer(pointer),
    // The sentence repeats the suggestions, which the page offers as buttons.
    detail: suggestions.length ? detail.replace(/ Did you mean .*\?$/, " Did you mean:") : detail,
    suggestions: suggestions.map(({ label, query }) => ({ text: label, query })),
  }));
  if (errors.length) return errors;
  return [{ field: "form", detail: problem.detail || problem.title, suggestions: [] }];
}
