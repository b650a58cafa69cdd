/** What all forms below the standing of a plan have: a heading, a way to close, errors at fields. */

import { act, h, icon } from "../dom.js";

/** @param {string} id of the heading @param {string} title */
export function taskHead(id, title) {
  return h(
    "header",
    { class: "task-head" },
    h("h3", { id }, title),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Close: ${title}`,
        onclick: (event) => act(event.target, "openTask", null),
      },
      icon("close"),
    ),
  );
}

/** A field with its label, and room for what is wrong with it. */
export function taskField(name, label, control, hint = null) {
  const id = `task-${name}`;
  return h(
    "div",
    { class: "field", "data-field": name },
    h("label", { for: id }, label),
    control,
    hint === null ? null : h("p", { class: "hint", id: `${id}-hint` }, hint),
    errorBox(name),
  );
}

export const errorBox = (name) => h("div", { class: "field-error", id: `task-${name}-error` });

/**
 * Each error at its field; what has no field on the page stands at that of the form.
 * @param {HTMLElement} el
 * @param {import("../types.js").FieldError[]} errors
 * @param {(choice: import("../types.js").PlaceChoice) => void} [onSuggestion]
 * @returns {HTMLElement | null} what to move the focus to
 */
export function showErrors(el, errors, onSuggestion = undefined) {
  const boxes = new Map([...el.querySelectorAll(".field-error")].map((box) => [box.id, box]));
  const texts = new Map();
  for (const { field, detail, suggestions = [] } of errors) {
    const id = boxes.has(`task-${field}-error`) ? `task-${field}-error` : "task-form-error";
    const buttons = suggestions.map((choice) => suggestionButton(choice, onSuggestion));
    const line = h("div", {}, h("p", {}, detail), h("div", { class: "suggestions" }, buttons));
    texts.set(id, [...(texts.get(id) ?? []), line]);
  }
  let first = null;
  for (const [id, box] of boxes) {
    const lines = texts.get(id) ?? [];
    box.replaceChildren(...lines);
    const controls = box.parentElement.querySelectorAll(`[aria-describedby~="${id}"]`);
    for (const control of controls) {
      if (lines.length) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    if (lines.length) first ??= controls[0] ?? box.parentElement.querySelector("button, input");
  }
  return first;
}

const suggestionButton = (choice, onSuggestion) =>
  h(
    "button",
    { type: "button", class: "button button-small", onclick: () => onSuggestion(choice) },
    choice.text,
  );

/** Escape closes the task, and the focus goes back to the button that opened it. */
export function closeOnEscape(el) {
  el.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) act(el, "openTask", null);
  });
}

/** What is being typed stays. */
export function put(input, value) {
  if (document.activeElement !== input && input.value !== String(value)) input.value = value;
}
