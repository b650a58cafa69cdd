import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_COLOURS, dayColour } from "../../../api/static/js/logic/day_colours.js";
import { MAP } from "../../../api/static/js/map/colours.js";

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2.2, contrast ratio. */
function contrast(a, b) {
  const [low, high] = [a, b]
    .map((hex) => luminance(channels(hex).map(linear)))
    .sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Full dichromacy in linear RGB: Machado, Oliveira and Fernandes (2009), severity 1. */
const SIGHT = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};

/** CIE L*a*b* with the white of sRGB. */
function lab(hex, matrix) {
  const rgb = channels(hex).map(linear);
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(
      1,
      Math.max(0, matrix[row] * rgb[0] + matrix[row + 1] * rgb[1] + matrix[row + 2] * rgb[2]),
    ),
  );
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];
}

test("the number of a visit can be read on the colour of its day", () => {
  for (const { fill, ink } of DAY_COLOURS) assert.ok(contrast(fill, ink) >= 4.5, fill);
});

test("the first five can be seen on the ground of the map", () => {
  for (const { fill } of DAY_COLOURS.slice(0, 5)) assert.ok(contrast(fill, MAP.land) >= 3, fill);
});

test("any two differ for every kind of colour sight", () => {
  for (const [sight, matrix] of Object.entries(SIGHT)) {
    DAY_COLOURS.forEach((one, index) => {
      for (const other of DAY_COLOURS.slice(index + 1)) {
        const [a, b] = [lab(one.fill, matrix), lab(other.fill, matrix)];
        const apart = Math.hypot(...a.map((value, k) => value - b[k]));
        assert.ok(apart >= 18, `${one.fill} and ${other.fill}, ${sight}: ${apart.toFixed(1)}`);
      }
    });
  }
});

test("beyond the seventh day the colours come again, dashed", () => {
  assert.equal(dayColour(7).fill, dayColour(0).fill);
  assert.equal(dayColour(0).dashed, false);
  assert.equal(dayColour(7).dashed, true);
});
