/** What the card of an account shows. */

import { plainDate } from "./calendar.js";
import { duration, money } from "./format.js";

const STATUS_WORDS = { prospect: "Prospect", customer: "Customer", inactive: "Inactive customer" };

/** @returns {[string, string][]} label and value; what is unknown is left out */
export function cardRows(card) {
  const rows = [
    ["Status", STATUS_WORDS[card.status] ?? card.status],
    ["Segment", segmentWords(card.segment)],
    ["Potential a year", card.potential === undefined ? null : money(card.potential)],
    ["Revenue a year", card.revenue === undefined ? null : money(card.revenue)],
    ["Last visit", card.last_visit_at ? plainDate(card.last_visit_at.slice(0, 10)) : "never"],
    ["Visit every", card.visit_interval_days ? `${Math.round(card.visit_interval_days)} days` : null],
    ["A visit takes", card.service_duration_s ? duration(card.service_duration_s) : null],
    ["A visit is worth", card.prize === undefined ? null : money(card.prize)],
  ];
  return rows.filter(([, value]) => value !== null && value !== undefined);
}

/** Segments are ranges of revenue: "10-100K" is shown as a range of euros. */
export function segmentWords(segment) {
  return segment === "0" ? "no revenue yet" : `${segment} €`;
}

/** Share of the visit interval that has passed, or null. */
export function dueShare(card) {
  return Number.isFinite(card.due_ratio) ? card.due_ratio : null;
}
