/** What the card of an account shows. */

import { plainDate } from "./calendar.js";
import { duration, money } from "./format.js";

const STATUS_WORDS = { prospect: "Prospect", customer: "Customer", inactive: "Inactive customer" };

/** @returns {[string, string][]} label and value */
export function cardRows(card) {
  return [
    ["Status", STATUS_WORDS[card.status] ?? card.status],
    ["Segment", segmentWords(card.segment)],
    ["Potential a year", money(card.potential)],
    [`Orders in ${Math.round(card.history_months)} months`, money(card.revenue)],
    ["Last visit", card.last_visit ? plainDate(card.last_visit) : "never"],
    ["Visit every", `${Math.round(card.visit_interval_days)} days`],
    ["A visit takes", duration(card.service_duration_s)],
    ["A visit today is worth", money(card.prize)],
  ];
}

/** Segments are ranges of revenue: "10-100K" is shown as a range of euros. */
export function segmentWords(segment) {
  return segment === "0" ? "no revenue yet" : `${segment} €`;
}

/** Share of the visit interval that has passed, or null. */
export function dueShare(card) {
  return Number.isFinite(card.due_ratio) ? card.due_ratio : null;
}
