/** A place of the form: an editable combobox that suggests places of the gazetteer. */

import { h } from "../dom.js";
import { count } from "../logic/format.js";
import { CLOSED, close, offer, press } from "../logic/combobox.js";

const WAIT_MS = 150;

/** What templates/trip_form.html writes for the ends of the trip, for places of rows. */
export function placeMarkup(id, label, { placeholder = "", isHidden = false } = {}) {
  return h(
    "div",
    { class: "field" },
    h("label", { for: id, class: isHidden ? "visually-hidden" : null }, label),
    h(
      "div",
      { class: "combobox" },
      h("input", {
        id,
        type: "text",
        role: "combobox",
        autocomplete: "off",
        spellcheck: "false",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": `${id}-list`,
        placeholder,
      }),
      h("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Places", hidden: true }),
    ),
  );
}

/**
 * @param {HTMLElement} field holds the input and the list
 * @param {(text: string, signal: AbortSignal) => Promise<any[]>} find
 * @param {(choice: import("../types.js").PlaceChoice, isChosen?: boolean) => void} onChoice for each
 *   change of the text, and once a suggestion is chosen
 */
export function mountPlaceField(field, find, onChoice) {
  const input = field.querySelector("input");
  const list = field.querySelector("[role=listbox]");
  let box = CLOSED;
  let timer = 0;
  let search = new AbortController();

  function show(next) {
    const isNew = next.options !== box.options;
    box = next;
    list.hidden = !box.open;
    input.setAttribute("aria-expanded", String(box.open));
    if (isNew) list.replaceChildren(...box.options.map(option));
    [...list.children].forEach((item, index) => {
      const isActive = index === box.active;
      item.setAttribute("aria-selected", String(isActive));
      if (isActive) item.scrollIntoView({ block: "nearest" });
    });
    if (box.active >= 0) input.setAttribute("aria-activedescendant", list.children[box.active].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function option(place, index) {
    const facts = [
      place.level === "postcode" ? "postcode" : "",
      place.population ? `${count(place.population)} people` : "",
    ];
    return h(
      "li",
      {
        role: "option",
        id: `${list.id}-${index}`,
        onpointerdown: (event) => {
          event.preventDefault(); // The field keeps the focus.
          choose(place);
        },
      },
      h("span", { class: "option-name" }, place.label),
      h("span", { class: "option-facts" }, facts.filter(Boolean).join(" ")),
    );
  }

  function choose(place) {
    cancel();
    show(close(box));
    input.value = place.label;
    onChoice({ text: place.label, query: place.query }, true);
  }

  function cancel() {
    clearTimeout(timer);
    search.abort();
    search = new AbortController();
  }

  async function suggest(text) {
    const { signal } = search;
    try {
      const places = await find(text, signal);
      if (!signal.aborted && document.activeElement === input) show(offer(places));
    } catch (error) {
      // Without suggestions the field still takes free text; planning reports what is wrong.
      if (error.name !== "AbortError" && error.name !== "ServiceError") throw error;
    }
  }

  input.addEventListener("input", () => {
    cancel();
    const text = input.value;
    onChoice({ text, query: null });
    if (text.trim().length < 2) show(CLOSED);
    else timer = setTimeout(() => suggest(text.trim()), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const [next, effect] = press(box, event.key);
    show(next);
    if (effect.handled) event.preventDefault();
    if (effect.type === "choose") choose(effect.option);
    else if (effect.type === "clear" && input.value) {
      input.value = "";
      onChoice({ text: "", query: null });
    }
  });
  input.addEventListener("blur", () => {
    cancel();
    show(close(box));
  });

  return {
    /** @param {import("../types.js").PlaceChoice} choice */
    update(choice) {
      if (input.value !== choice.text) input.value = choice.text;
    },
  };
}
