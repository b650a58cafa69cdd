import assert from "node:assert/strict";
import { test } from "node:test";

import {
  callWords,
  everyWords,
  fromFields,
  prizeWords,
  stretchWords,
  toFields,
  weekChoices,
} from "../../../api/static/js/logic/programme.js";

const RULE = {
  segment: "10k_100k",
  revenue_from: 10_000,
  channel: "inside_sales",
  visit_interval_days: 365,
  service_duration_s: 2400,
  call_channel: "mail",
  call_interval_days: 91,
  field_visits: true,
  description: "Inside sales.",
};

test("intervals and calls read as people say them", () => {
  assert.equal(everyWords(42), "every 42 days");
  assert.equal(everyWords(1), "every day");
  assert.equal(everyWords(undefined), "none");
  assert.equal(callWords(RULE), "every 91 days by mail");
  assert.equal(callWords({}), "none");
  assert.equal(stretchWords(1), "as promised");
  assert.equal(stretchWords(1.254), "× 1.25");
});

test("a rule survives the fields of a form", () => {
  assert.deepEqual(fromFields(toFields(RULE)), RULE);
});

test("what is empty is left out, and the field needs nobody else's trips", () => {
  const fields = { ...toFields(RULE), channel: "field", visit_interval_days: " ", call_channel: "", call_interval_days: "" };
  const said = JSON.parse(JSON.stringify(fromFields(fields)));
  assert.deepEqual(Object.keys(said).sort(), [
    "channel",
    "description",
    "revenue_from",
    "segment",
    "service_duration_s",
  ]);
});

test("weeks to choose from begin with the last one and cross the year", () => {
  const choices = weekChoices("2026-12-30");
  assert.deepEqual(choices.slice(0, 3), [
    ["2026-W52", "Mon 21 Dec to Fri 25 Dec, last week"],
    ["2026-W53", "Mon 28 Dec to Fri 1 Jan, this week"],
    ["2027-W01", "Mon 4 Jan to Fri 8 Jan, next week"],
  ]);
  assert.equal(choices.length, 10);
});

test("a prize is told with all that it is made of", () => {
  const one = {
    value_parts: { base_per_month: 1000, margin_share: 0.3, elasticity: 0.3, visits_per_month: 1 },
    cadence: { due_factor: 1.5 },
    visit_value: 47.7,
    prize_factor: 2,
    prize_extra: 10,
    prize: 153.1,
  };
  assert.equal(
    prizeWords(one),
    "€1,000 a month unvisited × 30 % margin × ((2 + 1)^0.3 − (1 + 1)^0.3) = €48 for one more visit; × 1.5 as it is due × 2 + €10 by special situations = €153.",
  );
  assert.match(prizeWords({ ...one, prize_factor: 1, prize_extra: 0 }), /as it is due = €153\.$/);
});
