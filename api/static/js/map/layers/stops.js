/** Numbered visits, nights, start and end of the plan. */
import { NOTHING, stopPoints } from "../../logic/features.js";
import { BOLD } from "../fonts.js";

export const stops = {
  sources: { stops: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: {
        "icon-image": ["get", "image"],
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 5, 0.72, 8, 1],
        "text-field": ["get", "label"],
        "text-font": BOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 5, 8.5, 8, 11.5],
        "text-allow-overlap": true,
        "symbol-z-order": "source",
        "symbol-sort-key": ["-", 0, ["get", "order"]],
      },
      paint: { "text-color": ["get", "ink"] },
    },
  ],
  update(map, state, before) {
    if (state.days !== before?.days) map.getSource("stops").setData(stopPoints(state.days));
  },
};
