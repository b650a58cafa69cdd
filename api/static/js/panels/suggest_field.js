/** An editable combobox that suggests something for what was typed. */

import { h } from "../dom.js";
import { CLOSED, close, narrow, offer, press } from "../logic/combobox.js";

const WAIT_MS = 150;

/** The markup that `mountSuggestField` works on. */
export function suggestMarkup(id, label, { placeholder = "", isHidden = false, listLabel }) {
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
        "aria-describedby": `${id}-error`,
        placeholder,
      }),
      h("ul", { id: `${id}-list`, role: "listbox", "aria-label": listLabel, hidden: true }),
    ),
  );
}

/**
 * @param {HTMLElement} field holds the input and the list
 * @param {object} does
 * @param {(text: string, signal: AbortSignal) => Promise<any[]>} does.find
 * @param {(found: any) => {name: string, facts: string}} does.words of an option
 * @param {(text: string) => void} does.onText for each change of the text
 * @param {(found: any) => string} does.onChoice once a suggestion is chosen; what the field holds then
 */
export function mountSuggestField(field, { find, words, onText, onChoice }) {
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

  function option(found, index) {
    const { name, facts } = words(found);
    return h(
      "li",
      {
        role: "option",
        id: `${list.id}-${index}`,
        onpointerdown: (event) => {
          event.preventDefault(); // The field keeps the focus.
          choose(found);
        },
      },
      h("span", { class: "option-name" }, name),
      h("span", { class: "option-facts" }, facts),
    );
  }

  function choose(found) {
    cancel();
    show(close(box));
    input.value = onChoice(found);
  }

  function cancel() {
    clearTimeout(timer);
    search.abort();
    search = new AbortController();
  }

  async function suggest(text) {
    const { signal } = search;
    try {
      const found = await find(text, signal);
      if (!signal.aborted && document.activeElement === input) show(offer(found));
    } catch (error) {
      // Without suggestions the field still takes free text; who sends it is told what is wrong.
      if (error.name !== "AbortError" && error.name !== "ServiceError") throw error;
    }
  }

  input.addEventListener("input", () => {
    cancel();
    const text = input.value;
    onText(text);
    if (text.trim().length < 2) show(CLOSED);
    else {
      show(narrow(box, text, (found) => Object.values(words(found)).join(" ")));
      timer = setTimeout(() => suggest(text.trim()), WAIT_MS);
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const [next, effect] = press(box, event.key);
    if (next.active >= 0) cancel(); // Who is choosing keeps the list: a late answer would reset it.
    show(next);
    if (effect.handled) event.preventDefault();
    if (effect.type === "choose") choose(effect.option);
    else if (effect.type === "clear" && input.value) {
      input.value = "";
      onText("");
    }
  });
  input.addEventListener("blur", () => {
    cancel();
    show(close(box));
  });

  return {
    put(text) {
      if (input.value !== text) input.value = text;
    },
  };
}
