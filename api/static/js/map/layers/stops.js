/** Numbered visits, and pins for nights, start and end. */
import { NOTHING, stopPoints } from "../../logic/features.js";
import { addVisit } from "../images.js";

export const stops = {
  sources: { stops: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: {
        "icon-image": ["get", "image"],
        "icon-anchor": ["match", ["get", "kind"], "visit", "center", "bottom"],
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 5, 0.75, 8, 1],
        // Pins lie on top, then the earlier visits.
        "symbol-sort-key": ["-", 0, ["get", "order"]],
      },
    },
  ],
  update(map, state, before) {
    if (state.days === before?.days) return;
    const points = stopPoints(state.days);
    for (const { properties } of points.features) {
      if (properties.kind === "visit") addVisit(map, properties.day, properties.order);
    }
    map.getSource("stops").setData(points);
  },
};
