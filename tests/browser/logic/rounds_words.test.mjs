import assert from "node:assert/strict";
import test from "node:test";

import {
  cumulated,
  improvementOf,
  monthName,
  periodName,
  signedShare,
} from "../../../api/static/js/logic/rounds_words.js";

test("months and periods are called as people call them", () => {
  assert.equal(monthName("2026-12"), "December 2026");
  const named = (level, first, last = first) => periodName({ level, first, last });
  assert.equal(named("operational", "2026-11-18"), "Wed 18 Nov 2026");
  assert.equal(named("tactical", "2026-12-28", "2027-01-10"), "Mon 28 Dec – Sun 10 Jan 2027");
  assert.equal(named("strategic_short", "2026-10-01", "2026-12-31"), "Q4 2026");
  assert.equal(named("strategic_long", "2026-01-01", "2026-12-31"), "2026");
});

test("the plan goes on from what was sold before it, and the actual ends today", () => {
  const days = [{ actual: 20 }, { plan: 100, actual: 80 }, { plan: 50 }];
  assert.deepEqual(cumulated(days), {
    plan: [
      [2, 120],
      [3, 170],
    ],
    actual: [
      [1, 20],
      [2, 100],
    ],
  });
  assert.deepEqual(cumulated([]), { plan: [], actual: [] });
});

test("shares carry their sign, but nothing has none", () => {
  assert.equal(signedShare(0.054), "+5 %");
  assert.equal(signedShare(-0.12), "−12 %");
  assert.equal(signedShare(0.001), "0 %");
  assert.equal(signedShare(undefined), undefined);
});

test("a change is asked for once it says whom and what", () => {
  const scope = { rep_id: "3" };
  assert.deepEqual(improvementOf({ change: "twice", rep_id: "3" }), {
    scope,
    visit_interval_factor: 0.5,
  });
  assert.deepEqual(improvementOf({ change: "interval", days: "30", rep_id: "3", segment: "" }), {
    scope,
    visit_interval_days: 30,
  });
  assert.deepEqual(improvementOf({ change: "inside_sales", rep_id: "3" }), {
    scope,
    channel: "inside_sales",
  });
  assert.deepEqual(improvementOf({ change: "owner", rep_id: "3", to: "5" }), { scope, rep_id: "5" });
  for (const incomplete of [
    {},
    { change: "twice" },
    { rep_id: "3" },
    { change: "interval", rep_id: "3" },
    { change: "interval", days: "0", rep_id: "3" },
    { change: "owner", rep_id: "3" },
  ]) {
    assert.equal(improvementOf(incomplete), null);
  }
});
