/**
 * Which accounts the list and the map show, and in what order.
 *
 * @typedef {import("../types.js").Position} Position
 *
 * @typedef {object} AccountFilter
 * @property {string} q beginnings of words of name, town and postcode
 * @property {string[]} due
 * @property {string[]} segment
 * @property {string[]} status
 * @property {string} owner id of a rep, "none", or empty: any
 * @property {string} issue code, "any", "none", or empty: with and without
 * @property {number | null} minPotential
 * @property {string} region beginning of postcodes, or empty
 * @property {string} cell of the matrix of potential and visit value, or empty
 * @property {number | null} cellPotential from where potential is high; null: as the matrix has it
 * @property {number | null} cellVisitValue the same of the value of a visit
 * @property {Position[] | null} area corners of an area drawn on the map, without the first again
 */

import { DUE_WORDS, STATUS_WORDS, issueWords, segmentWords } from "./account_words.js";
import { money } from "./format.js";
import { cellWords } from "./matrix.js";

/** @type {AccountFilter} */
export const NO_FILTER = Object.freeze({
  q: "",
  due: [],
  segment: [],
  status: [],
  owner: "",
  issue: "",
  minPotential: null,
  region: "",
  cell: "",
  cellPotential: null,
  cellVisitValue: null,
  area: null,
});

/** All but name and number come highest first. */
export const SORTS = [
  ["name", "Name"],
  ["potential", "Potential"],
  ["prize", "Worth of a visit"],
  ["due", "Most overdue"],
  ["customer_value", "Customer value"],
  ["churn_risk", "Churn risk"],
  ["growth", "Growth"],
  ["visit_value", "Value of a visit"],
  ["id", "Number"],
];

const LISTS = ["due", "segment", "status"];

/** With a value of one of the lists put in, or taken out if it is there. */
export function toggled(filter, name, value) {
  const before = filter[name];
  const values = before.includes(value)
    ? before.filter((one) => one !== value)
    : [...before, value];
  return { ...filter, [name]: values };
}

/** The filter as parameters of the service; what limits nothing is left out. */
export function filterQuery(filter) {
  const query = {};
  if (filter.q.trim()) query.q = filter.q.trim();
  for (const name of LISTS) if (filter[name].length) query[name] = filter[name].join(",");
  if (filter.owner) query.owner = filter.owner;
  if (filter.issue) query.issue = filter.issue;
  if (filter.minPotential !== null) query.min_potential = filter.minPotential;
  if (filter.region) query.postcode_prefix = filter.region;
  if (filter.cell) {
    query.cell = filter.cell;
    if (filter.cellPotential !== null) query.cell_potential = filter.cellPotential;
    if (filter.cellVisitValue !== null) query.cell_visit_value = filter.cellVisitValue;
  }
  return query;
}

/** Query of GET /accounts; for a text the best matches come first, unless another order is wanted. */
export function listQuery(filter, sort) {
  const query = filterQuery(filter);
  if (filter.area) query.polygon = filter.area.flat().join(",");
  return query.q && sort === "name" ? query : { ...query, sort };
}

/** Whether the points of the map say too little, or too roughly, to tell who passes. */
export function needsIds({ q, minPotential, region, cell }) {
  return Boolean(q.trim()) || minPotential !== null || Boolean(region) || Boolean(cell);
}

/** Whether two filters let the same ids pass, as far as points of the map cannot tell. */
export function hasSameIds(one, other) {
  return ["q", "minPotential", "region", "cell", "cellPotential", "cellVisitValue"].every(
    (name) => one[name] === other[name],
  );
}

/**
 * A test of the classes of points; what points do not say (see `needsIds`) is not asked.
 * @param {AccountFilter} filter
 * @returns {(point: import("./points.js").PointClass) => boolean}
 */
export function matcher({ due, segment, status, owner, issue }) {
  const passes = (values, value) => !values.length || values.includes(value);
  const wantedOwner = owner === "none" ? "" : owner;
  const fits = {
    "": () => true,
    any: (code) => code !== "",
    none: (code) => code === "",
  }[issue] ?? ((code) => code === issue);
  return (point) =>
    passes(due, point.due) &&
    passes(segment, point.segment) &&
    passes(status, point.status) &&
    (!owner || point.owner === wantedOwner) &&
    fits(point.issue);
}

/**
 * What limits the list, each with the filter that is left when it is taken away.
 * @param {{rep_id: string, name: string}[]} reps
 * @returns {{text: string, rest: AccountFilter}[]}
 */
export function chipsOf(filter, reps) {
  const chips = [];
  const add = (text, patch) => chips.push({ text, rest: { ...filter, ...patch } });
  if (filter.q.trim()) add(`“${filter.q.trim()}”`, { q: "" });
  const words = {
    due: (value) => DUE_WORDS[value] ?? value,
    segment: segmentWords,
    status: (value) => STATUS_WORDS[value] ?? value,
  };
  for (const name of LISTS) {
    for (const value of filter[name]) {
      add(capital(words[name](value)), toggled(filter, name, value));
    }
  }
  if (filter.owner === "none") add("Nobody's", { owner: "" });
  else if (filter.owner) {
    const rep = reps.find(({ rep_id }) => rep_id === filter.owner);
    add(rep?.name ?? `Rep ${filter.owner}`, { owner: "" });
  }
  if (filter.issue === "any") add("Doubtful pin", { issue: "" });
  else if (filter.issue === "none") add("Certain pin", { issue: "" });
  else if (filter.issue) add(issueWords(filter.issue), { issue: "" });
  if (filter.minPotential !== null) {
    add(`Potential from ${money(filter.minPotential)}`, { minPotential: null });
  }
  if (filter.region) add(`Postcode ${filter.region}…`, { region: "" });
  if (filter.cell) {
    add(cellWords(filter.cell), { cell: "", cellPotential: null, cellVisitValue: null });
  }
  if (filter.area) add("In the drawn area", { area: null });
  return chips;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
