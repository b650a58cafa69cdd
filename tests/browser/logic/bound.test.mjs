import assert from "node:assert/strict";
import { test } from "node:test";
import { boundSentence } from "../../../api/static/js/logic/bound.js";

const proven = (gap, bound_candidates) =>
  boundSentence({ bound_state: "proven", gap, bound_candidates });

test("without a bound nothing is said, and while it is worked out, that it is", () => {
  assert.equal(boundSentence({ bound_state: "none", gap: null }), null);
  assert.match(boundSentence({ bound_state: "running" }), /^Working out/);
  assert.equal(proven(null), null);
});

test("a proven gap says among how many, and is rounded up", () => {
  assert.equal(
    proven(0.0141, 1200),
    "At most 1.5 % below the best possible (proven among 1,200 considered).",
  );
  assert.equal(proven(0.234, 200), "At most 24 % below the best possible (proven among 200 considered).");
  assert.equal(proven(0.02), "At most 2.0 % below the best possible (proven).");
});

test("a gap of nothing is the best plan there is", () => {
  assert.equal(proven(0, 74), "The best possible plan (proven among 74 considered).");
});
