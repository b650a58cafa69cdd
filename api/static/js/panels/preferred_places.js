/** Places where the rep would rather sleep: chips, and a field that adds one. */

import { placeWord } from "../logic/trip_form.js";
import { chip } from "./chips.js";
import { mountPlaceField, placeMarkup } from "./place_field.js";

const MAX_PLACES = 20;

/** @param {(places: import("../types.js").PlaceChoice[]) => void} onPlaces */
export function mountPreferredPlaces(list, box, findPlaces, onPlaces) {
  const field = placeMarkup("preferred", "Add a preferred place", {
    placeholder: "Add a city or postcode",
    isHidden: true,
  });
  const input = field.querySelector("input");
  let places = [];
  let typed = { text: "", query: null };
  box.append(field);

  const panel = mountPlaceField(field, findPlaces, (choice, isChosen = false) => {
    typed = choice;
    if (isChosen) add();
  });
  // Enter would send the form; here it adds what was typed.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !typed.text.trim()) return;
    event.preventDefault();
    add();
  });
  input.addEventListener("blur", () => typed.text.trim() && add());

  function add() {
    const added = typed;
    typed = { text: "", query: null };
    panel.update(typed);
    const isThere = places.some((one) => placeWord(one) === placeWord(added));
    if (!isThere && places.length < MAX_PLACES) onPlaces([...places, added]);
  }

  return {
    update(now) {
      places = now;
      list.replaceChildren(
        ...places.map((place) =>
          chip(place.text, `No longer preferred: ${place.text}`, () =>
            onPlaces(places.filter((one) => one !== place)),
          ),
        ),
      );
    },
  };
}
