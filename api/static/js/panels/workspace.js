/** The two halves of the page: side by side, or on a phone one at a time. */

import { act, onChange } from "../dom.js";

export function mountWorkspace(el) {
  return {
    update: onChange(
      (state) => [state.view],
      (view) => {
        el.dataset.view = view;
      },
    ),
  };
}

export function mountViewSwitch(el) {
  const buttons = [...el.querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("click", () => act(el, "showView", button.dataset.view));
  }
  return {
    update: onChange(
      (state) => [state.view],
      (view) => {
        for (const button of buttons) {
          button.setAttribute("aria-pressed", String(button.dataset.view === view));
        }
      },
    ),
  };
}
