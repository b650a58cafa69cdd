/** Markers, drawn once on a canvas: a disc for each day's visits, and one for each kind of end. */

import { dayColour } from "../logic/day_colours.js";
import { MAX_DAYS } from "../logic/trip_form.js";
import { MAP } from "./colours.js";

const RATIO = 2;
const NIGHT = "#2b2f4a";

/** @param {import("maplibre-gl").Map} map */
export function addImages(map) {
  for (let day = 0; day < MAX_DAYS; day += 1) {
    const { fill, ink, dashed } = dayColour(day);
    add(map, `visit-${day}`, 26, (context, size) => disc(context, size, fill, MAP.white, dashed && ink));
  }
  add(map, "start", 24, (context, size) => {
    disc(context, size, MAP.white, MAP.ink);
    dot(context, size, 4.5, MAP.ink);
  });
  add(map, "end", 24, (context, size) => {
    disc(context, size, MAP.ink, MAP.white);
    dot(context, size, 4.5, MAP.white);
  });
  add(map, "overnight", 26, (context, size) => {
    disc(context, size, NIGHT, MAP.white);
    moon(context, size);
  });
}

function add(map, name, size, draw) {
  if (map.hasImage(name)) return;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  draw(context, size);
  map.addImage(name, context.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: RATIO });
}

function disc(context, size, fill, ring, dashInk = null) {
  const middle = size / 2;
  context.beginPath();
  context.arc(middle, middle, middle - 2, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.shadowColor = "rgba(22, 32, 43, 0.35)";
  context.shadowBlur = 2;
  context.fill();
  context.shadowColor = "transparent";
  context.lineWidth = 2;
  context.strokeStyle = ring;
  context.stroke();
  if (!dashInk) return;
  context.setLineDash([3, 2.5]);
  context.lineWidth = 1.2;
  context.strokeStyle = dashInk;
  context.beginPath();
  context.arc(middle, middle, middle - 4.5, 0, 2 * Math.PI);
  context.stroke();
}

function dot(context, size, radius, fill) {
  context.beginPath();
  context.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

function moon(context, size) {
  const middle = size / 2;
  dot(context, size, 6, "#ffe3a3");
  context.beginPath();
  context.arc(middle + 3, middle - 2, 5, 0, 2 * Math.PI);
  context.fillStyle = NIGHT;
  context.fill();
}
