/** A file that was read: what each column is taken for, and what is in the way. */

import { act, h, icon } from "../dom.js";
import { FIELD_GROUPS, IGNORABLE, fieldWords, formatWords, isReady } from "../logic/imports.js";

export function mountImportDraft() {
  const element = h("section", { class: "import-draft", "aria-labelledby": "import-draft-heading" });
  const title = h("h3", { id: "import-draft-heading", tabindex: "-1" });
  const facts = h("p", { class: "list-facts" });
  const problems = h("ul", { class: "import-problems", "aria-label": "What to settle first" });
  const preset = h("select", {
    id: "import-preset",
    onchange: () => act(element, "choosePreset", preset.value),
  });
  const presetField = h(
    "div",
    { class: "field" },
    h("label", { for: "import-preset" }, "Columns as in"),
    preset,
  );
  const system = h("input", {
    id: "import-system",
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "50",
    placeholder: "crm",
    "aria-describedby": "import-system-hint",
  });
  const clearEmpty = h("input", { type: "checkbox" });
  const columns = h("ol", { class: "import-columns", "aria-label": "Columns of the file" });
  const check = h(
    "button",
    { type: "button", class: "button", onclick: () => run(true) },
    "Check only",
  );
  const go = h(
    "button",
    { type: "button", class: "button button-primary", onclick: () => run(false) },
    "Import",
  );
  element.append(
    h(
      "header",
      { class: "task-head" },
      title,
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Another file",
          onclick: () => act(element, "closeImport"),
        },
        icon("close"),
      ),
    ),
    facts,
    problems,
    h(
      "div",
      { class: "import-options" },
      presetField,
      h(
        "div",
        { class: "field" },
        h("label", { for: "import-system" }, "Name of the other system"),
        system,
        h("p", { class: "hint", id: "import-system-hint" }, "Ids are unique within it."),
      ),
    ),
    columns,
    h("label", { class: "check" }, clearEmpty, "Empty cells clear what is known"),
    h("div", { class: "import-actions" }, go, check),
  );

  const run = (dryRun) =>
    act(element, "runImport", {
      dryRun,
      system: system.value.trim(),
      clearEmpty: clearEmpty.checked,
    });

  let shownId = null;
  let selects = new Map();
  return {
    element,
    /** @param {object | null} imports null: nothing to show */
    update(imports) {
      element.hidden = !imports;
      if (!imports) {
        shownId = null;
        return;
      }
      const { current: draft, working, file, ignored } = imports;
      const { import_id: id, file_name: name, presets, mapping } = draft;
      if (id !== shownId) {
        shownId = id;
        title.textContent = name;
        facts.textContent = formatWords(draft);
        system.value = imports.asked?.system ?? draft.system;
        clearEmpty.checked = Boolean(imports.asked?.clearEmpty);
        preset.replaceChildren(
          h("option", { value: "" }, "Found out"),
          ...presets.map((one) => h("option", { value: one.preset }, one.title)),
        );
        selects = new Map(draft.columns.map((column) => [column.name, selectOf(column.name)]));
        columns.replaceChildren(...draft.columns.map((one) => columnRow(one, selects.get(one.name))));
        title.focus({ preventScroll: true });
      }
      preset.value = draft.preset ?? "";
      preset.disabled = !file || working !== null;
      for (const [column, select] of selects) {
        select.value = mapping[column] ?? "";
        select.parentElement.classList.toggle("is-left-out", !mapping[column]);
      }
      const open = draft.problems.filter(({ code }) => !ignored.includes(code));
      problems.hidden = open.length === 0;
      problems.replaceChildren(...open.map(problemRow));
      const isStuck = working !== null || !isReady(draft, ignored);
      go.disabled = isStuck;
      check.disabled = isStuck;
    },
  };

  function selectOf(column) {
    const select = h(
      "select",
      {
        "aria-label": `What the column ${column} is`,
        onchange: () => act(element, "mapColumn", { column, field: select.value }),
      },
      h("option", { value: "" }, "Left out"),
      FIELD_GROUPS.map(([group, fields]) =>
        h(
          "optgroup",
          { label: group },
          Object.entries(fields).map(([value, words]) => h("option", { value }, words)),
        ),
      ),
    );
    return select;
  }

  function problemRow({ code, detail, severity, fix }) {
    return h(
      "li",
      { class: severity === "error" ? "box box-problem" : "box box-notice" },
      icon("warning"),
      h(
        "div",
        {},
        h("p", {}, detail),
        h(
          "div",
          { class: "item-actions" },
          fix ? button(fixWords(code, fix), () => act(element, "fixMapping", fix)) : null,
          IGNORABLE.includes(code)
            ? button("It is meant so", () => act(element, "ignoreProblem", code))
            : null,
        ),
      ),
    );
  }
}

const FIX_WORDS = { SWAPPED_COORDINATES: "Let them change places" };

const button = (words, onclick) =>
  h("button", { type: "button", class: "button button-small", onclick }, words);

const fixWords = (code, fix) =>
  FIX_WORDS[code] ??
  Object.entries(fix)
    .map(([column, field]) => `${column} is ${field ? fieldWords(field).toLowerCase() : "left out"}`)
    .join(", ");

const columnRow = ({ name, examples = [] }, select) =>
  h(
    "li",
    { class: "import-column" },
    h(
      "div",
      { class: "import-column-name" },
      h("strong", {}, name),
      h("span", { class: "card-facts" }, examples.slice(0, 3).join(" · ") || "empty"),
    ),
    select,
  );
