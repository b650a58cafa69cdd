/** A list of names, each of which can be taken away again. */

import { h, icon } from "../dom.js";

/**
 * @param {string} text
 * @param {string} words what the button does, for screen readers
 */
export function chip(text, words, onRemove) {
  return h(
    "li",
    { class: "chip" },
    h("span", { class: "chip-text" }, text),
    h(
      "button",
      { type: "button", class: "chip-remove", "aria-label": words, onclick: onRemove },
      icon("close"),
    ),
  );
}

/** @param {import("../types.js").Must[]} accounts */
export function showAccountChips(box, list, accounts, words, onRemove) {
  box.hidden = accounts.length === 0;
  list.replaceChildren(
    ...accounts.map(({ account_id, name, town }) =>
      chip(town ? `${name}, ${town}` : name, `${words}: ${name}`, () => onRemove(account_id)),
    ),
  );
}
