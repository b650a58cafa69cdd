/** Highways: hardly there from far, a network from near. */
import { MAP } from "../colours.js";

export const roads = {
  sources: { roads: { type: "geojson", data: "/basemap/roads.geojson" } },
  layers: [
    {
      id: "roads",
      type: "line",
      source: "roads",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": MAP.road,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 4, 0.35, 7, 0.9, 10, 2.2, 14, 6],
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 4.5, 0.45, 8, 1],
      },
    },
  ],
};
