/** The planning rounds: a month from both sides, results, the week, and what changes are worth. */

import { choice, controls } from "./parts.js";
import { roundPart } from "./rounds_month.js";
import { resultsPart } from "./rounds_results.js";
import { weekPart } from "./rounds_week.js";
import { worthPart } from "./rounds_worth.js";

const PARTS = [roundPart, resultsPart, weekPart, worthPart];

const partOf = (query) => PARTS.find(({ name }) => name === query.part) ?? roundPart;

/** @type {import("./tabs.js").Tab} */
export const rounds = {
  name: "rounds",
  title: "Rounds",
  // What is shown names itself: while another part is loading, the last answer is still there.
  load: async (service, query) => ({
    part: partOf(query).name,
    answer: await partOf(query).load(service, query),
  }),
  view({ part, answer }, tools) {
    const shown = PARTS.find(({ name }) => name === part) ?? roundPart;
    const options = PARTS.map(({ name, title }) => [name, title]);
    const pick = choice({
      id: "rounds-part",
      label: "Show",
      options,
      value: part,
      onChange: (name) => tools.ask({ part: name, rep_id: tools.query.rep_id }),
    });
    return [controls(pick, ...shown.controls(answer, tools)), ...shown.view(answer, tools)];
  },
};
