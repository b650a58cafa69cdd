/** Accounts from a file: choose it, see what its columns are taken for, check, import, read what came of it. */

import { act, h, icon, onChange } from "../dom.js";
import { plainDate } from "../logic/calendar.js";
import { count } from "../logic/format.js";
import { isUnderWay, showsReport } from "../logic/imports.js";
import { mountImportDraft } from "./import_draft.js";
import { mountImportReport } from "./import_report.js";

const KINDS = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json";

export function mountImport(el) {
  const heading = h("h2", { class: "list-heading" }, "Import");
  const input = h("input", {
    id: "import-file",
    type: "file",
    accept: KINDS,
    class: "visually-hidden",
    onchange: () => {
      if (input.files.length) act(el, "uploadFile", input.files[0]);
      input.value = "";
    },
  });
  const drop = h(
    "label",
    { class: "drop", for: "import-file" },
    icon("file"),
    h("strong", {}, "Choose a file, or drop it here"),
    h("span", {}, "CSV, XLSX or JSON lines. Nothing is written before you say so."),
  );
  const busy = h("p", { class: "more" }, h("span", { class: "spinner" }), "Reading the file");
  const fault = h("div", { class: "import-fault", role: "alert" });
  const start = h("div", { class: "import-start" }, input, drop, busy);
  const draft = mountImportDraft();
  const progress = mountProgressOf();
  const report = mountImportReport();
  const earlier = h("section", { class: "earlier" });
  el.append(heading, fault, start, draft.element, progress.element, report.element, earlier);

  for (const name of ["dragenter", "dragover"]) {
    el.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  el.addEventListener("dragleave", (event) => {
    if (!el.contains(event.relatedTarget)) drop.classList.remove("is-over");
  });
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    const [file] = event.dataTransfer.files;
    if (file && !start.hidden) act(el, "uploadFile", file);
  });

  return {
    update: onChange(
      (state) => [state.imports, state.accountsTab === "import"],
      (imports, isOpen) => {
        if (!isOpen) return;
        const { current, working, items } = imports;
        const detail = imports.detail ?? current?.problem?.detail ?? null;
        fault.replaceChildren(
          ...(detail
            ? [h("div", { class: "box box-problem" }, icon("warning"), h("p", {}, detail))]
            : []),
        );
        start.hidden = current !== null;
        busy.hidden = working !== "upload";
        drop.hidden = working === "upload";
        const isBusy = current !== null && isUnderWay(current);
        const isReport = showsReport(imports);
        draft.update(current && !isBusy && !isReport ? imports : null);
        progress.update(isBusy ? current : null);
        report.update(!isBusy && isReport ? imports : null);
        earlier.hidden = current !== null || items.length === 0;
        earlier.replaceChildren(...(items.length ? earlierImports(items) : []));
      },
    ),
  };
}

function mountProgressOf() {
  const stage = h("p", {});
  const bar = h("progress", { max: "1", "aria-label": "Import" });
  const element = h(
    "section",
    { class: "import-progress", "aria-label": "Progress" },
    stage,
    bar,
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        onclick: (event) => act(event.target, "cancelImport"),
      },
      "Cancel",
    ),
  );
  return {
    element,
    update(current) {
      element.hidden = !current;
      if (!current) return;
      const { progress, status, file_name: name } = current;
      if (!progress) {
        stage.textContent = status === "queued" ? `${name} waits for its turn` : `Reading ${name}`;
        bar.removeAttribute("value");
        return;
      }
      const { stage: words, done, total, fraction } = progress;
      stage.textContent = total ? `${words}, ${count(done)} of ${count(total)}` : words;
      bar.value = fraction;
    },
  };
}

function earlierImports(items) {
  return [
    h("h3", {}, "Earlier"),
    h(
      "ul",
      { class: "earlier-list" },
      items.slice(0, 10).map(({ import_id: id, file_name: name, status, created_at: at, summary }) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "link", onclick: (event) => act(event.target, "openImport", id) },
            name,
          ),
          h(
            "span",
            { class: "card-facts" },
            `${plainDate(at.slice(0, 10))} · ${status === "complete" && summary ? summary : WORDS[status]}`,
          ),
        ),
      ),
    ),
  ];
}

const WORDS = {
  draft: "not imported yet",
  queued: "waiting",
  running: "under way",
  complete: "done",
  failed: "failed",
  cancelled: "cancelled",
};
