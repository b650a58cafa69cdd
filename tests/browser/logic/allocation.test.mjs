import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accountsOfUnit,
  allocationQuery,
  band,
  fromPercent,
  hours,
  isAtLimit,
  repsWords,
  shownUnit,
} from "../../../api/static/js/logic/allocation.js";

const units = [{ unit_id: "7" }, { unit_id: "8" }];

test("the curve of the chosen unit is drawn, else that of the first", () => {
  assert.equal(shownUnit(units, { shown: "8" }).unit_id, "8");
  assert.equal(shownUnit(units, { shown: "99" }).unit_id, "7");
  assert.equal(shownUnit([], {}), null);
});

test("the service is not asked for what only the page knows", () => {
  assert.deepEqual(allocationQuery({ level: "rep", shown: "8" }), { level: "rep" });
});

test("a rep, a segment and a region lead to their accounts", () => {
  const query = { level: "rep", segment: "zero", shown: "8", b: "0.3", budget_hours: "900" };
  assert.deepEqual(accountsOfUnit("rep", "8", query), {
    level: "account",
    rep_id: "8",
    segment: "zero",
    b: "0.3",
  });
  assert.deepEqual(accountsOfUnit("region", "34", { level: "region", prefix_length: "2" }), {
    level: "account",
    postcode_prefix: "34",
  });
  assert.equal(accountsOfUnit("account", "5", {}), null);
});

test("few hours have a decimal, many have none", () => {
  assert.equal(hours(12.34), "12.3");
  assert.equal(hours(1234.5), "1,235");
});

test("a band whose ends look alike is one figure", () => {
  assert.equal(band({ band_low: 12.31, band_high: 12.34 }), "12.3");
  assert.equal(band({ band_low: 500, band_high: 700.2 }), "500 – 700");
});

test("reps that pay are told with their band and the limit", () => {
  const reps = { today: 60, reps: 83.2, low: 72.6, high: 89.6, is_at_limit: true };
  assert.equal(
    repsWords(reps),
    "Today 60. 83.2 pay for themselves (72.6 to 89.6 over the band). The limits of units keep it there.",
  );
});

test("hours that only a limit keeps where they are, are known", () => {
  const limits = { least: 0.5, most: 2 };
  assert.equal(isAtLimit({ hours: 100, best_hours: 200 }, limits), true);
  assert.equal(isAtLimit({ hours: 100, best_hours: 50 }, limits), true);
  assert.equal(isAtLimit({ hours: 100, best_hours: 150 }, limits), false);
  assert.equal(isAtLimit({ hours: 100, best_hours: 100 }, limits), false);
});

test("percentages become shares, and an empty field is no answer", () => {
  assert.equal(fromPercent("115"), 1.15);
  assert.equal(fromPercent(""), undefined);
});
