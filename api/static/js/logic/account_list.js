/** The list of accounts and what it adds up to, before anything was asked. */

import { money, percent } from "./format.js";

export const NO_LIST = Object.freeze({
  status: "idle",
  asked: "",
  items: [],
  next: null,
  total: null,
});

export const NO_SUMMARY = Object.freeze({ status: "idle", asked: "", answer: null });

const FIGURES = {
  prize: [({ prize }) => money(prize), "What a visit today is worth"],
  visit_value: [({ visit_value: value }) => money(value), "What one more visit brings"],
  customer_value: [
    ({ customer_value: value }) => money(value),
    "Customer value: contribution of the next 12 months",
  ],
  growth: [
    ({ growth }) => money(growth),
    "Growth: what is missing to sales of the better of its peers, a year",
  ],
  churn_risk: [
    ({ churn_risk: risk }) => (risk === undefined ? "never ordered" : percent(risk)),
    "Churn risk: the chance that the customer has gone",
  ],
};

/**
 * The figure that a row shows: what the list is sorted by, or the potential.
 * @returns {[string, string]} the figure and what it is
 */
export function shownFigure(item, sort) {
  const [figure, title] = FIGURES[sort] ?? [() => money(item.potential), "Potential a year"];
  return [figure(item), title];
}
