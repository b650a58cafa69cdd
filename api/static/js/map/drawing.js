/** Drawing an area with a mouse, a pen or a finger: one stroke around it, or a rectangle. */

import { act } from "../dom.js";
import { isArea, rectangle, rounded, simplified } from "../logic/area.js";

const SVG = "http://www.w3.org/2000/svg";

/** A sheet over the map takes the pointer while an area is drawn. */
export function mountDrawing(map, el) {
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("class", "drawing-sheet");
  sheet.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "polygon");
  sheet.append(line);
  let kind = null;
  let path = [];

  const pixel = (event) => {
    const { left, top } = sheet.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const corners = () => (kind === "rectangle" ? rectangle(path[0], path.at(-1)) : path);

  function clear() {
    path = [];
    line.setAttribute("points", "");
  }

  sheet.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    path = [pixel(event)];
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!path.length || !event.isPrimary) return;
    const here = pixel(event);
    const [x, y] = path.at(-1);
    if (Math.hypot(here[0] - x, here[1] - y) < 2) return;
    path.push(here);
    line.setAttribute("points", corners().join(" "));
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!path.length || !event.isPrimary) return;
    const drawn = simplified(corners());
    clear();
    // A click draws nothing; the tool stays for another try.
    if (!isArea(drawn)) return;
    act(
      el,
      "takeArea",
      drawn.map((point) => rounded(map.unproject(point).toArray())),
    );
  });
  sheet.addEventListener("pointercancel", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !kind) return;
    event.preventDefault();
    act(el, "drawArea", null);
  });

  return {
    update({ drawing }) {
      if (drawing === kind) return;
      kind = drawing;
      clear();
      if (kind) el.append(sheet);
      else sheet.remove();
    },
  };
}
