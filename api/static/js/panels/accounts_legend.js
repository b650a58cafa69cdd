/** By what the accounts on the map are coloured, and the tools to select some of them. */

import { act, h, icon, onChange } from "../dom.js";
import { sectionArea } from "../logic/area.js";
import { COLOURS, NOBODY_COLOUR, OWNER_COLOURS, levelLegend } from "../logic/colour_by.js";
import { count } from "../logic/format.js";
import { ownerColours } from "../logic/owner_colours.js";
import { filteredPoints, ownersWithin } from "../logic/points.js";
import { dueMark } from "./due_mark.js";

const OWNERS_SHOWN = 7;

const CLUSTER_NOTES = {
  due: "Numbers: the redder, the more of them are overdue.",
  segment: "Numbers: the darker, the more of them buy for 100,000 and more.",
  potential: "Numbers: the darker, the more of them are in the highest class.",
  value: "Contribution of the next 12 months. Numbers: the darker, the more are in the highest class.",
  risk: "Chance that the customer has gone. Numbers: the darker, the more of them are at 20 % and more.",
  owner: "Numbers in a colour: all of them have that owner.",
};

const TOOLS = [
  ["lasso", "Lasso", "lasso"],
  ["rectangle", "Box", "rectangle"],
];

export function mountAccountsLegend(el) {
  const choice = h(
    "select",
    { id: "colour-by", onchange: () => act(el, "colourAccounts", choice.value) },
    Object.entries(COLOURS).map(([value, words]) => h("option", { value }, words)),
  );
  const rows = h("ul", { class: "legend-levels" });
  const note = h("p", { class: "legend-note" });
  const cut = h("p", { class: "legend-note", role: "status" });
  const tools = TOOLS.map(([name, words, symbol]) =>
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        "aria-pressed": "false",
        "data-tool": name,
        onclick: () => act(el, "drawArea", name),
      },
      icon(symbol),
      words,
    ),
  );
  let bounds = null;
  const whatIsSeen = h(
    "button",
    {
      type: "button",
      class: "button button-small",
      title: "Select what the map shows",
      onclick: () => bounds && act(el, "takeArea", sectionArea(bounds)),
    },
    "In view",
  );
  const fit = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Show all that pass the filter on the map",
      title: "Show all that pass the filter",
      onclick: () => act(el, "fitAccounts"),
    },
    icon("fit"),
  );
  const selecting = h(
    "div",
    { class: "legend-tools", role: "group", "aria-label": "Select on the map" },
    tools,
    whatIsSeen,
  );
  el.append(
    h(
      "div",
      { class: "legend-choice" },
      h("label", { for: "colour-by" }, "Colour by"),
      choice,
      fit,
    ),
    rows,
    note,
    cut,
    selecting,
  );

  let colours = new Map();
  const learnColours = onChange(
    (state) => [state.accountPoints],
    (points) => (colours = points ? ownerColours(points) : new Map()),
  );
  let points = null;
  const passPoints = onChange(
    (state) => [state.accountPoints, state.filter, state.hitIds],
    (all, filter, ids) => (points = filteredPoints(all, filter, ids)),
  );

  const showRows = onChange(
    (state) => [
      state.colourBy,
      state.dataset,
      state.accountPoints,
      ...(state.colourBy === "owner"
        ? [state.mapBounds, state.reps, state.filter, state.hitIds]
        : []),
    ],
    (colourBy, dataset, all, mapBounds, reps) => {
      choice.value = colourBy;
      note.textContent = CLUSTER_NOTES[colourBy];
      if (colourBy === "due") {
        rows.replaceChildren(...["red", "yellow", "green"].map((due) => h("li", {}, dueMark(due))));
      } else if (colourBy === "owner") {
        rows.replaceChildren(...(mapBounds && all ? ownerRows(mapBounds, reps) : []));
      } else {
        rows.replaceChildren(
          ...levelLegend(colourBy, all?.bounds).map(({ colour, radius, text }) =>
            h("li", {}, dot(colour, radius), text),
          ),
        );
      }
      rows.classList.toggle("is-long", colourBy !== "due");
    },
  );

  function ownerRows(mapBounds, reps) {
    const within = ownersWithin(points, mapBounds);
    const names = new Map(reps.map(({ rep_id, name }) => [rep_id, name]));
    const line = ({ owner, count: number }) =>
      h(
        "li",
        {},
        owner ? dot(OWNER_COLOURS[colours.get(owner)], 5) : dot(NOBODY_COLOUR, 4, true),
        h("span", { class: "legend-name" }, owner ? (names.get(owner) ?? `Rep ${owner}`) : "Nobody"),
        h("span", { class: "legend-count" }, count(number)),
      );
    const others = within.length - OWNERS_SHOWN;
    return [
      ...within.slice(0, OWNERS_SHOWN).map(line),
      ...(others > 0 ? [h("li", { class: "legend-note" }, `${others} more. Zoom in to see them.`)] : []),
    ];
  }

  const showTools = onChange(
    (state) => [state.drawing, state.mapBounds, state.hitsCut],
    (drawing, mapBounds, hitsCut) => {
      bounds = mapBounds;
      whatIsSeen.disabled = !mapBounds;
      for (const tool of tools) {
        tool.setAttribute("aria-pressed", String(tool.dataset.tool === drawing));
      }
      cut.textContent = hitsCut ? "Not all who match are known here: the map shows others too." : "";
    },
  );

  return {
    update(state) {
      if (state.section === "trip") return;
      selecting.hidden = state.section !== "accounts";
      learnColours(state);
      passPoints(state);
      showRows(state);
      showTools(state);
    },
  };
}

const dot = (colour, radius, isHollow = false) =>
  h("span", {
    class: isHollow ? "legend-dot is-hollow" : "legend-dot",
    "aria-hidden": "true",
    style: { "--dot": colour, "--size": `${2 * radius}px` },
  });
