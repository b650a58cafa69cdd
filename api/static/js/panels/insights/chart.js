/** A chart of lines as SVG. What it shows stands in a table beside it, too. */

import { extent, scale, ticks } from "../../logic/chart_scale.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 560;
const HEIGHT = 270;
const ROOM = { left: 72, right: 14, top: 30, bottom: 40 };

/**
 * @param {object} facts
 * @param {string} facts.title what a screen reader says
 * @param {{label: string, format?: (value: number) => string, from?: number, to?: number}} facts.x
 * @param {{label: string, format?: (value: number) => string, from?: number, to?: number}} facts.y
 * @param {{points: [number, number][], label?: string, kind?: "main" | "other" | "ideal", isDotted?: boolean}[]} facts.lines
 *   `isDotted`: points without a line between them
 * @param {{from: number, to: number, label?: string}[]} [facts.bands] of x
 * @param {{x: number, y: number, label: string}[]} [facts.marks]
 */
export function lineChart({ title, x, y, lines, bands = [], marks = [] }) {
  const all = [...lines.flatMap(({ points }) => points), ...marks.map((mark) => [mark.x, mark.y])];
  const [lowX, highX] = extent([...all.map(([value]) => value), ...bands.flatMap((b) => [b.from, b.to])]) ?? [0, 1];
  const [lowY, highY] = extent(all.map(([, value]) => value)) ?? [0, 1];
  const rangeX = [x.from ?? lowX, x.to ?? highX];
  const rangeY = [y.from ?? Math.min(0, lowY), y.to ?? highY * 1.05];
  const toX = scale(rangeX, [ROOM.left, WIDTH - ROOM.right]);
  const toY = scale(rangeY, [HEIGHT - ROOM.bottom, ROOM.top]);

  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": title });
  for (const { from, to, label } of bands) {
    const left = toX(Math.max(from, rangeX[0]));
    const width = Math.max(2, toX(Math.min(to, rangeX[1])) - left);
    const height = HEIGHT - ROOM.bottom - ROOM.top;
    const area = s("rect", { class: "chart-band", x: left, y: ROOM.top, width, height });
    if (label) area.append(s("title", {}, label));
    svg.append(area);
  }
  for (const value of ticks(...rangeY)) {
    svg.append(
      s("line", { class: "chart-grid", x1: ROOM.left, x2: WIDTH - ROOM.right, y1: toY(value), y2: toY(value) }),
      s("text", { class: "chart-tick", x: ROOM.left - 6, y: toY(value) + 4, "text-anchor": "end" }, (y.format ?? String)(value)),
    );
  }
  for (const value of ticks(...rangeX, 6)) {
    svg.append(
      s("text", { class: "chart-tick", x: toX(value), y: HEIGHT - ROOM.bottom + 16, "text-anchor": anchorAt(toX(value)) }, (x.format ?? String)(value)),
    );
  }
  svg.append(
    s("text", { class: "chart-label", x: (ROOM.left + WIDTH - ROOM.right) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, x.label),
    s("text", { class: "chart-label", x: 0, y: 14 }, y.label),
  );
  for (const { points, kind = "main", isDotted = false } of lines) {
    if (isDotted) {
      for (const [px, py] of points) svg.append(s("circle", { class: `chart-dot chart-${kind}`, cx: toX(px), cy: toY(py), r: 3.5 }));
    } else {
      const path = points.map(([px, py]) => `${toX(px).toFixed(1)},${toY(py).toFixed(1)}`).join(" ");
      svg.append(s("polyline", { class: `chart-line chart-${kind}`, points: path }));
    }
  }
  for (const { x: px, y: py, label } of marks) {
    const isRight = toX(px) > WIDTH * 0.7;
    svg.append(
      s("circle", { class: "chart-mark", cx: toX(px), cy: toY(py), r: 5 }),
      s("text", { class: "chart-words", x: toX(px) + (isRight ? -9 : 9), y: toY(py) - 8, "text-anchor": isRight ? "end" : "start" }, label),
    );
  }
  return withKey(svg, lines);
}

/** The last number of an axis ends with the chart, or it would be cut off. */
const anchorAt = (place) => (place > WIDTH - ROOM.right - 24 ? "end" : "middle");

/** With the names of its lines below, where they have some. */
function withKey(svg, lines) {
  const named = lines.filter(({ label }) => label);
  const figure = document.createElement("figure");
  figure.className = "chart-figure";
  figure.append(svg);
  if (named.length) {
    const caption = document.createElement("figcaption");
    for (const { label, kind = "main" } of named) {
      const key = document.createElement("span");
      key.className = `chart-key chart-key-${kind}`;
      key.textContent = label;
      caption.append(key);
    }
    figure.append(caption);
  }
  return figure;
}

function s(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}
