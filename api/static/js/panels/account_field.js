/** A customer by name: a field that suggests accounts, and is empty again once one is chosen. */

import { mountSuggestField, suggestMarkup } from "./suggest_field.js";

export const accountMarkup = (id, label) =>
  suggestMarkup(id, label, { placeholder: "Name, town or postcode", listLabel: "Customers" });

/**
 * @param {HTMLElement} field
 * @param {(text: string, signal: AbortSignal) => Promise<any[]>} find
 * @param {(account: import("../types.js").Must) => void} onAccount
 */
export function mountAccountField(field, find, onAccount) {
  // Enter would send the form around it; what was typed is no customer yet.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  return mountSuggestField(field, {
    find,
    words: ({ name, postcode, town }) => ({ name, facts: `${postcode} ${town}`.trim() }),
    onText() {},
    onChoice({ account_id, name, town }) {
      onAccount({ account_id, name, town });
      return "";
    },
  });
}
