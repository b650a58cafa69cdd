import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_FILTER } from "../../../api/static/js/logic/account_filter.js";
import { OWNER_COLOURS, levelLegend, riskLevel } from "../../../api/static/js/logic/colour_by.js";
import { ownerColours } from "../../../api/static/js/logic/owner_colours.js";
import {
  filteredPoints,
  moneyBounds,
  ownersWithin,
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
  const bounds = moneyBounds(Array.from({ length: 1000 }, (_, at) => (at + 1) * 37));
  assert.deepEqual(bounds, [7000, 10_000, 20_000, 30_000]);
  assert.deepEqual(moneyBounds([]), []);
  assert.deepEqual(moneyBounds([5, 5, 5]), [5]);
  const all = { potential: bounds, value: [500, 2000] };
  assert.equal(levelLegend("potential", all)[0].text, "€30,000 and more");
  assert.equal(levelLegend("potential", all).at(-1).text, "below €7,000");
  assert.equal(levelLegend("value", all).at(-2).text, "€500 to €2,000");
});

test("churn risk has four classes, and one for who never ordered", () => {
  const levels = [undefined, 0, 4.9, 5, 19, 20, 50, 100].map(riskLevel);
  assert.deepEqual(levels, [0, 1, 1, 2, 2, 3, 4, 4]);
  const words = levelLegend("risk").map(({ text }) => text);
  assert.deepEqual(words, ["50 % and more", "20 to 50 %", "5 to 20 %", "below 5 %", "never ordered"]);
});

test("points and lists give an account the same classes of value and risk", () => {
  const value = (amount) => feature(amount, [9, 51], { value: amount, risk: 30 });
  const points = readPoints({ features: [10, 200, 3000, 40_000, 500_000].map(value) });
  const { properties } = points.features[2];
  const { potential, due, segment, status } = answer.features[0].properties;
  const listed = { potential, due, segment, status, customer_value: 3000, churn_risk: 0.3 };
  const moved = withPoint(points, { ...listed, account_id: "3000" }, [9, 51]).features.at(-1);
  assert.equal(moved.properties.value, properties.value);
  assert.equal(moved.properties.risk, properties.risk);
  assert.equal(properties.risk, 3);
  assert.ok(properties.value > 0);
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
