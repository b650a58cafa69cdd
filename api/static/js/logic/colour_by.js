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
  value: "Customer value",
  risk: "Churn risk",
  owner: "Owner",
};

/** From nothing to above 5 M. */
export const SEGMENT_COLOURS = ["#c2ced1", "#8cc0c2", "#4a9ea6", "#1f7589", "#1b4a6f", "#241a4d"];

/** Five classes from the least potential to the most. */
export const POTENTIAL_COLOURS = ["#ecd9ab", "#e3b04f", "#cf7d2c", "#a04a1c", "#572410"];

/** Five classes of customer value, from the least to the most. */
export const VALUE_COLOURS = ["#d5e3c8", "#9fc98d", "#5ea460", "#2c7a4b", "#0d4a37"];

/** Who never ordered, and four classes of churn risk. */
export const RISK_COLOURS = ["#ffffff", "#d9c7e0", "#b284c0", "#853f9a", "#4b1463"];

/** Percent from which the second and later classes of churn risk begin. */
export const RISK_FROM = [5, 20, 50];

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

/**
 * @param {string} colourBy
 * @param {{potential: number[], value: number[]}} [bounds] between classes of money
 * @returns {{colour: string, radius: number, text: string}[]} from the highest level down
 */
export function levelLegend(colourBy, bounds = { potential: [], value: [] }) {
  return levelRows(colourBy, bounds)
    .map(([level, colours, text]) => ({ colour: colours[level], radius: radiusOf(level), text }))
    .reverse();
}

/** Level, colours and words of each, from the lowest level up. */
function levelRows(colourBy, bounds) {
  if (colourBy === "segment") {
    return segmentNames().map((name) => [segmentLevel(name), SEGMENT_COLOURS, segmentWords(name)]);
  }
  const rows = (colours, words) => colours.map((_, level) => [level, colours, words(level)]);
  if (colourBy === "risk") return rows(RISK_COLOURS, riskWords);
  if (colourBy === "value") return rows(VALUE_COLOURS, (level) => moneyWords(level, bounds.value));
  return rows(POTENTIAL_COLOURS, (level) => moneyWords(level, bounds.potential));
}

/** "below €5,000", "€5,000 to €20,000", "€500,000 and more". */
export function moneyWords(level, bounds) {
  if (level === 0) return `below ${money(bounds[0] ?? 0)}`;
  if (level >= bounds.length) return `${money(bounds.at(-1) ?? 0)} and more`;
  return `${money(bounds[level - 1])} to ${money(bounds[level])}`;
}

/** Of a class of churn risk: 0 has never ordered. */
export function riskWords(level) {
  if (level === 0) return "never ordered";
  if (level === 1) return `below ${RISK_FROM[0]} %`;
  if (level > RISK_FROM.length) return `${RISK_FROM.at(-1)} % and more`;
  return `${RISK_FROM[level - 2]} to ${RISK_FROM[level - 1]} %`;
}

/** Class of a churn risk in percent; 0 where there is none. */
export const riskLevel = (percent) =>
  percent === undefined ? 0 : 1 + RISK_FROM.filter((from) => percent >= from).length;
