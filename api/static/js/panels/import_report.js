/** What came of an import, or would come of it: counts, and the rows that were refused. */

import { act, h, icon } from "../dom.js";
import { count, plural } from "../logic/format.js";
import { isReady, locatedLines, outcome, unknownOwnerWords } from "../logic/imports.js";

const SHOWN = 20;

export function mountImportReport() {
  const element = h("section", { class: "import-report", "aria-labelledby": "import-report-heading" });
  let shown = null;
  return {
    element,
    /** @param {object | null} imports null: nothing to show */
    update(imports) {
      element.hidden = !imports;
      if (!imports) {
        shown = null;
        return;
      }
      const isNew = shown?.current !== imports.current;
      if (!isNew && shown.working === imports.working) return;
      shown = imports;
      draw(element, imports);
      if (isNew) element.querySelector("h3").focus({ preventScroll: true });
    },
  };
}

function draw(element, { current, working, ignored, asked }) {
  const { report, file_name: name, links } = current;
  const isDry = report.is_dry_run;
  const located = locatedLines(report);
  element.replaceChildren(
    ...[
      h(
        "header",
        { class: "task-head" },
        h("h3", { id: "import-report-heading", tabindex: "-1" }, name),
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
      h("p", { class: "import-words" }, report.summary),
      h(
        "dl",
        { class: "facts import-facts" },
        outcome(report).map(([label, number]) =>
          h("div", {}, h("dt", {}, label), h("dd", {}, count(number))),
        ),
      ),
      located.length
        ? h(
            "section",
            { class: "import-located" },
            h("h4", {}, "Addresses that were looked for"),
            bars(located),
            report.ambiguous
              ? h("p", { class: "card-facts" }, `${plural(report.ambiguous, "address", "addresses")} may mean several places.`)
              : null,
          )
        : null,
      unknownOwnerWords(report)
        ? h("p", { class: "card-facts" }, unknownOwnerWords(report))
        : null,
      report.kept_owners
        ? h(
            "p",
            { class: "card-facts" },
            `${plural(report.kept_owners, "account")} keep the owner that a published plan says.`,
          )
        : null,
      report.errors.length ? refusedRows(report, links.refused) : null,
      report.warnings.length ? warnings(report) : null,
      h(
        "div",
        { class: "import-actions" },
        ...(isDry
          ? [
              h(
                "button",
                {
                  type: "button",
                  class: "button button-primary",
                  disabled: working !== null || !isReady(current, ignored),
                  onclick: () => act(element, "runImport", { dryRun: false, ...asked }),
                },
                report.refused ? "Import the others" : "Import",
              ),
              other(element, "Back to the columns", "backToColumns"),
            ]
          : [
              h(
                "button",
                {
                  type: "button",
                  class: "button button-primary",
                  onclick: () => act(element, "openAccountsTab", "list"),
                },
                "See the accounts",
              ),
              other(element, "Another file", "closeImport"),
            ]),
      ),
    ].filter(Boolean),
  );
}

function bars(lines) {
  const most = Math.max(...lines.map(([, number]) => number));
  return h(
    "ul",
    { class: "bars" },
    lines.map(([text, number]) =>
      h(
        "li",
        {},
        h("span", { class: "bar-text" }, text),
        h("span", { class: "bar", style: { "--share": `${(number / most) * 100}%` } }),
        h("span", { class: "bar-count" }, count(number)),
      ),
    ),
  );
}

const other = (element, words, verb) =>
  h("button", { type: "button", class: "button", onclick: () => act(element, verb) }, words);

function refusedRows({ errors }, href) {
  return h(
    "section",
    { class: "import-refused" },
    h("h4", {}, "Rows that were refused"),
    h(
      "p",
      { class: "card-facts" },
      "The others are not held up by them. ",
      href ? h("a", { href, download: "" }, "Download these rows") : null,
      href ? ", mend them, and send that file." : null,
    ),
    notes(errors, "Rows that were refused"),
  );
}

const warnings = ({ warnings: list }) =>
  h(
    "section",
    { class: "import-refused" },
    h("h4", {}, "Worth a look"),
    notes(list, "Rows worth a look"),
  );

/** A table of rows; the first ones, and the rest when asked. */
function notes(list, label) {
  const body = h("tbody", {});
  const more = h("div", { class: "more" });
  const show = (most) => {
    body.replaceChildren(...list.slice(0, most).map(noteRow));
    const hidden = list.length - most;
    const button = () =>
      h(
        "button",
        { type: "button", class: "button button-small", onclick: () => show(list.length) },
        `Show ${count(hidden)} more`,
      );
    more.replaceChildren(...(hidden > 0 ? [button()] : []));
  };
  show(SHOWN);
  return h(
    "div",
    {},
    h(
      "div",
      { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Row", "Column", "Value", "Why"].map((words) => h("th", { scope: "col" }, words)),
          ),
        ),
        body,
      ),
    ),
    more,
  );
}

const noteRow = ({ row, column, value, detail }) =>
  h(
    "tr",
    {},
    h("th", { scope: "row" }, String(row)),
    h("td", {}, column),
    h("td", { class: "import-value" }, value),
    h("td", {}, detail),
  );
