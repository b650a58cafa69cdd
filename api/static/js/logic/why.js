/** Why a visit is in the plan, in words. */

import { decimal, duration, money } from "./format.js";

/**
 * One sentence.
 * @param {import("../types.js").Why} why
 */
export function whySentence(why, currency = undefined) {
  if (why.rule === "required") return `You asked for it.${costPart(why, currency, " It adds ")}`;
  if (why.rule === "appointment") return "It is an appointment.";
  if (why.rule === "frozen") return "It was fixed before.";
  if (why.prize === undefined) return "It is worth the way.";
  const due = why.due_ratio === undefined ? "" : `, ${dueWords(why.due_ratio)}`;
  return `Worth ${money(why.prize, currency)}${due}.${costPart(why, currency, " Adds ")}`;
}

function costPart(why, currency, lead) {
  const parts = [];
  if (why.added_travel_s !== undefined) parts.push(`${duration(why.added_travel_s)} of driving`);
  if (why.added_cost !== undefined) parts.push(`${money(why.added_cost, currency)} of cost`);
  return parts.length ? `${lead}${parts.join(" and ")}.` : "";
}

/** Due state by the share of the visit interval that has passed: due from 70 %, overdue from 100 %. */
export function dueWords(ratio) {
  if (ratio >= 1) return "overdue";
  return ratio >= 0.7 ? "due" : "not yet due";
}

/**
 * The sum behind it, row by row.
 * @param {import("./plan.js").StopView} stop
 * @param {number | undefined} shortlisted
 * @returns {[string, string][]} label and value
 */
export function whyRows(stop, currency = undefined, shortlisted = undefined) {
  const { why } = stop;
  const rows = [];
  if (why?.prize !== undefined) {
    const product =
      why.visit_value !== undefined && why.due_factor !== undefined
        ? `${money(why.visit_value, currency)} × ${decimal(why.due_factor)} = `
        : "";
    rows.push(["Prize: visit value × due factor", `${product}${money(why.prize, currency)}`]);
  }
  if (why?.added_travel_s !== undefined) rows.push(["Added driving", duration(why.added_travel_s)]);
  if (why?.added_cost !== undefined) rows.push(["Added cost", money(why.added_cost, currency)]);
  if (why?.net !== undefined) rows.push(["Net", money(why.net, currency)]);
  if (why?.rank !== undefined && why.rank !== null) {
    rows.push(["Rank by prize", shortlisted ? `${why.rank} of ${shortlisted}` : `${why.rank}`]);
  }
  if (stop.waitS > 0) rows.push(["Waiting", duration(stop.waitS)]);
  if (stop.slackS !== null) rows.push(["You may leave later by", duration(stop.slackS)]);
  return rows;
}
