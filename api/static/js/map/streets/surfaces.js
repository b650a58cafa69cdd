/** Land use, water, buildings and borders. */
import { BOUNDARY, BUILDING, BUILDING_EDGE, LAND, SURFACES, WATER } from "./colours.js";

const kinds = Object.keys(SURFACES);

export const surfaceLayers = [
  { id: "street-land", type: "background", paint: { "background-color": LAND } },
  {
    id: "street-landuse",
    type: "fill",
    "source-layer": "landuse",
    layout: { "fill-sort-key": ["match", ["get", "class"], ...kinds.flatMap((k, n) => [k, n]), 0] },
    paint: {
      "fill-color": ["match", ["get", "class"], ...Object.entries(SURFACES).flat(), LAND],
      "fill-opacity": ["interpolate", ["linear"], ["zoom"], 6, 0.7, 10, 1],
      "fill-antialias": false,
    },
  },
  {
    id: "street-waterway",
    type: "line",
    "source-layer": "waterway",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": WATER,
      "line-width": [
        "interpolate",
        ["exponential", 1.4],
        ["zoom"],
        7,
        ["match", ["get", "class"], "river", 0.7, 0.4],
        12,
        ["match", ["get", "class"], ["river", "canal"], 2, 0.8],
        17,
        ["match", ["get", "class"], ["river", "canal"], 9, 3],
      ],
    },
  },
  {
    id: "street-water",
    type: "fill",
    "source-layer": "water",
    paint: { "fill-color": WATER },
  },
  {
    id: "street-building",
    type: "fill",
    "source-layer": "building",
    minzoom: 14,
    paint: {
      "fill-color": BUILDING,
      "fill-outline-color": BUILDING_EDGE,
      "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0.45, 15.5, 1],
    },
  },
];

export const boundaryLayers = [
  {
    id: "street-boundary",
    type: "line",
    "source-layer": "boundary",
    layout: { "line-join": "round" },
    paint: {
      "line-color": BOUNDARY,
      "line-opacity": ["match", ["get", "class"], "country", 0.85, "state", 0.65, 0.4],
      "line-width": [
        "interpolate",
        ["linear"],
        ["zoom"],
        6,
        ["match", ["get", "class"], "country", 1.2, "state", 0.9, 0.5],
        14,
        ["match", ["get", "class"], "country", 3, "state", 2.2, 1.3],
      ],
      "line-dasharray": [3, 2],
    },
  },
];
