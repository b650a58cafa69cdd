import assert from "node:assert/strict";
import { test } from "node:test";
import { shownFigure } from "../../../api/static/js/logic/account_list.js";
import { modelWords, valueRows } from "../../../api/static/js/logic/account_value.js";
import { percent } from "../../../api/static/js/logic/format.js";

const VALUE = {
  model: { is_fitted: true, version: 2, fitted_for: "2026-11-23" },
  customer_value: {
    value: 4200,
    horizon_months: 12,
    expected_orders: 8.24,
    margin_per_order: 509.71,
    order_amount: 1699,
    margin_share: 0.3,
  },
  churn: { risk: 0.124, is_alive: true },
  potential: { value: 60_000, basis: "stated" },
  growth: { sales: 11_000, target: 15_000, growth: 4000 },
  visit_value: {
    value: 84.4,
    low: 60,
    high: 110,
    basis: "data",
    elasticity: 0.348,
    elasticity_low: 0.33,
    elasticity_high: 0.36,
  },
};

const rowsOf = (changes) =>
  Object.fromEntries(valueRows({ ...VALUE, ...changes }).map(([label, ...rest]) => [label, rest]));

test("every figure stands beside how it comes about", () => {
  assert.deepEqual(rowsOf({}), {
    "Customer value, 12 months": ["€4,200", "8.2 orders, contribution €510 each"],
    "Churn risk": ["12 %", ""],
    "Target, sales a year": ["€15,000", "€4,000 more than in the last 12 months"],
    "One more visit brings": ["€84", "€60 to €110"],
    "Response to visits": ["0.35", "from data: 0.33 to 0.36"],
  });
  assert.equal(modelWords(VALUE), "By the past up to 23 Nov 2026.");
});

test("who never ordered has no churn risk, and a potential that was forecast has an interval", () => {
  const potential = { value: 30_000, basis: "forecast", low: 10_000, high: 90_000 };
  const visit = { ...VALUE.visit_value, basis: "prior" };
  const rows = rowsOf({ churn: undefined, potential, visit_value: visit });
  assert.equal(rows["Churn risk"], undefined);
  assert.deepEqual(rows["Potential, forecast"], ["€30,000", "€10,000 to €90,000"]);
  assert.match(rows["Response to visits"][1], /literature/);
  assert.match(modelWords({ model: { is_fitted: false } }), /literature/);
});

test("a row of the list shows what the list is sorted by", () => {
  const item = { potential: 500, prize: 7, customer_value: 80, growth: 90, visit_value: 3 };
  const shown = (sort) => shownFigure(item, sort)[0];
  assert.equal(shown("name"), "€500");
  assert.equal(shown("customer_value"), "€80");
  assert.equal(shown("growth"), "€90");
  assert.equal(shown("churn_risk"), "never ordered");
  assert.equal(shownFigure({ ...item, churn_risk: 0.004 }, "churn_risk")[0], "less than 1 %");
});

test("shares are whole percents", () => {
  assert.deepEqual([0, 0.001, 0.355, 1].map(percent), ["0 %", "less than 1 %", "36 %", "100 %"]);
});
