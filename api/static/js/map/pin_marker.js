/** The pin that is being set: dragged, or moved by the arrow keys. */

import { Marker } from "maplibre-gl";
import { act, h } from "../dom.js";
import { nudged } from "../logic/position_text.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const FAR = 10;

const SVG = "http://www.w3.org/2000/svg";

export function mountPinMarker(map, el) {
  let position = null;
  const element = h("div", {
    class: "pin-marker",
    tabindex: "0",
    role: "button",
    "aria-roledescription": "movable pin",
  });
  element.append(drop());
  element.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !position) return;
    event.preventDefault();
    event.stopPropagation(); // The map would move too.
    const pixels = event.shiftKey ? 1 : FAR;
    const by = step.map((one) => one * pixels);
    act(el, "placePin", nudged(position, by, map.getZoom()));
  });
  const marker = new Marker({ element, draggable: true, anchor: "bottom" });
  marker.on("dragend", () => act(el, "placePin", marker.getLngLat().toArray()));

  return {
    update({ pin }) {
      const wanted = pin?.position ?? null;
      if (!wanted) {
        if (position) marker.remove();
        position = null;
        return;
      }
      element.setAttribute(
        "aria-label",
        `Pin of ${pin.name}. Arrow keys move it, with Shift by small steps.`,
      );
      marker.setDraggable(!pin.isSaving);
      if (wanted.join() !== position?.join()) marker.setLngLat(wanted);
      if (!position) {
        marker.addTo(map);
        // Set by the library to the name of the map's own markers.
        element.setAttribute("role", "button");
      }
      position = wanted;
    },
  };
}

function drop() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 30 38");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M15 36.5C15 36.5 27 24.6 27 14.5A12 12 0 0 0 3 14.5C3 24.6 15 36.5 15 36.5Z");
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("cx", "15");
  dot.setAttribute("cy", "14.5");
  dot.setAttribute("r", "4.5");
  svg.append(path, dot);
  return svg;
}
