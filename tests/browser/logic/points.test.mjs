import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_FILTER } from "../../../api/static/js/logic/account_filter.js";
import { OWNER_COLOURS, levelLegend } from "../../../api/static/js/logic/colour_by.js";
import { ownerColours } from "../../../api/static/js/logic/owner_colours.js";
import {
  filteredPoints,
  ownersWithin,
  potentialBounds,
  readPoints,
  withPoint,
} from "../../../api/static/js/logic/points.js";

const feature = (id, coordinates, properties = {}) => ({
  type: "Feature",
  id,
  properties: { status: "customer", segment: "zero", due: "green", potential: 100, ...properties },
  geometry: { type: "Point", coordinates },
});

const answer = {
  type: "FeatureCollection",
  features: [
    feature(1, [9, 51], { owner: 12, due: "red" }),
    feature(2, [10, 52], { segment: "1m_5m", potential: 90_000, issue: "GEOCODE_TOO_COARSE" }),
    feature(3, [11, 53], { owner: 12 }),
  ],
};

test("points say their segment's level, and nobody and nothing as empty words", () => {
  const [first, second] = readPoints(answer).features.map(({ properties }) => properties);
  assert.equal(first.owner, "12");
  assert.equal(first.issue, "");
  assert.equal(second.owner, "");
  assert.equal(second.level, 4);
  assert.ok(second.potential > first.potential);
});

test("classes of potential hold about as many accounts each, between round numbers", () => {
  const bounds = potentialBounds(Array.from({ length: 1000 }, (_, at) => (at + 1) * 37));
  assert.deepEqual(bounds, [7000, 10_000, 20_000, 30_000]);
  assert.deepEqual(potentialBounds([]), []);
  assert.deepEqual(potentialBounds([5, 5, 5]), [5]);
  assert.equal(levelLegend("potential", bounds)[0].text, "€30,000 and more");
  assert.equal(levelLegend("potential", bounds).at(-1).text, "below €7,000");
});

test("all points stay the same object where nothing is filtered", () => {
  const points = readPoints(answer);
  assert.equal(filteredPoints(points, NO_FILTER, null), points);
  const idsOf = (patch, ids = null) =>
    filteredPoints(points, { ...NO_FILTER, ...patch }, ids).features.map(({ id }) => id);
  assert.deepEqual(idsOf({ owner: "12" }), [1, 3]);
  assert.deepEqual(idsOf({ owner: "12" }, new Set(["3", "2"])), [3]);
  assert.deepEqual(idsOf({ issue: "any" }), [2]);
});

test("a pin that is moved keeps its class, and one that is new gets one", () => {
  const points = readPoints(answer);
  const facts = { due: "red", segment: "zero", status: "customer", potential: 100, owner_id: "12" };
  const account = { account_id: "1", ...facts };
  const moved = withPoint(points, account, [8, 50]);
  assert.deepEqual(moved.features.find(({ id }) => id === 1).geometry.coordinates, [8, 50]);
  assert.deepEqual(moved.features.at(-1).properties, points.features[0].properties);
  assert.equal(withPoint(points, { ...account, account_id: "9" }, [8, 50]).features.length, 4);
  assert.equal(withPoint(points, account, undefined).features.length, 2);
});

test("owners in view are counted, most first", () => {
  const view = [
    [8, 50],
    [10.5, 54],
  ];
  const points = readPoints({
    ...answer,
    features: [...answer.features, feature(4, [9, 50.5], { owner: 12 })],
  });
  assert.deepEqual(ownersWithin(points, view), [
    { owner: "12", count: 2 },
    { owner: "", count: 1 },
  ]);
});

test("owners side by side differ, and the same points have the same colours", () => {
  // A board of 6 x 6 territories, a degree each, with 9 accounts apiece.
  const features = [];
  for (let x = 0; x < 6; x += 1) {
    for (let y = 0; y < 6; y += 1) {
      for (let at = 0; at < 9; at += 1) {
        const spot = [x + 0.2 + 0.3 * (at % 3), y + 0.2 + 0.3 * Math.floor(at / 3)];
        features.push(feature(features.length, spot, { owner: 100 + x * 6 + y }));
      }
    }
  }
  const colours = ownerColours(readPoints({ features }));
  assert.equal(colours.size, 36);
  assert.equal(new Set(colours.values()).size, OWNER_COLOURS.length);
  const at = (x, y) => colours.get(String(100 + x * 6 + y));
  for (let x = 0; x < 5; x += 1) {
    for (let y = 0; y < 5; y += 1) {
      assert.notEqual(at(x, y), at(x + 1, y));
      assert.notEqual(at(x, y), at(x, y + 1));
      assert.notEqual(at(x, y), at(x + 1, y + 1));
    }
  }
  assert.deepEqual(ownerColours(readPoints({ features })), colours);
});
