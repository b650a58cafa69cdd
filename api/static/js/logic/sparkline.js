/** Points of a small line through values, for a viewBox of 100 x 24; empty for fewer than two. */
export function sparkline(values) {
  if (values.length < 2) return "";
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const round = (number) => Math.round(number * 10) / 10;
  return values
    .map((value, index) => {
      const x = round((index / (values.length - 1)) * 100);
      return `${x},${round(22 - ((value - low) / span) * 20)}`;
    })
    .join(" ");
}
