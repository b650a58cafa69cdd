/** The country as an area on its surroundings. */
import { MAP } from "../colours.js";

export const land = {
  sources: { border: { type: "geojson", data: "/basemap/border.geojson", attribution: "" } },
  layers: [
    { id: "outside", type: "background", paint: { "background-color": MAP.outside } },
    { id: "land", type: "fill", source: "border", paint: { "fill-color": MAP.land } },
    {
      id: "coast",
      type: "line",
      source: "border",
      layout: { "line-join": "round" },
      paint: {
        "line-color": MAP.coast,
        "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 9, 1.8],
      },
    },
  ],
};
