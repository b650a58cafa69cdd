/** A place: a field that suggests places of the gazetteer. */

import { count } from "../logic/format.js";
import { mountSuggestField, suggestMarkup } from "./suggest_field.js";

/** What templates/trip_form.html writes for the ends of the trip, for places of rows. */
export const placeMarkup = (id, label, how = {}) =>
  suggestMarkup(id, label, { ...how, listLabel: "Places" });

/**
 * @param {HTMLElement} field holds the input and the list
 * @param {(text: string, signal: AbortSignal) => Promise<any[]>} find
 * @param {(choice: import("../types.js").PlaceChoice, isChosen?: boolean) => void} onChoice for each
 *   change of the text, and once a suggestion is chosen
 */
export function mountPlaceField(field, find, onChoice) {
  const panel = mountSuggestField(field, {
    find,
    words: ({ label, level, population }) => ({
      name: label,
      facts: [
        level === "postcode" ? "postcode" : "",
        population ? `${count(population)} people` : "",
      ]
        .filter(Boolean)
        .join(" "),
    }),
    onText: (text) => onChoice({ text, query: null }),
    onChoice({ label, query }) {
      onChoice({ text: label, query }, true);
      return label;
    },
  });

  return {
    /** @param {import("../types.js").PlaceChoice} choice */
    update(choice) {
      panel.put(choice.text);
    },
  };
}
