/** What the map shows, and what of it can be switched. */

import { act, h, icon, onChange } from "../dom.js";
import { shortDay } from "../logic/calendar.js";
import { dueMark } from "./due_mark.js";

/** Kinds of stops whose shape is not that of every plan. */
const SHAPES = { appointment: "Appointment", break: "Break" };

const LAYERS = [
  ["accounts", "Accounts"],
  ["onTheWay", "On the way"],
];

export function mountLegend(el) {
  const boxes = new Map(
    LAYERS.map(([name, words]) => {
      const input = h("input", { type: "checkbox", onchange: () => act(el, "toggleLayer", name) });
      return [name, { input, label: h("label", { class: "check" }, input, words) }];
    }),
  );
  const days = h("ul", { class: "legend-days" });
  const dues = h(
    "div",
    { class: "legend-due" },
    dueMark("red"),
    dueMark("yellow"),
    dueMark("green"),
  );
  const fit = h(
    "button",
    { type: "button", class: "button button-small", onclick: () => act(el, "fitTrip") },
    icon("fit"),
    "Whole trip",
  );
  el.append(
    h(
      "div",
      { class: "legend-layers" },
      [...boxes.values()].map(({ label }) => label),
    ),
    dues,
    days,
    fit,
  );

  return {
    update: onChange(
      (state) => [state.layers, state.days, state.onTheWay.items.length],
      (layers, planned, wayCount) => {
        for (const [name, { input }] of boxes) input.checked = layers[name];
        boxes.get("onTheWay").label.hidden = wayCount === 0;
        dues.hidden = !layers.accounts && !(layers.onTheWay && wayCount);
        days.replaceChildren(
          ...planned.map((day) =>
            h(
              "li",
              {},
              h("span", {
                class: "day-swatch",
                style: { "--day": day.colour.fill },
                "data-dashed": day.colour.dashed,
              }),
              shortDay(day.date),
            ),
          ),
          ...Object.entries(SHAPES)
            .filter(([type]) => planned.some((day) => day.stops.some((stop) => stop.type === type)))
            .map(([type, words]) =>
              h("li", {}, h("span", { class: `legend-shape legend-${type}` }), words),
            ),
        );
        days.hidden = planned.length === 0;
        fit.hidden = planned.length === 0 && wayCount === 0;
      },
    ),
  };
}
