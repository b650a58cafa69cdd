/** What the codes of accounts are called on the page. */

import { currencySymbol } from "./format.js";

export const DUE_WORDS = { red: "overdue", yellow: "due", green: "not due" };

export const STATUS_WORDS = {
  prospect: "Prospect",
  customer: "Customer",
  inactive: "Inactive customer",
};

/** By revenue a year, from nothing up; a data set uses these names in this order. */
export const SEGMENTS = ["zero", "up_to_10k", "10k_100k", "100k_1m", "1m_5m", "above_5m"];

const SEGMENT_WORDS = {
  zero: () => "no revenue",
  up_to_10k: (sign) => `up to ${sign}10,000`,
  "10k_100k": (sign) => `${sign}10,000 to 100,000`,
  "100k_1m": (sign) => `${sign}100,000 to 1 M`,
  "1m_5m": (sign) => `${sign}1 M to 5 M`,
  above_5m: (sign) => `above ${sign}5 M`,
};

export const segmentWords = (segment) => SEGMENT_WORDS[segment]?.(currencySymbol()) ?? segment;

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
