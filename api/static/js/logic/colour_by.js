/**
 * By what the points of accounts can be coloured. Levels rise in darkness and in size, so that no
 * one needs to tell colours apart; the due state has shapes of its own.
 */

import { segmentLevel, segmentNames, segmentWords } from "./account_words.js";
import { money } from "./format.js";

export const COLOURS = {
  due: "Due state",
  segment: "Segment",
  potential: "Potential",
  owner: "Owner",
};

/** From nothing to above 5 M. */
export const SEGMENT_COLOURS = ["#c2ced1", "#8cc0c2", "#4a9ea6", "#1f7589", "#1b4a6f", "#241a4d"];

/** Five classes from the least potential to the most. */
export const POTENTIAL_COLOURS = ["#ecd9ab", "#e3b04f", "#cf7d2c", "#a04a1c", "#572410"];

/** Neighbours differ; told apart with any of the usual kinds of colour blindness (Okabe and Ito). */
export const OWNER_COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#3d3d4a",
];

export const NOBODY_COLOUR = "#ffffff";

/** Radius of a point by its level. */
export const radiusOf = (level) => 3 + level * 0.8;

/** @returns {{colour: string, radius: number, text: string}[]} from the highest level down */
export function levelLegend(colourBy, bounds = []) {
  const rows =
    colourBy === "segment"
      ? segmentNames().map((name) => [segmentLevel(name), SEGMENT_COLOURS, segmentWords(name)])
      : POTENTIAL_COLOURS.map((_, level) => [level, POTENTIAL_COLOURS, potentialWords(level, bounds)]);
  return rows
    .map(([level, colours, text]) => ({ colour: colours[level], radius: radiusOf(level), text }))
    .reverse();
}

/** "below €5,000", "€5,000 to €20,000", "€500,000 and more". */
export function potentialWords(level, bounds) {
  if (level === 0) return `below ${money(bounds[0] ?? 0)}`;
  if (level >= bounds.length) return `${money(bounds.at(-1) ?? 0)} and more`;
  return `${money(bounds[level - 1])} to ${money(bounds[level])}`;
}
