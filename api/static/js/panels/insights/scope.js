/** Whom an analysis is about: fields that several tabs share. */

import { h } from "../../dom.js";
import { segmentNames, segmentWords } from "../../logic/account_words.js";
import { choice } from "./parts.js";

/** A segment, or all of them. */
export function segmentChoice(id, value, onChange) {
  const options = [["", "All segments"], ...segmentNames().map((name) => [name, segmentWords(name)])];
  return choice({ id, label: "Segment, by revenue", options, value, onChange });
}

/** The beginning of postcodes; asked for when the field is left or Enter is pressed. */
export function regionField(id, value, onChange) {
  return textField({ id, label: "Postcode begins with", value, onChange });
}

/**
 * A number; an empty field asks for the default, which stands there in grey.
 *
 * @param {object} facts
 * @param {string} facts.id
 * @param {string} facts.label
 * @param {string | undefined} facts.value
 * @param {string} facts.placeholder
 * @param {number} [facts.least]
 * @param {number} [facts.most]
 * @param {(value: string) => void} facts.onChange
 */
export function numberField({ id, label, value, placeholder, least = 0, most, onChange }) {
  return textField({
    id,
    label,
    value,
    onChange,
    more: { type: "number", min: String(least), max: most, step: "any", inputmode: "decimal", placeholder },
  });
}

function textField({ id, label, value, onChange, more = {} }) {
  const input = h("input", {
    id,
    type: "text",
    maxlength: "20",
    placeholder: "any",
    autocomplete: "off",
    value: value ?? "",
    onchange: () => {
      if (input.checkValidity()) onChange(input.value.trim());
      else input.reportValidity();
    },
    ...more,
  });
  return h("div", { class: "field" }, h("label", { for: id }, label), input);
}
