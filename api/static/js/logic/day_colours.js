/**
 * A colour for each day of a trip.
 *
 * Hues of Okabe and Ito (2008, "Color Universal Design"), which stay apart for colour-blind
 * readers; three are darkened so that a white number on them reaches a contrast of 4.5. From the
 * eighth day they come again with dashed lines.
 */
const COLOURS = [
  { fill: "#0072b2", ink: "#ffffff" },
  { fill: "#c15200", ink: "#ffffff" },
  { fill: "#007a58", ink: "#ffffff" },
  { fill: "#e69f00", ink: "#16202b" },
  { fill: "#a8437f", ink: "#ffffff" },
  { fill: "#56b4e9", ink: "#16202b" },
  { fill: "#33383f", ink: "#ffffff" },
];

/** @returns {{fill: string, ink: string, dashed: boolean}} of the day with this index from 0 */
export function dayColour(day) {
  return { ...COLOURS[day % COLOURS.length], dashed: day >= COLOURS.length };
}

export const DAY_COLOURS = COLOURS;
