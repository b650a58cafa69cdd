import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MAX_CORNERS,
  isArea,
  polygonOf,
  rectangle,
  sectionArea,
  simplified,
} from "../../../api/static/js/logic/area.js";

const circle = (corners, radius = 200) =>
  Array.from({ length: corners }, (_, index) => {
    const angle = (index / corners) * 2 * Math.PI;
    return [300 + radius * Math.cos(angle), 300 + radius * Math.sin(angle)];
  });

test("corners on a straight line are left out", () => {
  const path = [
    [0, 0],
    [10, 0],
    [20, 0],
    [20, 10],
    [20, 20],
  ];
  assert.deepEqual(simplified(path), [
    [0, 0],
    [20, 0],
    [20, 20],
  ]);
});

test("a stroke of a thousand points becomes one that the service takes and stays close", () => {
  const few = simplified(circle(1000));
  assert.ok(few.length <= MAX_CORNERS && few.length > 10);
  const wild = Array.from({ length: 600 }, (_, at) => [at, (at % 2) * 300]);
  assert.ok(simplified(wild).length <= MAX_CORNERS);
  for (const [x, y] of few) assert.ok(Math.abs(Math.hypot(x - 300, y - 300) - 200) < 1e-6);
});

test("a click is no area, nor is a line", () => {
  assert.ok(!isArea([[5, 5]]));
  assert.ok(!isArea(rectangle([5, 5], [8, 8])));
  assert.ok(!isArea(rectangle([5, 5], [500, 7])));
  assert.ok(isArea(rectangle([5, 5], [50, 70])));
});

test("a polygon is closed, and what the map shows stays on Earth", () => {
  const [ring] = polygonOf([
    [9, 51],
    [10, 51],
    [10, 52],
  ]).coordinates;
  assert.deepEqual(ring[0], ring.at(-1));
  const corners = sectionArea([
    [-190, -95],
    [190, 95],
  ]);
  assert.ok(corners.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90));
});
