/** The way of each day in its colour on a white casing; days beyond the seventh are dashed. */
import { NOTHING, routeLines } from "../../logic/features.js";
import { MAP } from "../colours.js";

const WIDTH = ["interpolate", ["linear"], ["zoom"], 5, 2.6, 9, 4.5, 13, 7];
const CASING = ["interpolate", ["linear"], ["zoom"], 5, 5, 9, 8, 13, 11];
const ROUND = { "line-cap": "round", "line-join": "round" };

export const routeLinesLayer = {
  sources: { "route-lines": { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "route-casing",
      type: "line",
      source: "route-lines",
      layout: ROUND,
      paint: { "line-color": MAP.white, "line-width": CASING, "line-opacity": 0.9 },
    },
    {
      id: "route-lines",
      type: "line",
      source: "route-lines",
      filter: ["!", ["get", "dashed"]],
      layout: ROUND,
      paint: { "line-color": ["get", "colour"], "line-width": WIDTH },
    },
    {
      id: "route-lines-dashed",
      type: "line",
      source: "route-lines",
      filter: ["get", "dashed"],
      layout: { "line-join": "round" },
      paint: { "line-color": ["get", "colour"], "line-width": WIDTH, "line-dasharray": [2, 1] },
    },
  ],
  update(map, state, before) {
    if (state.days !== before?.days) {
      map.getSource("route-lines").setData(routeLines(state.route, state.days));
    }
  },
};
