/** Setting the pin of an account: one of the alternatives, a click on the map, a drag, or coordinates. */

import { act, h, icon, onChange } from "../dom.js";
import { levelWords } from "../logic/account_words.js";
import { locationWords } from "../logic/card.js";
import { positionText, readPosition } from "../logic/position_text.js";
import { addressLine } from "../logic/worklist.js";

export function mountPinEditor(el) {
  const title = h("h2", { id: "pin-editor-heading", tabindex: "-1" });
  const address = h("p", { class: "card-town" });
  const taken = h("div", { class: "card-facts" });
  const choices = h("div", { class: "pin-choices", role: "radiogroup", "aria-label": "Other places" });
  const field = h("input", {
    id: "pin-position",
    type: "text",
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "51.31571, 9.49245",
    "aria-describedby": "pin-position-error pin-position-hint",
    onchange: () => {
      const position = readPosition(field.value);
      if (position) act(el, "placePin", position);
      showError(position ? null : "Give latitude and longitude in degrees, such as 51.31571, 9.49245.");
    },
  });
  const error = h("div", { class: "field-error", id: "pin-position-error", role: "alert" });
  const save = h(
    "button",
    { type: "button", class: "button button-primary", onclick: () => act(el, "savePin") },
    "Set the pin here",
  );
  let middle = null;
  const start = h(
    "button",
    {
      type: "button",
      class: "button button-small pin-start",
      onclick: () => middle && act(el, "placePin", middle),
    },
    icon("pin"),
    "Start in the middle of the map",
  );
  const cancel = h(
    "button",
    { type: "button", class: "button", onclick: () => act(el, "closePin") },
    "Cancel",
  );
  el.append(
    h(
      "header",
      { class: "card-head" },
      h("div", {}, title, address),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Leave the pin as it is",
          onclick: () => act(el, "closePin"),
        },
        icon("close"),
      ),
    ),
    taken,
    choices,
    h(
      "div",
      { class: "field" },
      h("label", { for: "pin-position" }, "Latitude, longitude"),
      field,
      h(
        "p",
        { class: "hint", id: "pin-position-hint" },
        "Or click on the map, drag the pin, or move it with the arrow keys.",
      ),
      error,
    ),
    start,
    h("div", { class: "pin-actions" }, save, cancel),
  );
  el.addEventListener("keydown", (event) => {
    if (event.key === "Escape") act(el, "closePin");
    else if (event.key === "Enter" && event.target === field) {
      field.dispatchEvent(new Event("change"));
      event.preventDefault();
    }
  });

  function showError(detail) {
    error.textContent = detail ?? "";
    if (detail) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  let shownId = null;
  let opener = null;

  /** Back to what opened it, to its row, to the card that has taken its place, or to the top. */
  function giveFocusBack(id) {
    const places = [
      opener,
      document.querySelector(`[data-panel="worklist"] [data-id="${id}"] .item-name`),
      document.querySelector(".account-card:not([hidden]) button"),
      document.querySelector(".sections [aria-current]"),
    ];
    // What a phone has put out of sight has lost the focus to the body by now.
    const isThere = (one) => one?.isConnected && one !== document.body && one.checkVisibility({ visibilityProperty: true });
    places.find(isThere)?.focus();
  }

  return {
    update: onChange(
      (state) => [state.pin, state.mapBounds],
      (pin, bounds) => {
        const hadFocus = el.contains(document.activeElement);
        if (pin && el.hidden) opener = document.activeElement;
        el.hidden = !pin;
        middle = bounds && [(bounds[0][0] + bounds[1][0]) / 2, (bounds[0][1] + bounds[1][1]) / 2];
        if (!pin) {
          if (hadFocus) giveFocusBack(shownId);
          shownId = null;
          return;
        }
        const isNew = pin.accountId !== shownId;
        if (isNew) {
          shownId = pin.accountId;
          title.textContent = pin.name;
          address.textContent = addressLine(pin.address);
          const { issue, facts } = locationWords(pin.location);
          taken.replaceChildren(
            ...[
              issue ? h("p", { class: "row-issue" }, icon("warning"), issue) : null,
              facts.length ? h("p", {}, facts.join(" · ")) : null,
            ].filter(Boolean),
          );
          choices.hidden = pin.alternatives.length === 0;
          choices.replaceChildren(...pin.alternatives.map(choice));
          el.scrollTop = 0;
        }
        [...choices.querySelectorAll("input")].forEach((input, index) => {
          input.checked = index === pin.choice;
        });
        if (isNew || document.activeElement !== field || readPosition(field.value)) {
          field.value = positionText(pin.position);
        }
        showError(pin.detail);
        start.hidden = pin.position !== null || !middle;
        // Not while it is saved: a button that is disabled loses the focus.
        save.disabled = !pin.position;
        save.setAttribute("aria-busy", String(pin.isSaving));
        save.textContent =
          pin.from && pin.position === pin.from ? "The pin is right" : "Set the pin here";
        cancel.textContent = pin.isQueued ? "Stop" : "Cancel";
        if (isNew) title.focus({ preventScroll: true });
      },
    ),
  };

  function choice({ label, level }, index) {
    return h(
      "label",
      { class: "pin-choice" },
      h("input", {
        type: "radio",
        name: "pin-choice",
        onchange: () => act(el, "chooseAlternative", index),
      }),
      h("span", { class: "pin-number", "aria-hidden": "true" }, String(index + 1)),
      h("span", {}, label, h("span", { class: "pin-level" }, ` ${levelWords(level).toLowerCase()}`)),
    );
  }
}
