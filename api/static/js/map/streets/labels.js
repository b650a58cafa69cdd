/** Names of streets along them, numbers of roads on shields, names of waters and settlements. */
import { BOLD, REGULAR } from "../fonts.js";
import { DISTRICT, HALO, PLACE, REF, ROAD_NAME, WATER_NAME } from "./colours.js";

export const SHIELD = "street-shield";

const isClass = (...kinds) => ["match", ["get", "class"], kinds, true, false];
const IMPORTANT = ["motorway", "trunk", "primary", "secondary", "tertiary"];

/** Several numbers stand in one attribute, set apart by semicolons; the first is the road's own. */
const firstRef = [
  "case",
  ["in", ";", ["get", "ref"]],
  ["slice", ["get", "ref"], 0, ["index-of", ";", ["get", "ref"]]],
  ["get", "ref"],
];

const halo = (colour, width = 1.6) => ({
  "text-color": colour,
  "text-halo-color": HALO,
  "text-halo-width": width,
});

const RANK = ["city", "town", "village", "suburb", "borough", "hamlet", "quarter"];
const place = (id, kinds, minzoom, size, paint, layout) => ({
  id,
  type: "symbol",
  "source-layer": "place",
  filter: isClass(...kinds),
  minzoom,
  layout: {
    "text-field": ["get", "name"],
    "text-font": REGULAR,
    "text-size": size,
    "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
    // Far enough to clear the circle of the accounts of a town, which stands where its name would.
    "text-radial-offset": 1.6,
    "text-justify": "auto",
    "text-padding": 4,
    "text-max-width": 8,
    "symbol-sort-key": [
      "-",
      ["match", ["get", "class"], ...RANK.flatMap((k, n) => [k, n]), RANK.length],
      ["/", ["coalesce", ["get", "population"], 0], 10_000_000],
    ],
    ...layout,
  },
  paint,
});

const sizes = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

export const labelLayers = [
  {
    id: "street-waterway-names",
    type: "symbol",
    "source-layer": "waterway",
    filter: ["has", "name"],
    minzoom: 13,
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 400,
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": 11,
      "text-letter-spacing": 0.08,
    },
    paint: halo(WATER_NAME, 1.2),
  },
  {
    id: "street-water-names",
    type: "symbol",
    "source-layer": "water",
    filter: ["has", "name"],
    minzoom: 11,
    layout: {
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": 11.5,
      "text-letter-spacing": 0.06,
      "text-max-width": 7,
      "text-padding": 8,
    },
    paint: halo(WATER_NAME, 1.2),
  },
  {
    id: "street-names",
    type: "symbol",
    "source-layer": "road",
    filter: ["all", ["has", "name"], ["!", isClass("path", "track", "ferry")]],
    minzoom: 13,
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 320,
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": [
        "interpolate",
        ["linear"],
        ["zoom"],
        13,
        ["case", isClass(...IMPORTANT), 10, 8.5],
        17,
        ["case", isClass(...IMPORTANT), 14, 12.5],
      ],
      "text-max-angle": 35,
      "text-padding": 3,
      "symbol-sort-key": ["match", ["get", "class"], ...IMPORTANT.flatMap((k, n) => [k, n]), 9],
    },
    paint: halo(ROAD_NAME),
  },
  {
    id: "street-refs",
    type: "symbol",
    "source-layer": "road",
    filter: ["all", ["has", "ref"], isClass("motorway", "trunk", "primary")],
    minzoom: 8,
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 260,
      "text-field": firstRef,
      "text-font": BOLD,
      "text-size": 9.5,
      "text-rotation-alignment": "viewport",
      "text-padding": 20,
      "icon-image": SHIELD,
      "icon-text-fit": "both",
      "icon-text-fit-padding": [1, 3, 1, 3],
      "icon-rotation-alignment": "viewport",
      "symbol-sort-key": ["match", ["get", "class"], "motorway", 0, "trunk", 1, 2],
    },
    paint: { "text-color": REF },
  },
  place(
    "street-districts",
    ["suburb", "borough", "quarter", "neighbourhood", "isolated_dwelling"],
    11.5,
    sizes(11, 9.5, 15, 12.5),
    halo(DISTRICT),
    { "text-letter-spacing": 0.06 },
  ),
  place("street-hamlets", ["hamlet"], 12, sizes(12, 10, 16, 13.5), halo(DISTRICT)),
  place("street-villages", ["village"], 9.5, sizes(10, 10.5, 15, 16), halo(PLACE)),
  place("street-towns", ["city", "town"], 4, sizes(6, 11, 10, 14, 15, 21), halo(PLACE, 1.8), {
    "text-font": BOLD,
  }),
];
