/** Searching, filtering and sorting accounts; what limits the list stands there as chips. */

import { act, h, icon, onChange } from "../dom.js";
import { NO_FILTER, SORTS, chipsOf, toggled } from "../logic/account_filter.js";
import {
  DUE_WORDS,
  ISSUES,
  STATUS_WORDS,
  segmentNames,
  segmentWords,
} from "../logic/account_words.js";
import { count, currencySymbol, plural } from "../logic/format.js";
import { CELLS } from "../logic/matrix.js";
import { chip } from "./chips.js";
import { dueMark } from "./due_mark.js";

const WAIT_MS = 200;

export function mountAccountFilter(el) {
  let filter = NO_FILTER;
  let timer = 0;
  const change = (next) => {
    filter = next;
    act(el, "filterAccounts", next);
  };

  const search = h("input", {
    id: "account-search",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Name, town or postcode",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => change({ ...filter, q: search.value }), WAIT_MS);
    },
  });
  const boxes = new Map();
  const toggles = (name, values) =>
    values.map(([value, content]) => {
      const input = h("input", {
        type: "checkbox",
        onchange: () => change(toggled(filter, name, value)),
      });
      boxes.set(`${name}:${value}`, { input, name, value });
      return h("label", { class: "toggle" }, input, h("span", {}, content));
    });
  const group = (name, words, values) =>
    h(
      "fieldset",
      { class: "field" },
      h("legend", {}, words),
      h("div", { class: "toggles" }, toggles(name, values)),
    );
  const segments = group("segment", "Segment, by revenue a year", []);
  const showSegments = onChange(
    (state) => [state.dataset],
    () => {
      for (const [key, { name }] of boxes) if (name === "segment") boxes.delete(key);
      const values = segmentNames().map((segment) => [segment, segmentWords(segment)]);
      segments.lastElementChild.replaceChildren(...toggles("segment", values));
    },
  );
  const owner = select("account-owner", (value) => change({ ...filter, owner: value }));
  const issue = select("account-issue", (value) => change({ ...filter, issue: value }));
  issue.append(
    option("", "Any"),
    option("any", "Doubtful pin"),
    option("none", "Certain pin"),
    ...Object.entries(ISSUES).map(([code, { short }]) => option(code, short)),
  );
  const potential = h("input", {
    id: "account-potential",
    type: "number",
    min: "0",
    step: "any",
    inputmode: "decimal",
    placeholder: "any",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const value = potential.value === "" ? null : Number(potential.value);
        if (value === null || value >= 0) change({ ...filter, minPotential: value });
      }, 2 * WAIT_MS);
    },
  });
  const region = h("input", {
    id: "account-region",
    type: "text",
    maxlength: "20",
    autocomplete: "off",
    placeholder: "any",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => change({ ...filter, region: region.value.trim() }), 2 * WAIT_MS);
    },
  });
  const cell = select("account-cell", (value) =>
    change({ ...filter, cell: value, cellPotential: null, cellVisitValue: null }),
  );
  cell.append(
    option("", "Any"),
    ...Object.entries(CELLS).map(([value, { words }]) => option(value, words)),
  );
  const unit = h("span", { class: "unit", "aria-hidden": "true" });
  const fold = h(
    "details",
    { class: "fold account-fold" },
    h("summary", {}, h("span", { class: "fold-title" }, "Filter")),
    h(
      "div",
      { class: "account-filters" },
      group("due", "Due state", ["red", "yellow", "green"].map((due) => [due, dueMark(due)])),
      segments,
      group(
        "status",
        "Status",
        Object.entries(STATUS_WORDS).map(([value, words]) => [value, words]),
      ),
      h(
        "div",
        { class: "options" },
        field("account-owner", "Owner", owner),
        field("account-issue", "Position", issue),
        field(
          "account-potential",
          "Potential from",
          h("div", { class: "with-unit" }, potential, unit),
        ),
        field("account-region", "Postcode begins with", region),
        field("account-cell", "Matrix", cell),
      ),
    ),
  );
  const sort = select("account-sort", (value) => act(el, "sortAccounts", value));
  sort.append(...SORTS.map(([value, words]) => option(value, words)));
  const chips = h("ul", { class: "chips", "aria-label": "Filters that are set" });
  const clear = h(
    "button",
    { type: "button", class: "link", onclick: () => change(NO_FILTER) },
    "Clear all",
  );
  const chipRow = h("div", { class: "chip-row" }, chips, clear);
  const hits = h("p", { class: "hits" });
  el.append(
    h(
      "div",
      { class: "search", role: "search" },
      h("label", { for: "account-search", class: "visually-hidden" }, "Search accounts"),
      icon("search"),
      search,
    ),
    fold,
    chipRow,
    h(
      "div",
      { class: "hits-row" },
      hits,
      h("label", { for: "account-sort", class: "visually-hidden" }, "Sort by"),
      sort,
    ),
  );

  const showFilter = onChange(
    (state) => [state.filter, state.reps, state.dataset],
    (next, reps, dataset) => {
      filter = next;
      if (document.activeElement !== search || !next.q) put(search, next.q);
      put(potential, next.minPotential ?? "");
      if (document.activeElement !== region || !next.region) put(region, next.region);
      cell.value = next.cell;
      for (const { input, name, value } of boxes.values()) {
        input.checked = next[name].includes(value);
      }
      if (owner.options.length !== reps.length + 2) {
        owner.replaceChildren(
          option("", "Anybody"),
          option("none", "Nobody"),
          ...reps.map(({ rep_id, name }) => option(rep_id, name)),
        );
      }
      owner.value = next.owner;
      issue.value = next.issue;
      if (dataset) {
        unit.textContent = currencySymbol();
      }
      const limits = chipsOf(next, reps);
      chipRow.hidden = limits.length === 0;
      clear.hidden = limits.length < 2;
      chips.replaceChildren(
        ...limits.map(({ text, rest }) => chip(text, `Remove the filter ${text}`, () => change(rest))),
      );
    },
  );

  const showHits = onChange(
    (state) => [state.accountList, state.sort, state.filter.q],
    (list, sorted, q) => {
      sort.value = sorted;
      sort.options[0].textContent = q.trim() ? "Best match" : SORTS[0][1];
      const { total, items, next, status } = list;
      hits.setAttribute("aria-busy", String(status === "loading"));
      if (status === "idle" || status === "failed") hits.textContent = "";
      else if (total !== null) hits.replaceChildren(h("strong", {}, count(total)), total === 1 ? " account" : " accounts");
      else if (status === "ready") hits.textContent = plural(items.length, "account") + (next ? " and more" : "");
    },
  );

  return {
    update(state) {
      showSegments(state);
      showFilter(state);
      showHits(state);
    },
  };
}

const option = (value, words) => h("option", { value }, words);

const select = (id, onChoice) =>
  h("select", { id, onchange: (event) => onChoice(event.target.value) });

const field = (id, words, control) =>
  h("div", { class: "field" }, h("label", { for: id }, words), control);

function put(input, value) {
  if (input.value !== String(value)) input.value = value;
}
