/** Highways, and from near the local roads. */
import { MAP } from "../colours.js";

const LOCAL_FROM_ZOOM = 9;
const is = (kind) => ["==", ["get", "kind"], kind];
const ROUND = { "line-cap": "round", "line-join": "round" };

export const roads = {
  sources: { roads: { type: "geojson", data: "/basemap/roads.geojson", tolerance: 0.5 } },
  layers: [
    {
      id: "roads-local",
      type: "line",
      source: "roads",
      filter: ["!", is("highway")],
      minzoom: LOCAL_FROM_ZOOM,
      layout: ROUND,
      paint: {
        "line-color": MAP.roadLocal,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], LOCAL_FROM_ZOOM, 0.6, 14, 3],
        "line-opacity": ["interpolate", ["linear"], ["zoom"], LOCAL_FROM_ZOOM, 0, 10, 1],
      },
    },
    {
      id: "roads-casing",
      type: "line",
      source: "roads",
      filter: is("highway"),
      minzoom: 8,
      layout: ROUND,
      paint: {
        "line-color": MAP.roadCasing,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 2.6, 10, 5, 14, 11],
      },
    },
    {
      id: "roads-highway",
      type: "line",
      source: "roads",
      filter: is("highway"),
      layout: ROUND,
      paint: {
        "line-color": MAP.road,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 4, 0.4, 7, 1, 10, 2.6, 14, 7],
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 4.5, 0.6, 8, 1],
      },
    },
  ],
};
