/** The customers on the way that the list has loaded. */
import { NOTHING, onTheWayPoints } from "../../logic/features.js";
import { byDue } from "../colours.js";

export const onTheWay = {
  sources: { "on-the-way": { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "on-the-way",
      type: "circle",
      source: "on-the-way",
      layout: { "circle-sort-key": ["match", ["get", "due"], "red", 2, "yellow", 1, 0] },
      paint: {
        "circle-color": byDue("fill"),
        "circle-radius": ["+", byDue("radius"), 1],
        "circle-stroke-color": byDue("ring"),
        "circle-stroke-width": byDue("width"),
      },
    },
  ],
  update(map, state, before) {
    if (state.onTheWay.items !== before?.onTheWay.items) {
      map.getSource("on-the-way").setData(onTheWayPoints(state.onTheWay.items));
    }
    // With a plan on the map they are shown only beside their own list.
    const isShown = (now) => now?.layers.onTheWay && (now.tab === "onTheWay" || !now.route);
    if (isShown(state) !== isShown(before) || !before) {
      map.setLayoutProperty("on-the-way", "visibility", isShown(state) ? "visible" : "none");
    }
  },
};
