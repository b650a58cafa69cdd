/** The area that was drawn around accounts. */
import { polygonOf } from "../../logic/area.js";
import { NOTHING } from "../../logic/features.js";
import { MAP } from "../colours.js";

export const area = {
  sources: { area: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "area-fill",
      type: "fill",
      source: "area",
      paint: { "fill-color": MAP.accent, "fill-opacity": 0.08 },
    },
    {
      id: "area-edge",
      type: "line",
      source: "area",
      paint: { "line-color": MAP.accent, "line-width": 2, "line-dasharray": [2, 1.5] },
    },
  ],
  update(map, state, before) {
    if (state.area === (before?.area ?? null)) return;
    const shape = state.area
      ? { type: "Feature", properties: {}, geometry: polygonOf(state.area) }
      : NOTHING;
    map.getSource("area").setData(shape);
  },
};
