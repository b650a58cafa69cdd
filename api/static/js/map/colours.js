/** Colours of the map: a calm ground, so that what matters on it can be seen. */
export const MAP = {
  sea: "#d8e5ea",
  neighbour: "#efeeea",
  neighbourBorder: "#dcd9d1",
  land: "#fbfaf6",
  border: "#b3aa9b",
  road: "#dccfb9",
  roadCasing: "#fbfaf6",
  roadLocal: "#e4dfd5",
  label: "#4b5763",
  labelHalo: "#fbfaf6",
  cluster: "#5f7482",
  ink: "#16202b",
  accent: "#0d5c63",
  white: "#ffffff",
  night: "#2b2f4a",
  moon: "#ffe3a3",
  shield: "#fffaf0",
  shieldEdge: "#cdaa6f",
};

/** Due state: fill, ring and size differ, so that no one needs to tell red from green. */
export const DUE = {
  red: { fill: "#b3261e", ring: "#ffffff", radius: 6, width: 1.5 },
  yellow: { fill: "#ffffff", ring: "#b26a00", radius: 4.5, width: 3 },
  green: { fill: "#9db3ab", ring: "#ffffff", radius: 3.5, width: 1 },
};

/** A style expression that picks one of the facts of `DUE` by the feature's due state. */
export function byDue(fact) {
  const { red, yellow, green } = DUE;
  return ["match", ["get", "due"], "red", red[fact], "yellow", yellow[fact], green[fact]];
}
