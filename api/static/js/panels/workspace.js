/** The two halves of the page: side by side, or on a phone one at a time. */

import { act, onChange } from "../dom.js";

export function mountWorkspace(el) {
  // The hash of the address names the route, so these links move the focus by hand.
  for (const link of document.querySelectorAll(".skip-link")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      act(el, "showView", "list");
      document.querySelector(link.hash).focus();
    });
  }

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
