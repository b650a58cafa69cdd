/** What the card of an account shows. */

import { plainDate } from "./calendar.js";
import { currencySymbol, duration, money } from "./format.js";

const STATUS_WORDS = { prospect: "Prospect", customer: "Customer", inactive: "Inactive customer" };

/** @returns {[string, string][]} label and value */
export function cardRows(card) {
  return [
    ["Status", STATUS_WORDS[card.status] ?? card.status],
    ["Revenue a year", SEGMENT_WORDS[card.segment]?.(currencySymbol()) ?? card.segment],
    ["Potential a year", money(card.potential)],
    [`Orders in ${Math.round(card.history_months)} months`, money(card.revenue)],
    ["Last visit", card.last_visit ? plainDate(card.last_visit) : "never"],
    ["Visit every", `${Math.round(card.visit_interval_days)} days`],
    ["A visit takes", duration(card.service_duration_s)],
    ["A visit today is worth", money(card.prize)],
  ];
}

const SEGMENT_WORDS = {
  zero: () => "no revenue",
  up_to_10k: (sign) => `up to ${sign}10,000`,
  "10k_100k": (sign) => `${sign}10,000 to 100,000`,
  "100k_1m": (sign) => `${sign}100,000 to 1 M`,
  "1m_5m": (sign) => `${sign}1 M to 5 M`,
  above_5m: (sign) => `above ${sign}5 M`,
};

/** Share of the visit interval that has passed, or null. */
export function dueShare(card) {
  return Number.isFinite(card.due_ratio) ? card.due_ratio : null;
}
