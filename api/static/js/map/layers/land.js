/** The sea, the neighbours, and the country itself. */
import { MAP } from "../colours.js";

/** Of our own ground, and of the ways and towns that are shown on any. */
export const ATTRIBUTION = "© OpenStreetMap contributors, GeoNames, Natural Earth";

const is = (kind) => ["==", ["get", "kind"], kind];

export const land = {
  sources: {
    border: { type: "geojson", data: "/basemap/border.geojson", attribution: ATTRIBUTION },
  },
  layers: [
    { id: "sea", type: "background", paint: { "background-color": MAP.sea } },
    {
      id: "neighbours",
      type: "fill",
      source: "border",
      filter: is("neighbour"),
      paint: { "fill-color": MAP.neighbour, "fill-outline-color": MAP.neighbourBorder },
    },
    {
      id: "land",
      type: "fill",
      source: "border",
      filter: is("outline"),
      paint: { "fill-color": MAP.land },
    },
    {
      id: "border",
      type: "line",
      source: "border",
      filter: is("outline"),
      layout: { "line-join": "round" },
      paint: {
        "line-color": MAP.border,
        "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 9, 2],
      },
    },
  ],
};
