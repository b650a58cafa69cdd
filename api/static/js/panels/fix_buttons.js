/** What would let a visit in, one tap each: the form changes, and the plan is made anew. */

import { act, h } from "../dom.js";

/** @param {import("../logic/fixes.js").FixAction[]} actions */
export function fixButtons(actions) {
  if (!actions.length) return null;
  return h(
    "div",
    { class: "fixes" },
    actions.map((action) =>
      h(
        "button",
        {
          type: "button",
          class: "button button-small",
          onclick: (event) => act(event.target, "applyFix", action),
        },
        action.label,
      ),
    ),
  );
}
