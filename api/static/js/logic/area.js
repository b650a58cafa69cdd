/** Areas drawn on the map: from the way of a pointer on the screen to a polygon. */

/** @typedef {import("../types.js").Position} Position */
/** @typedef {[number, number]} Pixel */

/** More corners than the service takes are thinned out. */
export const MAX_CORNERS = 100;

/** Smaller than this, in pixels, it was a click and no area. */
const SMALLEST = 6;

/** @param {Pixel} from @param {Pixel} to @returns {Pixel[]} corners of the rectangle between */
export function rectangle([left, top], [right, bottom]) {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Whether something can lie within. @param {Pixel[]} path */
export function isArea(path) {
  if (path.length < 3) return false;
  const span = (axis) => {
    const values = path.map((pixel) => pixel[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return span(0) >= SMALLEST && span(1) >= SMALLEST;
}

/**
 * A path with fewer corners that stays within some pixels of the one drawn (Douglas and Peucker).
 * @param {Pixel[]} path
 */
export function simplified(path, most = MAX_CORNERS) {
  for (let tolerance = 1.5; ; tolerance *= 1.5) {
    const kept = thinned(path, tolerance);
    if (kept.length <= most) return kept;
  }
}

function thinned(path, tolerance) {
  if (path.length < 3) return path;
  const [first, last] = [path[0], path.at(-1)];
  let [farthest, at] = [0, 0];
  for (let index = 1; index < path.length - 1; index += 1) {
    const distance = fromSegment(path[index], first, last);
    if (distance > farthest) [farthest, at] = [distance, index];
  }
  if (farthest <= tolerance) return [first, last];
  return [
    ...thinned(path.slice(0, at + 1), tolerance).slice(0, -1),
    ...thinned(path.slice(at), tolerance),
  ];
}

function fromSegment([x, y], [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

/** @param {Position[]} corners @returns {object} GeoJSON, closed */
export function polygonOf(corners) {
  return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
}

/** About ten metres, which is finer than a finger. @param {Position} position */
export const rounded = ([lon, lat]) => [Number(lon.toFixed(4)), Number(lat.toFixed(4))];

/** What the map shows, as an area. @param {[Position, Position]} bounds south-west, north-east */
export function sectionArea([[west, south], [east, north]]) {
  const within = (value, most) => Math.max(-most, Math.min(most, value));
  return rectangle(
    rounded([within(west, 180), within(south, 90)]),
    rounded([within(east, 180), within(north, 90)]),
  );
}
