/** Words and sums of the planning rounds; pure. */

import { shortDay } from "./calendar.js";

const MONTHS = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/** "December 2026" of "2026-12". */
export const monthName = (month) => MONTHS.format(new Date(`${month}-01T00:00:00Z`));

export const LEVELS = [
  ["operational", "Day"],
  ["tactical", "Two weeks"],
  ["strategic_short", "Quarter"],
  ["strategic_long", "Year"],
];

const BASES = {
  agreed: "the agreed figures",
  bottom_up: "the reps' figures, on which nothing is agreed yet",
  top_down: "the model's figures from when the round was opened",
  model: "what the model expects today, since no round was opened",
  mixed: "agreed figures where there are some, otherwise those of the reps or the model; days that began before anybody planned them are not compared",
  none: "nothing: these days began before anybody planned them",
};

/** What a plan is made of. */
export const basisWords = (basis) => BASES[basis] ?? basis;

/** "Wed, 18 Nov 2026", "16 Nov – 29 Nov 2026", "Q4 2026", "2026". */
export function periodName({ level, first, last }) {
  const year = first.slice(0, 4);
  if (level === "operational") return `${shortDay(first)} ${year}`;
  if (level === "strategic_short") return `Q${Math.ceil(Number(first.slice(5, 7)) / 3)} ${year}`;
  if (level === "strategic_long") return year;
  return `${shortDay(first)} – ${shortDay(last)} ${last.slice(0, 4)}`;
}

/**
 * Plan and actual added up from day to day; the actual ends today.
 *
 * Before the first day that was planned, the plan is what was sold: it goes on from there.
 * @param {{date: string, plan?: number, actual?: number}[]} days
 * @returns {{plan: [number, number][], actual: [number, number][]}}
 */
export function cumulated(days) {
  const plan = [];
  const actual = [];
  let planned = 0;
  let sold = 0;
  days.forEach((day, at) => {
    if (day.plan !== undefined) plan.push([at + 1, (planned += day.plan)]);
    else planned += day.actual ?? 0;
    if (day.actual !== undefined) actual.push([at + 1, (sold += day.actual)]);
  });
  return { plan, actual };
}

/** "+5 %", "−12 %", or nothing. */
export function signedShare(share) {
  if (share === undefined || share === null) return undefined;
  const percent = Math.round(100 * share);
  return `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent)} %`;
}

export const share = (value) => (value === undefined ? undefined : `${Math.round(100 * value)} %`);

export const CHANGES = [
  ["half", "Half as many visits"],
  ["twice", "Twice as many visits"],
  ["interval", "A visit every … days"],
  ["inside_sales", "Inside sales call instead"],
  ["respond_only", "Only answer when they call"],
  ["owner", "Another owner"],
];

/**
 * The request for what an address asks for, or null where something is missing.
 * @param {Record<string, string>} query
 */
export function improvementOf({ change, days, to, rep_id, segment, postcode_prefix }) {
  const scope = Object.fromEntries(
    Object.entries({ rep_id, segment, postcode_prefix }).filter(([, value]) => value),
  );
  if (!Object.keys(scope).length) return null;
  const every = Number(days);
  switch (change) {
    case "half":
      return { scope, visit_interval_factor: 2 };
    case "twice":
      return { scope, visit_interval_factor: 0.5 };
    case "interval":
      return every >= 1 ? { scope, visit_interval_days: every } : null;
    case "inside_sales":
      return { scope, channel: "inside_sales", ...(every >= 1 ? { call_interval_days: every } : {}) };
    case "respond_only":
      return { scope, channel: "respond_only" };
    case "owner":
      return to ? { scope, rep_id: to } : null;
    default:
      return null;
  }
}
