/** Allocation of hours: what its figures say in words, and what to ask for next. */

import { count, decimal } from "./format.js";

/** What only the page knows, not the service. */
const OWN = ["shown"];

/** What the service is asked for. */
export function allocationQuery(query) {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !OWN.includes(name)));
}

/** The unit whose curve is drawn: the chosen one, else the first. */
export function shownUnit(units, query) {
  return units.find(({ unit_id: id }) => id === query.shown) ?? units[0] ?? null;
}

/** The accounts of a unit as the next question, or null where the unit is one. */
export function accountsOfUnit(level, unitId, query) {
  const narrowed = { rep: "rep_id", segment: "segment", region: "postcode_prefix" }[level];
  if (!narrowed) return null;
  const { level: _level, prefix_length: _length, shown: _shown, budget_hours: _budget, ...rest } = query;
  return { ...rest, level: "account", [narrowed]: unitId };
}

/** Hours of a year; a decimal where they are few. */
export const hours = (value) => (Math.abs(value) < 100 ? decimal(Math.round(value * 10) / 10) : count(Math.round(value)));

/** A band of hours; one figure where both ends look alike. */
export function band({ band_low: low, band_high: high }) {
  return hours(low) === hours(high) ? hours(low) : `${hours(low)} – ${hours(high)}`;
}

const ADVICE = { more: "More hours", less: "Fewer hours", keep: "Keep" };

export const adviceWords = (advice) => ADVICE[advice];

/** Whether only the limit of the unit keeps its best hours where they are. */
export function isAtLimit({ hours: today, best_hours: best }, { least, most }) {
  return best > today ? best >= today * most * 0.999 : best < today && best <= today * least * 1.001;
}

/** How many reps, in a sentence. */
export function repsWords({ today, reps, low, high, is_at_limit: isStopped }) {
  const range = low === high ? decimal(low) : `${decimal(low)} to ${decimal(high)}`;
  const limited = isStopped ? " The limits of units keep it there." : "";
  return `Today ${decimal(today)}. ${decimal(reps)} pay for themselves (${range} over the band).${limited}`;
}

/** Shares of the four answers from percentages as they are typed. */
export const fromPercent = (text) => (text === "" ? undefined : Number((Number(text) / 100).toPrecision(10)));
