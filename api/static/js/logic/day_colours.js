/**
 * A colour for each day of a trip.
 *
 * Chosen near the hues of Okabe and Ito (2008, "Color Universal Design") so that any two of them
 * differ for every kind of colour sight, and that the number on each can be read; the lightest two
 * come last. From the eighth day they come again with dashed lines.
 */
const COLOURS = [
  { fill: "#1f5fa8", ink: "#ffffff" },
  { fill: "#c9480a", ink: "#ffffff" },
  { fill: "#2f9e6e", ink: "#16202b" },
  { fill: "#c56a9c", ink: "#16202b" },
  { fill: "#33383f", ink: "#ffffff" },
  { fill: "#e8a825", ink: "#16202b" },
  { fill: "#6dbdea", ink: "#16202b" },
];

/** @returns {{fill: string, ink: string, dashed: boolean}} of the day with this index from 0 */
export function dayColour(day) {
  return { ...COLOURS[day % COLOURS.length], dashed: day >= COLOURS.length };
}

export const DAY_COLOURS = COLOURS;
