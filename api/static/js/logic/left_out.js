/** Who was left out, grouped by the first reason. */

/**
 * @typedef {object} Group
 * @property {string} code
 * @property {string} title
 * @property {string} note
 * @property {number} count named ones and the counted rest together
 * @property {import("../types.js").LeftOut[]} named one by one in the answer
 * @property {number} rest only counted; the service lists them on request
 */

/** Title and explanation by code, in the order of display: what a rep can change comes first. */
export const REASONS = {
  CONFLICTS_WITH_REQUIRED: [
    "In the way of a must",
    "Visiting it would push out a visit that must be made.",
  ],
  CONFLICTS_WITH_APPOINTMENT: [
    "In the way of an appointment",
    "Visiting it would break an appointment.",
  ],
  DISPLACED_BY_HIGHER_VALUE: [
    "A better visit took its place",
    "It fits only if a visit worth more is dropped.",
  ],
  NO_TIME_LEFT: ["No time left", "No gap of any day is long enough for the drive and the visit."],
  VALUE_BELOW_COST: [
    "Not worth the way",
    "The visit is worth less than the time and driving it adds.",
  ],
  OUTSIDE_TIME_WINDOWS: [
    "Outside its hours",
    "It cannot be reached within the hours given for it.",
  ],
  CLOSED_DURING_TRIP: ["Closed during the trip", "It is not open at any time of the trip."],
  EXCEEDS_WORKING_TIME: [
    "Too far for the days",
    "Even alone it does not fit into the hours of the trip.",
  ],
  EXCEEDS_DRIVE_LIMIT: ["Too much driving", "Even alone it exceeds the limit on driving."],
  EXCEEDS_DISTANCE_LIMIT: ["Too many kilometres", "Even alone it exceeds the limit on distance."],
  MAX_VISITS_REACHED: ["Enough visits", "The limit on visits is reached."],
  NOT_SHORTLISTED: [
    "Not on the shortlist",
    "On the way, but others are worth more for their time.",
  ],
  SEARCH_LIMIT: ["Search ended", "The search ended before this one was settled."],
  NOT_DUE: ["Not due", "The last visit is too recent."],
  EXCEEDS_MAX_DETOUR: ["Too far from the way", "Visiting it exceeds the limit on the detour."],
  CHANNEL_NOT_FIELD: [
    "Looked after otherwise",
    "Its customers are served by another channel than field visits.",
  ],
  OUTSIDE_TERRITORY: ["Another territory", "It belongs to another representative."],
  EXCLUDED_BY_CLIENT: ["Excluded", "The request left it out."],
  BLOCKED: ["Blocked", "It must not be visited at present."],
  CANCELLED: ["Cancelled", "The visit was cancelled."],
  ALREADY_COMPLETED: ["Already visited", "The visit has been made."],
  UNREACHABLE_BY_ROAD: ["No road leads there", "It cannot be reached by road from this trip."],
  LOCATION_MISSING: ["No position", "Nobody knows where it is."],
  GEOCODE_AMBIGUOUS: ["Unclear address", "Its address fits several places."],
  GEOCODE_TOO_COARSE: ["Vague address", "Its address is known too coarsely for a visit."],
};

const ORDER = Object.keys(REASONS);

export function reasonTitle(code) {
  return REASONS[code]?.[0] ?? code.replaceAll("_", " ").toLowerCase();
}

/** @returns {Group[]} */
export function groupLeftOut(route) {
  const groups = new Map();
  const group = (code) => {
    if (!groups.has(code)) {
      const note = REASONS[code]?.[1] ?? "";
      groups.set(code, { code, title: reasonTitle(code), note, count: 0, named: [], rest: 0 });
    }
    return groups.get(code);
  };
  for (const item of route.unassigned) {
    const one = group(item.reasons[0].code);
    one.named.push(item);
    one.count += 1;
  }
  for (const [code, rest] of Object.entries(route.unassigned_counts ?? {})) {
    if (!rest) continue;
    const one = group(code);
    one.rest += rest;
    one.count += rest;
  }
  for (const one of groups.values()) {
    one.named.sort((a, b) => b.required - a.required || (b.prize ?? 0) - (a.prize ?? 0));
  }
  const place = (code) => (ORDER.includes(code) ? ORDER.indexOf(code) : ORDER.length);
  return [...groups.values()].sort((a, b) => place(a.code) - place(b.code));
}

/** All accounts that are not in the plan. */
export function leftOutCount(route) {
  const counted = Object.values(route.unassigned_counts ?? {});
  return counted.reduce((total, rest) => total + rest, route.unassigned.length);
}
