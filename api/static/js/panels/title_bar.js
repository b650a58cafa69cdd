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
          h("strong", {}, count(dataset.account_count)),
          " accounts",
          h("span", { class: "facts-date" }, ` · as of ${plainDate(dataset.as_of)}`),
        );
        chip.hidden = false;
        chip.textContent = dataset.kind === "sample" ? "Sample data" : "About the data";
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
            "p",
            { class: "dataset-note-text" },
            h("strong", {}, `${dataset.name}. `),
            dataset.note,
          ),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": "Hide this note",
              onclick: dismiss,
            },
            icon("close"),
          ),
        );
      },
    ),
  };
}
