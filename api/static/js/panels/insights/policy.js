/** What managers decide: a form that asks for the reason, and the versions so far. */

import { h } from "../../dom.js";
import { localDate, plainDate } from "../../logic/calendar.js";
import { table } from "./parts.js";

/**
 * Folded away, since most who look decide nothing.
 *
 * @param {object} facts
 * @param {string} facts.title of the fold
 * @param {string} facts.id begins the ids of its fields
 * @param {Node[]} facts.parts the fields
 * @param {string} facts.words on the button
 * @param {(reason: string) => void} facts.onSubmit
 */
export function reasonForm({ title, id, parts, words, onSubmit }) {
  const reason = h("input", { id: `${id}-reason`, type: "text", required: true, maxlength: "200" });
  const form = h(
    "form",
    {
      class: "policy-form",
      onsubmit: (event) => {
        event.preventDefault();
        onSubmit(reason.value.trim());
      },
    },
    parts,
    h(
      "div",
      { class: "insight-controls" },
      h("div", { class: "field policy-reason" }, h("label", { for: reason.id }, "Why"), reason),
      h("button", { type: "submit", class: "button" }, words),
    ),
  );
  return h(
    "details",
    { class: "fold" },
    h("summary", {}, h("span", { class: "fold-title" }, title)),
    form,
  );
}

/**
 * @param {{version: number, reason: string, decided_at: string}[]} versions the newest first
 * @param {string} timezone of the data set
 */
export function versionsTable(versions, timezone) {
  return table({
    caption: "What was decided",
    columns: [
      { title: "Version", value: (one) => String(one.version) },
      { title: "When", value: (one) => plainDate(localDate(one.decided_at, timezone)) },
      { title: "Why", value: (one) => one.reason },
    ],
    rows: versions,
    empty: "Nothing was decided yet; what is assumed counts.",
  });
}
