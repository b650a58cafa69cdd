/** Coordinates as people copy them from maps: latitude first. */

/** "51.31571, 9.49245" */
export function positionText(position) {
  return position ? `${position[1].toFixed(5)}, ${position[0].toFixed(5)}` : "";
}

const PARTS = /^\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[NS]?\s*(?:[,;\s])\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[EW]?\s*$/i;

/**
 * @param {string} text
 * @returns {[number, number] | null} [lon, lat], or null where it cannot be read
 */
export function readPosition(text) {
  const found = PARTS.exec(text);
  if (!found) return null;
  const sign = (letter) => (new RegExp(letter, "i").test(text) ? -1 : 1);
  const lat = sign("S") * Number(found[1].replace(",", "."));
  const lon = sign("W") * Number(found[2].replace(",", "."));
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}

/** Moved by pixels of the map at a zoom. @param {[number, number]} position */
export function nudged([lon, lat], [right, up], zoom) {
  const degrees = 360 / (512 * 2 ** zoom);
  const round = (value) => Number(value.toFixed(6));
  return [
    round(lon + right * degrees),
    round(Math.max(-85, Math.min(85, lat + up * degrees * Math.cos((lat * Math.PI) / 180)))),
  ];
}
