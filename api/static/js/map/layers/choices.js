/** Numbered places to choose from: where a doubtful account may lie, or the two of a pair. */
import { pairPositions } from "../../logic/duplicates.js";
import { NOTHING, choicePoints } from "../../logic/features.js";
import { addChoice } from "../images.js";

export const choices = {
  sources: { choices: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "choices",
      type: "symbol",
      source: "choices",
      layout: {
        "icon-image": ["get", "image"],
        "icon-allow-overlap": true,
        "symbol-sort-key": ["-", 0, ["get", "index"]],
      },
    },
  ],
  update(map, state, before) {
    const { pin, pair } = state;
    if (before && before.pair === pair && before.pin?.alternatives === pin?.alternatives) return;
    const positions = pin
      ? pin.alternatives.map(({ position }) => position)
      : pairPositions(pair);
    const points = choicePoints(positions);
    for (const { properties } of points.features) addChoice(map, properties.index + 1);
    map.getSource("choices").setData(points);
  },
};
