/** What the tabs of the section of insights are made of. */

import { act, h } from "../../dom.js";
import { NO_FILTER } from "../../logic/account_filter.js";
import { toAccountsQuery } from "../../logic/accounts_address.js";

/**
 * A table that scrolls sideways where it is too wide.
 *
 * @param {object} facts
 * @param {string} facts.caption
 * @param {{title: string, hint?: string, value: (row: any) => any, isNumber?: boolean}[]} facts.columns
 *   The first one names the row.
 * @param {any[]} facts.rows
 * @param {string} [facts.empty] said where there are no rows
 * @param {(row: any) => string} [facts.rowClass]
 */
export function table({ caption, columns, rows, empty = "Nothing to show.", rowClass = () => "" }) {
  if (!rows.length) return h("p", { class: "insight-note" }, empty);
  const cells = (row) =>
    columns.map(({ value, isNumber }, at) => {
      const facts = { class: isNumber ? "number" : null };
      return at === 0 ? h("th", { scope: "row", ...facts }, value(row)) : h("td", facts, value(row) ?? "–");
    });
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      { class: "insight-table" },
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(({ title, hint, isNumber }) =>
            h("th", { scope: "col", class: isNumber ? "number" : null, title: hint }, title),
          ),
        ),
      ),
      h("tbody", {}, rows.map((row) => h("tr", { class: rowClass(row) || null }, cells(row)))),
    ),
  );
}

/** Key figures side by side: [label, value, what it means]. */
export function figures(items) {
  return h(
    "dl",
    { class: "insight-figures" },
    items
      .filter(Boolean)
      .map(([label, value, hint]) =>
        h("div", { title: hint }, h("dt", {}, label), h("dd", {}, value)),
      ),
  );
}

export const note = (...words) => h("p", { class: "insight-note" }, ...words);

export const heading = (words) => h("h2", { class: "list-heading" }, words);

/** A labelled choice: options are [value, words]. */
export function choice({ id, label, options, value = "", onChange }) {
  const select = h(
    "select",
    { id, onchange: () => onChange(select.value) },
    options.map(([one, words]) => h("option", { value: one, selected: one === value }, words)),
  );
  return h("div", { class: "field" }, h("label", { for: id }, label), select);
}

/** Choices and the like, side by side. */
export const controls = (...parts) => h("div", { class: "insight-controls" }, parts);

/** A representative, or all of them. */
export function repChoice({ id, reps, value, onChange, all = "All reps" }) {
  const options = [["", all], ...reps.map(({ rep_id, name }) => [rep_id, name])];
  return choice({ id, label: "Rep", options, value, onChange });
}

/** A link to the accounts of a filter, as a list and on the map. */
export function accountsLink(words, filter, label = undefined) {
  const href = toAccountsQuery({
    accountsTab: "list",
    filter: { ...NO_FILTER, ...filter },
    sort: "name",
    colourBy: "due",
  });
  return h(
    "a",
    {
      href,
      "aria-label": label,
      onclick: (event) => {
        // Another window or a download is left to the browser.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        history.pushState(null, "", href);
        act(event.target, "followAddress");
      },
    },
    words,
  );
}

/** The name of an account; it opens the card. */
export function accountName({ account_id, name }) {
  return h(
    "button",
    {
      type: "button",
      class: "item-name",
      onclick: (event) => act(event.target, "openAccount", account_id),
    },
    name,
  );
}
