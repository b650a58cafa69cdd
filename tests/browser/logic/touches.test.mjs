import assert from "node:assert/strict";
import { test } from "node:test";
import { roleWords, touchesRows } from "../../../api/static/js/logic/touches.js";

const next = { duration_s: 900, cost: 10.5, value: 20, net: 9.5 };
const answer = {
  channels: [
    { channel: "phone", touches: 1, next },
    { channel: "field", touches: 3, next },
    { channel: "demo", touches: 0, next },
  ],
  best_channel: "phone",
  total: { cost: 120, hours: 2.5, contribution_after_cost: 80 },
};

test("the card tells touches that were made, their cost, and the best next one", () => {
  assert.deepEqual(touchesRows(answer), [
    ["Touches, 12 months", "1 call, 3 visits", ""],
    ["Cost to serve, 12 months", "€120", "2.5 h; leaves €80 of the contribution"],
    ["Best next touch", "Phone", "brings €20, costs €11"],
  ]);
});

test("where every touch costs more than it brings, none is best", () => {
  const { best_channel: _, ...without } = answer;
  assert.deepEqual(touchesRows({ ...without, channels: [] }).at(-1), [
    "Best next touch",
    "none",
    "each costs more than it brings",
  ]);
});

test("a prospect is told what winning it takes", () => {
  const pursuit = { touches_expected: 6.2, basis: "prior" };
  assert.deepEqual(touchesRows({ ...answer, pursuit }).at(-1), [
    "To win it",
    "6 touches",
    "on average of such prospects, as assumed",
  ]);
});

test("a role is told in words", () => {
  assert.equal(roleWords("inside_sales"), "Inside sales");
});
