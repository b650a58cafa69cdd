import {
  NOBODY_COLOUR,
  OWNER_COLOURS,
  POTENTIAL_COLOURS,
  RISK_COLOURS,
  SEGMENT_COLOURS,
  VALUE_COLOURS,
  radiusOf,
} from "../logic/colour_by.js";

/** Colours of the map: a calm ground, so that what matters on it can be seen. */
export const MAP = {
  sea: "#d8e5ea",
  neighbour: "#efeeea",
  neighbourBorder: "#dcd9d1",
  land: "#fbfaf6",
  border: "#b3aa9b",
  road: "#dccfb9",
  roadCasing: "#fbfaf6",
  roadLocal: "#e4dfd5",
  label: "#4b5763",
  labelHalo: "#fbfaf6",
  cluster: "#5f7482",
  ink: "#16202b",
  accent: "#0d5c63",
  white: "#ffffff",
  night: "#2b2f4a",
  moon: "#ffe3a3",
  shield: "#fffaf0",
  shieldEdge: "#cdaa6f",
  ring: "#33424d",
};

/** Due state: fill, ring and size differ, so that no one needs to tell red from green. */
export const DUE = {
  red: { fill: "#b3261e", ring: "#ffffff", radius: 6, width: 1.5 },
  yellow: { fill: "#ffffff", ring: "#b26a00", radius: 4.5, width: 3 },
  green: { fill: "#9db3ab", ring: "#ffffff", radius: 3.5, width: 1 },
};

/** A style expression that picks one of the facts of `DUE` by the feature's due state. */
export function byDue(fact) {
  const { red, yellow, green } = DUE;
  return ["match", ["get", "due"], "red", red[fact], "yellow", yellow[fact], green[fact]];
}

const ALL_DUE = { fill: byDue("fill"), ring: byDue("ring"), radius: byDue("radius"), width: byDue("width") };

const byLevel = (fact, colours) => ({
  fill: ["match", ["get", fact], ...colours.slice(1).flatMap((one, at) => [at + 1, one]), colours[0]],
  ring: MAP.ring,
  radius: ["+", radiusOf(0), ["*", radiusOf(1) - radiusOf(0), ["get", fact]]],
  width: 0.8,
});

/** How a point looks. @param {Map<string, number>} owners index of a colour by owner */
export function pointStyle(colourBy, owners) {
  if (colourBy === "segment") return byLevel("level", SEGMENT_COLOURS);
  if (colourBy === "potential") return byLevel("potential", POTENTIAL_COLOURS);
  if (colourBy === "value") return byLevel("value", VALUE_COLOURS);
  if (colourBy === "risk") return byLevel("risk", RISK_COLOURS);
  if (colourBy === "due" || !owners.size) return ALL_DUE;
  const isNobodys = ["==", ["get", "owner"], ""];
  return {
    fill: ownerColour(["get", "owner"], owners, NOBODY_COLOUR),
    ring: ["case", isNobodys, MAP.cluster, MAP.white],
    radius: 4.5,
    width: ["case", isNobodys, 2, 1],
  };
}

const share = (fact) => ["/", ["get", fact], ["get", "point_count"]];

/** How a cluster looks: by the share of those that matter most, or by the owner that all have. */
export function clusterColour(colourBy, owners) {
  const toward = (fact, colour, full) => [
    "interpolate",
    ["linear"],
    share(fact),
    0,
    MAP.cluster,
    full,
    colour,
  ];
  if (colourBy === "due") return toward("overdue", "#9c1c15", 0.45);
  if (colourBy === "segment") return toward("large", SEGMENT_COLOURS.at(-1), 0.35);
  if (colourBy === "potential") return toward("rich", POTENTIAL_COLOURS.at(-1), 0.5);
  if (colourBy === "value") return toward("valued", VALUE_COLOURS.at(-1), 0.5);
  if (colourBy === "risk") return toward("risky", RISK_COLOURS.at(-1), 0.3);
  if (!owners.size) return MAP.cluster;
  const isOfOne = ["==", ["get", "ownerLeast"], ["get", "ownerMost"]];
  const owner = ["to-string", ["get", "ownerMost"]];
  return ["case", isOfOne, ownerColour(owner, owners, MAP.cluster), MAP.cluster];
}

const ownerColour = (owner, owners, otherwise) => [
  "match",
  owner,
  ...[...owners].flatMap(([id, colour]) => [id, OWNER_COLOURS[colour]]),
  otherwise,
];
