/** What the card says of an account's worth. */

import { plainDate } from "./calendar.js";
import { decimal, money, percent, twoDecimals } from "./format.js";

const range = ({ low, high }) => `${money(low)} to ${money(high)}`;

/** @returns {[string, string, string][]} label, figure, and how it comes about */
export function valueRows(value) {
  const { customer_value: worth, churn, potential, growth, visit_value: visit } = value;
  return [
    [
      `Customer value, ${decimal(worth.horizon_months)} months`,
      money(worth.value),
      `${orders(worth.expected_orders)}, contribution ${money(worth.margin_per_order)} each`,
    ],
    churn ? ["Churn risk", percent(churn.risk), churn.is_alive ? "" : "probably gone"] : null,
    potential.basis === "forecast"
      ? ["Potential, forecast", money(potential.value), range(potential)]
      : null,
    [
      "Target, sales a year",
      money(growth.target),
      growth.growth > 0 ? `${money(growth.growth)} more than in the last 12 months` : "reached",
    ],
    ["One more visit brings", money(visit.value), range(visit)],
    [
      "Response to visits",
      twoDecimals(visit.elasticity),
      visit.basis === "data"
        ? `from data: ${twoDecimals(visit.elasticity_low)} to ${twoDecimals(visit.elasticity_high)}`
        : "from the literature: the data say too little",
    ],
  ].filter(Boolean);
}

const orders = (number) =>
  number < 0.095 ? "hardly an order expected" : `${decimal(Math.round(number * 10) / 10)} orders`;

/** Where the figures come from. */
export const modelWords = ({ model }) =>
  model.is_fitted
    ? `By the past up to ${plainDate(model.fitted_for)}.`
    : "Nothing was fitted to the past yet: as the literature has it.";
