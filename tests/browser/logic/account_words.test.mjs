import assert from "node:assert/strict";
import { test } from "node:test";

import {
  segmentLevel,
  segmentNames,
  segmentWords,
  useSegments,
} from "../../../api/static/js/logic/account_words.js";

const told = (...limits) => limits.map(([segment, revenue_from]) => ({ segment, revenue_from }));

const STARTING = told(
  ["zero", 0],
  ["up_to_10k", 1],
  ["10k_100k", 10_000],
  ["100k_1m", 100_000],
  ["1m_5m", 1_000_000],
  ["above_5m", 5_000_000],
);

test("segments are told by their limits", () => {
  useSegments(STARTING);
  assert.deepEqual(segmentNames().map(segmentWords), [
    "no revenue",
    "up to €10,000",
    "€10,000 to 100,000",
    "€100,000 to 1 M",
    "€1 M to 5 M",
    "above €5 M",
  ]);
  assert.equal(segmentWords("unheard_of"), "unheard_of");
});

test("the words follow a programme with other limits under the same names", () => {
  useSegments(told(["zero", 0], ["10k_100k", 25_000], ["large", 2_500_000]));
  assert.deepEqual(segmentNames().map(segmentWords), [
    "up to €25,000",
    "€25,000 to 2.5 M",
    "above €2.5 M",
  ]);
  useSegments(told(["all", 0]));
  assert.equal(segmentWords("all"), "any revenue");
  useSegments(STARTING);
});

test("levels are places up to six segments, and shared by more", () => {
  useSegments(STARTING);
  assert.deepEqual(segmentNames().map(segmentLevel), [0, 1, 2, 3, 4, 5]);
  useSegments(told(...Array.from({ length: 11 }, (_, k) => [`s${k}`, k])));
  assert.deepEqual([segmentLevel("s0"), segmentLevel("s5"), segmentLevel("s10")], [0, 3, 5]);
  assert.equal(segmentLevel("unheard_of"), 0);
  useSegments(STARTING);
});
