/** How far the plan can be from the best possible one, as the service proves it meanwhile. */

import { count } from "./format.js";

/** "0.4", and never less than what was proven. */
const percent = (share) => {
  const value = share * 100;
  const digits = value < 10 ? 1 : 0;
  return (Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits).toFixed(digits);
};

/**
 * @param {{bound_state: "none" | "running" | "proven", gap?: number | null, bound_candidates?: number}} search
 * @returns {string | null} one sentence, or null where there is nothing to say
 */
export function boundSentence({ bound_state: state, gap, bound_candidates: among }) {
  if (state === "running") return "Working out how much better a plan could be at most.";
  if (state !== "proven" || gap === undefined || gap === null) return null;
  const by = among === undefined ? "proven" : `proven among ${count(among)} considered`;
  if (gap <= 1e-6) return `The best possible plan (${by}).`;
  return `At most ${percent(gap)} % below the best possible (${by}).`;
}
