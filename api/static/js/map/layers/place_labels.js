/** Names of towns, the largest first; they give way to markers. */
import { MAP } from "../colours.js";
import { REGULAR } from "../fonts.js";

export const placeLabels = {
  sources: { places: { type: "geojson", data: "/basemap/places.geojson" } },
  layers: [
    {
      id: "place-labels",
      type: "symbol",
      source: "places",
      filter: [
        ">=",
        ["get", "population"],
        [
          "step",
          ["zoom"],
          500_000,
          5.2,
          200_000,
          6.2,
          90_000,
          7.2,
          40_000,
          8.2,
          15_000,
          9.5,
          3000,
          11,
          0,
        ],
      ],
      layout: {
        "text-field": ["get", "name"],
        "text-font": REGULAR,
        "text-size": [
          "interpolate",
          ["linear"],
          ["zoom"],
          5,
          ["interpolate", ["linear"], ["log10", ["max", ["get", "population"], 1]], 4, 10, 6.5, 14],
          10,
          [
            "interpolate",
            ["linear"],
            ["log10", ["max", ["get", "population"], 1]],
            3.5,
            11,
            6.5,
            22,
          ],
        ],
        // A marker at the town's centre moves its name aside.
        "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
        "text-radial-offset": 1.2,
        "text-justify": "auto",
        "text-padding": 4,
        "text-max-width": 7,
        "symbol-sort-key": ["-", 0, ["get", "population"]],
      },
      paint: { "text-color": MAP.label, "text-halo-color": MAP.labelHalo, "text-halo-width": 1.6 },
    },
  ],
};
