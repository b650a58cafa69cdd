/** All accounts as one clustered source; due state by colour, ring and size, or coloured by another fact. */
import { NOTHING } from "../../logic/features.js";
import { ownerColours } from "../../logic/owner_colours.js";
import { MAP, clusterColour, pointStyle } from "../colours.js";
import { BOLD } from "../fonts.js";

const DUE_STYLE = pointStyle("due", new Map());
/** Levels of segments and classes of potential that colour a cluster. */
const LARGE = 3;
const RICH = 4;
const RISKY = 3;
const sumOf = (test) => ["+", ["case", test, 1, 0]];

const LAYERS = ["account-clusters", "account-counts", "account-points"];

export const accounts = {
  sources: {
    accounts: {
      type: "geojson",
      data: NOTHING,
      cluster: true,
      clusterRadius: 46,
      clusterMaxZoom: 10,
      clusterProperties: {
        overdue: sumOf(["==", ["get", "due"], "red"]),
        large: sumOf([">=", ["get", "level"], LARGE]),
        rich: sumOf([">=", ["get", "potential"], RICH]),
        valued: sumOf([">=", ["get", "value"], RICH]),
        risky: sumOf([">=", ["get", "risk"], RISKY]),
        ownerLeast: ["min", ["to-number", ["get", "owner"], -1]],
        ownerMost: ["max", ["to-number", ["get", "owner"], -1]],
      },
    },
  },
  layers: [
    {
      id: "account-clusters",
      type: "circle",
      source: "accounts",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": MAP.cluster,
        "circle-opacity": 0.86,
        "circle-radius": [
          "interpolate",
          ["linear"],
          ["sqrt", ["get", "point_count"]],
          1,
          8,
          10,
          12,
          40,
          21,
        ],
        "circle-stroke-color": MAP.white,
        "circle-stroke-width": 1.5,
        "circle-stroke-opacity": 0.9,
      },
    },
    {
      id: "account-counts",
      type: "symbol",
      source: "accounts",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": BOLD,
        "text-size": 11,
        "text-allow-overlap": true,
        // About the circle around it: names of towns step aside.
        "text-padding": 9,
      },
      paint: { "text-color": MAP.white },
    },
    {
      id: "account-points",
      type: "circle",
      source: "accounts",
      filter: ["!", ["has", "point_count"]],
      layout: {
        // The overdue lie on top.
        "circle-sort-key": ["match", ["get", "due"], "red", 2, "yellow", 1, 0],
      },
      paint: {
        "circle-color": DUE_STYLE.fill,
        "circle-radius": DUE_STYLE.radius,
        "circle-stroke-color": DUE_STYLE.ring,
        "circle-stroke-width": DUE_STYLE.width,
      },
    },
  ],
  update(map, state, before) {
    // Beside a plan they step back.
    if (Boolean(state.route) !== Boolean(before?.route) || !before) {
      map.setPaintProperty("account-clusters", "circle-opacity", state.route ? 0.45 : 0.86);
    }
    if (state.hits && state.hits !== before?.hits) map.getSource("accounts").setData(state.hits);
    const facts = ["section", "accountPoints", "colourBy"];
    if (facts.some((name) => state[name] !== before?.[name])) colour(map, state);
    if (state.layers.accounts !== before?.layers.accounts) {
      const visibility = state.layers.accounts ? "visible" : "none";
      for (const id of LAYERS) map.setLayoutProperty(id, "visibility", visibility);
    }
  },
};

function colour(map, { section, colourBy, accountPoints }) {
  const isBook = section === "accounts";
  const owners =
    isBook && colourBy === "owner" && accountPoints
      ? ownerColours(accountPoints)
      : new Map();
  const { fill, ring, radius, width } = isBook ? pointStyle(colourBy, owners) : DUE_STYLE;
  const set = (name, value) => map.setPaintProperty("account-points", name, value);
  set("circle-color", fill);
  set("circle-radius", radius);
  set("circle-stroke-color", ring);
  set("circle-stroke-width", width);
  const clusters = isBook ? clusterColour(colourBy, owners) : MAP.cluster;
  map.setPaintProperty("account-clusters", "circle-color", clusters);
}
