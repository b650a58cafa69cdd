/** Roads and rails: all edges first, so that streets run into each other; then bridges over them. */
import { FERRY, PATH, RAIL, ROADS, TIE, TRACK } from "./colours.js";

/** Width in pixels at zooms 8, 12, 15 and 18; beyond it an edge of a pixel or so. */
const WIDTHS = {
  motorway: [1.3, 3.4, 7.5, 26],
  trunk: [1.1, 3, 7, 24],
  primary: [0.9, 2.5, 6.4, 22],
  secondary: [0.6, 2, 5.8, 20],
  tertiary: [0.4, 1.6, 5, 18],
  minor: [0.2, 0.9, 4, 16],
  service: [0.1, 0.5, 2, 9],
  pedestrian: [0.1, 0.6, 3, 12],
};
const ZOOMS = [8, 12, 15, 18];
const FAR_FROM = 8;
const EDGE_FROM = 10;
const KINDS = Object.keys(WIDTHS);
const ROUND = { "line-cap": "round", "line-join": "round" };

/** Links look like the road they lead to, only narrower. */
const link = (kind) => `${kind}_link`;

const byKind = (fact) => [
  "match",
  ["get", "class"],
  ...KINDS.flatMap((kind) => [[kind, link(kind)], fact(kind)]),
  fact("minor"),
];

const width = (extra) => [
  "interpolate",
  ["exponential", 1.5],
  ["zoom"],
  ...ZOOMS.flatMap((zoom, n) => [
    zoom,
    [
      "match",
      ["get", "class"],
      ...KINDS.flatMap((kind) => [
        kind,
        WIDTHS[kind][n] + extra[n],
        link(kind),
        0.65 * WIDTHS[kind][n] + extra[n],
      ]),
      WIDTHS.minor[n] + extra[n],
    ],
  ]),
];

const FILL_WIDTH = width([0, 0, 0, 0]);
const EDGE_WIDTH = width([0.8, 1.4, 1.8, 2.4]);
const fill = byKind((kind) => ROADS[kind].fill);
const edge = byKind((kind) => ROADS[kind].edge);

/** The important lie on top. */
const SORTED = { ...ROUND, "line-sort-key": byKind((kind) => -KINDS.indexOf(kind)) };

const isClass = (...kinds) => ["match", ["get", "class"], kinds, true, false];
const isRoad = isClass(...KINDS, ...KINDS.map(link));
const structure = (kind) => ["==", ["coalesce", ["get", "structure"], ""], kind];
const onGround = ["all", isRoad, ["!", structure("tunnel")]];

const road = (id, extra) => ({ id, type: "line", "source-layer": "road", ...extra });

export const roadLayers = [
  road("street-ferry", {
    filter: isClass("ferry"),
    paint: { "line-color": FERRY, "line-width": 1.2, "line-dasharray": [4, 3] },
  }),
  road("street-tunnel", {
    filter: ["all", isRoad, structure("tunnel")],
    minzoom: 13,
    layout: { "line-join": "round" },
    paint: {
      "line-color": edge,
      "line-width": FILL_WIDTH,
      "line-opacity": 0.45,
      "line-dasharray": [1.5, 1],
    },
  }),
  road("street-path", {
    filter: isClass("path"),
    minzoom: 14,
    paint: {
      "line-color": PATH,
      "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.6, 18, 2],
      "line-dasharray": [2.5, 1.5],
    },
  }),
  road("street-track", {
    filter: isClass("track"),
    minzoom: 13,
    paint: {
      "line-color": TRACK,
      "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.6, 18, 3],
      "line-dasharray": [5, 1.5],
    },
  }),
  road("street-far", {
    filter: isRoad,
    maxzoom: FAR_FROM,
    layout: SORTED,
    paint: {
      "line-color": edge,
      "line-width": [
        "interpolate",
        ["linear"],
        ["zoom"],
        4,
        isWide(0.8, 0.4),
        FAR_FROM,
        isWide(1.6, 0.8),
      ],
    },
  }),
  road("street-edge", {
    filter: onGround,
    minzoom: EDGE_FROM,
    layout: SORTED,
    paint: {
      "line-color": edge,
      "line-width": EDGE_WIDTH,
      "line-opacity": ["interpolate", ["linear"], ["zoom"], EDGE_FROM, 0.4, 13, 1],
    },
  }),
  road("street-fill", {
    filter: onGround,
    minzoom: FAR_FROM,
    layout: SORTED,
    paint: {
      // From far there is no room for an edge, so the surface takes its colour.
      "line-color": ["step", ["zoom"], edge, EDGE_FROM + 1, fill],
      "line-width": FILL_WIDTH,
    },
  }),
  {
    id: "street-rail",
    type: "line",
    "source-layer": "rail",
    filter: ["!", structure("tunnel")],
    paint: {
      "line-color": RAIL,
      "line-width": ["interpolate", ["exponential", 1.4], ["zoom"], 9, 0.6, 14, 1.6, 18, 5],
    },
  },
  {
    id: "street-rail-ties",
    type: "line",
    "source-layer": "rail",
    filter: ["all", isClass("rail"), ["!", structure("tunnel")]],
    minzoom: 12,
    paint: {
      "line-color": TIE,
      "line-width": ["interpolate", ["exponential", 1.4], ["zoom"], 12, 0.5, 14, 0.9, 18, 3],
      "line-dasharray": [5, 5],
    },
  },
  road("street-bridge-edge", {
    filter: ["all", isRoad, structure("bridge")],
    minzoom: 13,
    layout: { ...SORTED, "line-cap": "butt" },
    paint: { "line-color": edge, "line-width": width([1.4, 2, 2.8, 4]) },
  }),
  road("street-bridge", {
    filter: ["all", isRoad, structure("bridge")],
    minzoom: 13,
    layout: SORTED,
    paint: { "line-color": fill, "line-width": FILL_WIDTH },
  }),
];

function isWide(wide, narrow) {
  return ["match", ["get", "class"], ["motorway", "trunk"], wide, narrow];
}
