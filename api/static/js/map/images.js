/**
 * Markers, drawn on a canvas: a numbered disc for a visit, a numbered plate with a heavy rim for an
 * appointment, a square pin with a cup for a break, a round pin for each kind of end. The number
 * is part of the picture, so that where two visits overlap one hides the other as a whole.
 */

import { dayColour } from "../logic/day_colours.js";
import { MAP } from "./colours.js";

const RATIO = 2;
const DISC = { width: 26, height: 26 };
const PIN = { width: 28, height: 36 };
const FONT = "650 11.5px Inter, system-ui, sans-serif";

/** @param {import("maplibre-gl").Map} map */
export function addPins(map) {
  add(map, "start", PIN, (context) => {
    pin(context, MAP.white, MAP.ink);
    dot(context, 14, 14, 4.5, MAP.ink);
  });
  add(map, "end", PIN, (context) => {
    pin(context, MAP.ink, MAP.white);
    dot(context, 14, 14, 4.5, MAP.white);
  });
  add(map, "overnight", PIN, (context) => {
    pin(context, MAP.night, MAP.white);
    dot(context, 14, 14, 6, MAP.moon);
    dot(context, 17, 12, 5, MAP.night);
  });
  add(map, "break", PIN, (context) => {
    signpost(context, MAP.white, MAP.ink);
    cup(context, MAP.ink);
  });
}

/** A plate that grows with the number on it. */
export function addShield(map, name) {
  const size = { width: 20, height: 14 };
  const stretch = { stretchX: [[10, 30]], stretchY: [[10, 18]], content: [6, 4, 34, 24] };
  const draw = (context) => {
    context.beginPath();
    context.roundRect(0.75, 0.75, size.width - 1.5, size.height - 1.5, 3);
    context.fillStyle = MAP.shield;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = MAP.shieldEdge;
    context.stroke();
  };
  add(map, name, size, draw, stretch);
}

/** The disc of a visit. @returns {string} the name of its image */
export function addVisit(map, day, number) {
  const { fill, ink, dashed } = dayColour(day);
  const name = `visit-${day}-${number}`;
  add(map, name, DISC, (context) => {
    const middle = DISC.width / 2;
    circle(context, middle, middle, middle - 2);
    fillAndRing(context, fill, MAP.white);
    if (dashed) {
      context.setLineDash([3, 2.5]);
      context.lineWidth = 1.2;
      context.strokeStyle = ink;
      circle(context, middle, middle, middle - 4);
      context.stroke();
    }
    writeNumber(context, number, middle, ink);
  });
  return name;
}

/** The plate of an appointment. @returns {string} the name of its image */
export function addAppointment(map, day, number) {
  const { fill, ink } = dayColour(day);
  const name = `appointment-${day}-${number}`;
  add(map, name, DISC, (context) => {
    const middle = DISC.width / 2;
    context.beginPath();
    context.roundRect(2, 2, DISC.width - 4, DISC.height - 4, 4);
    fillAndRing(context, fill, MAP.white);
    context.beginPath();
    context.roundRect(4.5, 4.5, DISC.width - 9, DISC.height - 9, 2);
    context.lineWidth = 1.5;
    context.strokeStyle = ink;
    context.stroke();
    writeNumber(context, number, middle, ink);
  });
  return name;
}

/** A numbered white disc with a heavy rim. @returns {string} the name of its image */
export function addChoice(map, number) {
  const name = `choice-${number}`;
  add(map, name, DISC, (context) => {
    const middle = DISC.width / 2;
    circle(context, middle, middle, middle - 3);
    fillAndRing(context, MAP.white, MAP.accent);
    writeNumber(context, number, middle, MAP.accent);
  });
  return name;
}

function writeNumber(context, number, middle, ink) {
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = ink;
  context.fillText(String(number), middle, middle + 0.5);
}

function add(map, name, { width, height }, draw, stretch) {
  if (map.hasImage(name)) return;
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  draw(context);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  map.addImage(name, pixels, { pixelRatio: RATIO, ...stretch });
}

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function dot(context, x, y, radius, fill) {
  circle(context, x, y, radius);
  context.fillStyle = fill;
  context.fill();
}

/** A drop whose tip, at the bottom, is the place. */
function pin(context, fill, ring) {
  const middle = PIN.width / 2;
  context.beginPath();
  context.arc(middle, 14, 11.5, 0.82 * Math.PI, 0.18 * Math.PI);
  context.lineTo(middle, PIN.height - 2);
  context.closePath();
  context.lineJoin = "round";
  fillAndRing(context, fill, ring);
}

/** The same with a square head. */
function signpost(context, fill, ring) {
  const middle = PIN.width / 2;
  context.beginPath();
  context.moveTo(middle, PIN.height - 2);
  context.lineTo(middle - 5, 25);
  context.lineTo(3, 25);
  context.lineTo(3, 3);
  context.lineTo(25, 3);
  context.lineTo(25, 25);
  context.lineTo(middle + 5, 25);
  context.closePath();
  context.lineJoin = "round";
  fillAndRing(context, fill, ring);
}

function cup(context, ink) {
  context.lineWidth = 1.8;
  context.lineCap = "round";
  context.strokeStyle = ink;
  context.beginPath();
  context.moveTo(8, 10);
  context.lineTo(8, 16);
  context.quadraticCurveTo(8, 19.5, 11.5, 19.5);
  context.lineTo(13.5, 19.5);
  context.quadraticCurveTo(17, 19.5, 17, 16);
  context.lineTo(17, 10);
  context.closePath();
  context.stroke();
  context.beginPath();
  context.arc(17.5, 13.5, 2.8, -0.5 * Math.PI, 0.5 * Math.PI);
  context.stroke();
}

function fillAndRing(context, fill, ring) {
  context.fillStyle = fill;
  context.shadowColor = "rgba(22, 32, 43, 0.4)";
  context.shadowBlur = 3;
  context.fill();
  context.shadowColor = "transparent";
  context.lineWidth = 2;
  context.strokeStyle = ring;
  context.stroke();
}
