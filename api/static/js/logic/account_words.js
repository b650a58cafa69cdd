/** What the codes of accounts are called on the page. */

import { count, currencySymbol, decimal } from "./format.js";

export const DUE_WORDS = { red: "overdue", yellow: "due", green: "not due" };

export const STATUS_WORDS = {
  prospect: "Prospect",
  customer: "Customer",
  inactive: "Inactive customer",
};

/** What a data set starts with, until it has said its own: name and lowest revenue a year. */
const STARTING = [
  ["zero", 0],
  ["up_to_10k", 1],
  ["10k_100k", 10_000],
  ["100k_1m", 100_000],
  ["1m_5m", 1_000_000],
  ["above_5m", 5_000_000],
];

/** Classes of colour and size on the map. */
const LEVELS_OF_SEGMENTS = 6;

let segments = STARTING;

/** @param {{segment: string, revenue_from: number}[]} told by GET /dataset, by rising revenue */
export function useSegments(told) {
  segments = told.map(({ segment, revenue_from }) => [segment, revenue_from]);
}

/** By revenue a year, from nothing up. */
export const segmentNames = () => segments.map(([name]) => name);

/** "no revenue", "up to €10,000", "€10,000 to 100,000", "above €5 M". */
export function segmentWords(name) {
  const at = segments.findIndex(([one]) => one === name);
  if (at < 0) return name;
  const sign = currencySymbol();
  const [from, to] = [segments[at][1], segments[at + 1]?.[1]];
  if (to === undefined) return at ? `above ${sign}${roundAmount(from)}` : "any revenue";
  if (to <= 1) return "no revenue";
  return from <= 1 ? `up to ${sign}${roundAmount(to)}` : `${sign}${roundAmount(from)} to ${roundAmount(to)}`;
}

function roundAmount(value) {
  return value >= 1e6 ? `${decimal(value / 1e6)} M` : count(value);
}

/** Class of colour and size, 0 to 5: more than six segments share them. */
export function segmentLevel(name) {
  const at = Math.max(0, segments.findIndex(([one]) => one === name));
  const most = LEVELS_OF_SEGMENTS - 1;
  return segments.length <= LEVELS_OF_SEGMENTS ? at : Math.round((at * most) / (segments.length - 1));
}

/** What is wrong with where an account lies. `short` stands in a list, `long` beside the pin. */
export const ISSUES = {
  LOCATION_MISSING: {
    short: "Not on the map",
    long: "It has no position: it is not planned until its pin is set.",
  },
  GEOCODE_TOO_COARSE: {
    short: "Only roughly known",
    long: "It is known only roughly where it lies: it is not planned until its pin is set.",
  },
  GEOCODE_AMBIGUOUS: {
    short: "Several places fit",
    long: "Its address fits several places: it is not planned until one is chosen.",
  },
  UNREACHABLE_BY_ROAD: {
    short: "Far from any road",
    long: "No road of the map leads there: it is not planned until its pin is moved.",
  },
};

export const issueWords = (code) => ISSUES[code]?.short ?? code;

const LEVELS = {
  position: "Exact position",
  address: "Known to the house",
  interpolated: "Between two known houses",
  street: "Only the street is known",
  postcode: "Only the postcode is known",
  place: "Only the town is known",
};

/** How exactly it is known where an account lies. */
export const levelWords = (level) => LEVELS[level] ?? "Not known";

const SOURCES = {
  hand: "Pin set by hand",
  import: "Position as imported",
  geocoder: "Found by its address",
  sample: "Position of the sample",
};

export const sourceWords = (source) => SOURCES[source] ?? null;
