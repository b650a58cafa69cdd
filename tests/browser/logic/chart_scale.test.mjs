import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, scale, ticks } from "../../../api/static/js/logic/chart_scale.js";

test("ticks are round numbers within the range", () => {
  assert.deepEqual(ticks(0, 10), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(0.13, 0.61), [0.2, 0.3, 0.4, 0.5, 0.6]);
  assert.deepEqual(ticks(-5, 5, 4), [-5, 0, 5]);
  assert.deepEqual(ticks(3, 3), [3]);
});

test("a scale leads from the ends of one range to those of another", () => {
  const place = scale([10, 20], [100, 0]);
  assert.deepEqual([10, 15, 20].map(place), [100, 50, 0]);
  assert.equal(scale([5, 5], [0, 9])(5), 0);
});

test("the extent leaves out what is no number", () => {
  assert.deepEqual(extent([3, NaN, -1, Infinity]), [-1, 3]);
  assert.equal(extent([NaN]), null);
});
