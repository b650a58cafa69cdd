import assert from "node:assert/strict";
import { test } from "node:test";
import {
  NO_FILTER,
  chipsOf,
  filterQuery,
  hasSameIds,
  listQuery,
  matcher,
  needsIds,
  toggled,
} from "../../../api/static/js/logic/account_filter.js";

const point = { due: "red", segment: "zero", status: "prospect", owner: "7", issue: "" };
const area = [
  [9, 51],
  [10, 51],
  [10, 52],
];

test("what limits nothing is not asked for", () => {
  assert.deepEqual(filterQuery({ ...NO_FILTER, q: "  " }), {});
  assert.deepEqual(filterQuery({ ...NO_FILTER, due: ["red", "yellow"], minPotential: 0 }), {
    due: "red,yellow",
    min_potential: 0,
  });
});

test("for a text the best matches come first, unless another order is wanted", () => {
  const filter = { ...NO_FILTER, q: " müller " };
  assert.deepEqual(listQuery(filter, "name"), { q: "müller" });
  assert.deepEqual(listQuery(filter, "potential"), { q: "müller", sort: "potential" });
  assert.deepEqual(listQuery(NO_FILTER, "name"), { sort: "name" });
});

test("an area is sent as its corners", () => {
  assert.equal(listQuery({ ...NO_FILTER, area }, "name").polygon, "9,51,10,51,10,52");
});

test("a value is put into a list, and taken out by the same", () => {
  const once = toggled(NO_FILTER, "due", "red");
  assert.deepEqual(once.due, ["red"]);
  assert.deepEqual(toggled(once, "due", "red"), NO_FILTER);
  assert.deepEqual(NO_FILTER.due, []);
});

test("a point passes if every filter lets it", () => {
  const passes = (patch) => matcher({ ...NO_FILTER, ...patch })(point);
  assert.ok(passes({}));
  assert.ok(passes({ due: ["yellow", "red"], owner: "7", issue: "none" }));
  assert.ok(!passes({ due: ["red"], owner: "8" }));
  assert.ok(!passes({ owner: "none" }));
  assert.ok(!passes({ issue: "any" }));
  assert.ok(matcher({ ...NO_FILTER, owner: "none" })({ ...point, owner: "" }));
  const coarse = matcher({ ...NO_FILTER, issue: "GEOCODE_TOO_COARSE" });
  assert.ok(coarse({ ...point, issue: "GEOCODE_TOO_COARSE" }));
  assert.ok(!coarse({ ...point, issue: "GEOCODE_AMBIGUOUS" }));
});

test("points cannot tell a name, nor the exact potential", () => {
  assert.ok(needsIds({ ...NO_FILTER, q: "a" }));
  assert.ok(needsIds({ ...NO_FILTER, minPotential: 0 }));
  assert.ok(needsIds({ ...NO_FILTER, cell: "keep" }));
  assert.ok(needsIds({ ...NO_FILTER, region: "34" }));
  assert.ok(!needsIds({ ...NO_FILTER, due: ["red"], area }));
});

test("ids are kept as long as nothing has changed that points cannot tell", () => {
  const cell = { ...NO_FILTER, cell: "keep" };
  assert.ok(hasSameIds(cell, { ...cell, due: ["red"] }));
  assert.ok(!hasSameIds(cell, { ...cell, cell: "telesales" }));
  assert.ok(!hasSameIds(cell, { ...cell, cellPotential: 5 }));
  assert.ok(!hasSameIds(NO_FILTER, { ...NO_FILTER, region: "3" }));
});

test("each chip takes away its own limit and no other", () => {
  const filter = { ...NO_FILTER, q: "café", due: ["red", "green"], owner: "7", area };
  const chips = chipsOf(filter, [{ rep_id: "7", name: "Ada Weber" }]);
  assert.deepEqual(
    chips.map(({ text }) => text),
    ["“café”", "Overdue", "Not due", "Ada Weber", "In the drawn area"],
  );
  assert.deepEqual(chips[1].rest, { ...filter, due: ["green"] });
  assert.deepEqual(chips[4].rest, { ...filter, area: null });
  assert.deepEqual(chipsOf(NO_FILTER, []), []);
});
