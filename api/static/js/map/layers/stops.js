/** Numbered visits and appointments, and pins for breaks, nights, start and end. */
import { NOTHING, stopPoints } from "../../logic/features.js";
import { addAppointment, addVisit } from "../images.js";

export const stops = {
  sources: { stops: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: {
        "icon-image": ["get", "image"],
        "icon-anchor": ["match", ["get", "kind"], ["visit", "appointment"], "center", "bottom"],
        // A break is mostly taken at a visit, whose number stays in sight below it.
        "icon-offset": ["match", ["get", "kind"], "break", ["literal", [0, -10]], ["literal", [0, 0]]],
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
      const { kind, day, order } = properties;
      if (kind === "visit") addVisit(map, day, order);
      else if (kind === "appointment") addAppointment(map, day, order);
    }
    map.getSource("stops").setData(points);
  },
};
