/** A ring around what the pointer or the focus is on in a list, or what was chosen. */
import { NOTHING, onePoint } from "../../logic/features.js";
import { MAP } from "../colours.js";

export const highlight = {
  sources: { highlight: { type: "geojson", data: NOTHING } },
  layers: [
    {
      id: "highlight-halo",
      type: "circle",
      source: "highlight",
      paint: { "circle-radius": 22, "circle-color": MAP.accent, "circle-opacity": 0.18 },
    },
    {
      id: "highlight",
      type: "circle",
      source: "highlight",
      paint: {
        "circle-radius": 16,
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-color": MAP.accent,
        "circle-stroke-width": 3,
      },
    },
  ],
  update(map, state, before) {
    const position = markedPosition(state);
    if (!before || position?.join() !== markedPosition(before)?.join()) {
      map.getSource("highlight").setData(onePoint(position));
    }
  },
};

/** @returns {import("../../types.js").Position | null} */
export function markedPosition(state) {
  const mark =
    state.highlighted ?? (state.account ? { account_id: state.account.id } : state.selected);
  if (!mark) return null;
  if (mark.location) return mark.location;
  if (mark.key) return stopAt(state, (stop) => stop.key === mark.key);
  return (
    stopAt(state, (stop) => stop.accountId === mark.account_id) ??
    state.positions.get(String(mark.account_id)) ??
    null
  );
}

function stopAt(state, test) {
  for (const day of state.days) {
    const stop = day.stops.find(test);
    if (stop) return stop.location;
  }
  return null;
}
