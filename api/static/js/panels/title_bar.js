/** Name, size of the data set, and what in it is real. */

import { act, h, icon, onChange } from "../dom.js";
import { plainDate } from "../logic/calendar.js";
import { count } from "../logic/format.js";

export function mountTitleBar(el) {
  const [facts, chip] = ["facts", "chip"].map((ref) => el.querySelector(`[data-ref="${ref}"]`));
  chip.addEventListener("click", () => act(el, "toggleNote"));
  return {
    update: onChange(
      (state) => [state.dataset, state.noteOpen],
      (dataset, noteOpen) => {
        if (!dataset) return;
        facts.replaceChildren(
          h("strong", {}, count(dataset.accounts)),
          " accounts",
          h("span", { class: "facts-date" }, ` · as of ${plainDate(dataset.as_of)}`),
        );
        chip.hidden = false;
        chip.setAttribute("aria-expanded", String(noteOpen));
      },
    ),
  };
}

export function mountDatasetNote(el) {
  const dismiss = () => {
    act(el, "toggleNote");
    document.querySelector(".chip-note").focus();
  };
  return {
    update: onChange(
      (state) => [state.dataset, state.noteOpen],
      (dataset, noteOpen) => {
        el.hidden = !noteOpen || !dataset;
        if (el.hidden) return;
        el.replaceChildren(
          h(
            "div",
            { class: "dataset-note-text" },
            fact("Real", dataset.real),
            fact("Invented", dataset.invented),
          ),
          h(
            "button",
            { type: "button", class: "icon-button", "aria-label": "Hide this note", onclick: dismiss },
            icon("close"),
          ),
        );
      },
    ),
  };
}

function fact(word, things) {
  return h("p", {}, h("strong", {}, `${word}: `), `${things.join("; ")}.`);
}
