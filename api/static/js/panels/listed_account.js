/** What lists of accounts have in common: a row, and what stands there until the rows come. */

import { act, h } from "../dom.js";

/**
 * A row that marks its account on the map while one is at it; its name opens the card.
 *
 * @param {{account_id: string, name: string}} item
 * @param {[number, number] | undefined} location
 * @param {string} className further classes of the row
 * @param {Node} worth what stands opposite the name
 * @param {...(Node|null)} rest what stands below
 */
export function listedAccount(item, location, className, worth, ...rest) {
  const mark = (target) => (event) => act(event.target, "highlight", target);
  const on = mark({ account_id: item.account_id, location });
  return h(
    "li",
    {
      class: `way-item ${className}`.trim(),
      onpointerenter: on,
      onpointerleave: mark(null),
      onfocusin: on,
      onfocusout: mark(null),
    },
    h(
      "div",
      { class: "item-title" },
      h(
        "button",
        {
          type: "button",
          class: "item-name",
          onclick: (event) => act(event.target, "openAccount", item.account_id),
        },
        item.name,
      ),
      worth,
    ),
    ...rest,
  );
}

export const skeleton = (rows) =>
  h(
    "div",
    { class: "skeleton", role: "img", "aria-label": "Loading" },
    Array.from({ length: rows }, () => h("div", {})),
  );
