/** Where a plan stands: which of its revisions is shown, and which was accepted. */

import { momentWords } from "./changes.js";
import { money, plural } from "./format.js";

/** @typedef {import("../types.js").Revision} Revision */

/** @returns {Revision | undefined} */
export const newest = (revisions) => revisions.at(-1);

/** @returns {Revision | undefined} the one whose visits are commitments */
export const accepted = (revisions) => revisions.find(({ is_accepted: isAccepted }) => isAccepted);

/** Whether a newer revision than the one shown is there. */
export function isOutdated(route, revisions) {
  return route.revision < (newest(revisions)?.revision ?? route.revision);
}

/**
 * Whether a plan is relied on: it was accepted, or planned anew meanwhile. Then what is to be
 * changed is changed by a replan, and never by planning the trip from its beginning.
 */
export function isUnderWay(route, revisions) {
  const isReplan = ({ cause }) => cause === "replan";
  return isReplan(route) || revisions.some(isReplan) || accepted(revisions) !== undefined;
}

/**
 * @returns {{state: "open" | "accepted" | "changed" | "outdated", title: string, words: string}}
 */
export function standing(route, revisions) {
  const agreed = accepted(revisions);
  if (isOutdated(route, revisions)) {
    return {
      state: "outdated",
      title: `Revision ${route.revision} of ${newest(revisions).revision}`,
      words: "An older plan, to look at. Another one has taken its place.",
    };
  }
  if (!agreed) {
    return {
      state: "open",
      title: "Not accepted yet",
      words: "Accepting promises these visits: customers may be told, and later plans keep to them.",
    };
  }
  if (agreed.revision === route.revision) {
    return {
      state: "accepted",
      title: "Accepted",
      words: "These visits are promised: customers may be told, and later plans keep to them.",
    };
  }
  return {
    state: "changed",
    title: "Changed since it was accepted",
    words: `Customers still count on revision ${agreed.revision}. Accept this plan to promise its times instead.`,
  };
}

/** "Revision 2: planned anew for Mon 30 Nov, 10:40 · 40 visits · €6,345 · accepted" */
export function revisionWords(revision, timezone, currency) {
  const { cause, now, created_at: made, visits, net_value: value } = revision;
  const words = {
    plan: () => `planned ${momentWords(made, timezone)}`,
    replan: () => `planned anew for ${momentWords(now, timezone)}`,
    bound: () => `better plan found ${momentWords(made, timezone)}`,
  }[cause]();
  return [
    `Revision ${revision.revision}: ${words}`,
    visits === undefined ? "" : plural(visits, "visit"),
    value === undefined ? "" : money(value, currency),
    revision.is_accepted ? "accepted" : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
