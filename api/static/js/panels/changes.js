/** What a replan, or a better plan, has changed against the plan before, and the way back to that. */

import { act, h, icon } from "../dom.js";
import { changeRows, changesSentence, smallMoves } from "../logic/changes.js";

const KINDS = { dropped: ["Out", "close"], moved: ["Moved", "swap"], added: ["New", "plus"] };

/** Null for a plan that is the first of its route. */
export function changesBox(route) {
  if (!route.changes) return null;
  const rows = changeRows(route);
  const small = smallMoves(route);
  return h(
    "section",
    { class: "changes", "aria-labelledby": "changes-heading" },
    h(
      "h3",
      { id: "changes-heading" },
      route.cause === "bound" ? "A better plan was found" : "Planned anew",
      h("span", { class: "stop-word" }, `: ${changesSentence(route)}`),
    ),
    rows.some(({ wasTold }) => wasTold)
      ? h("p", { class: "hint" }, "Customers marked “tell” know the old time.")
      : null,
    rows.length ? h("ul", { class: "change-list" }, rows.map(changeItem)) : null,
    small.title
      ? h(
          "details",
          { class: "why" },
          h("summary", {}, h("span", {}, rows.length ? `And ${small.title}` : small.title)),
          h(
            "dl",
            { class: "why-rows" },
            small.rows.map(({ name, when }) => h("div", {}, h("dt", {}, name), h("dd", {}, when))),
          ),
        )
      : null,
    h(
      "button",
      {
        type: "button",
        class: "link",
        onclick: (event) => act(event.target, "showRevision", route.revision - 1),
      },
      "Show the plan before",
    ),
  );
}

function changeItem({ kind, name, accountId, when, wasTold }) {
  const [words, picture] = KINDS[kind];
  return h(
    "li",
    { class: `change change-${kind}` },
    icon(picture),
    h(
      "div",
      {},
      h("span", { class: "visually-hidden" }, `${words}: `),
      accountId
        ? h(
            "button",
            {
              type: "button",
              class: "item-name",
              onclick: (event) => act(event.target, "openAccount", accountId),
            },
            name,
          )
        : h("span", { class: "item-name" }, name),
      h("p", { class: "item-facts" }, when, wasTold ? h("span", { class: "tag" }, "tell") : null),
    ),
  );
}
