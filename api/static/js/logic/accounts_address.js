/**
 * The section of accounts in the page's address. What was searched for is left out: no customer's
 * name belongs into an address.
 */

import { NO_FILTER, SORTS } from "./account_filter.js";
import { DUE_WORDS, ISSUES, STATUS_WORDS } from "./account_words.js";
import { COLOURS } from "./colour_by.js";
import { CELLS } from "./matrix.js";

export const TABS = ["list", "pins", "duplicates", "import"];

const isOneOf = (words) => (value) => Object.hasOwn(words, value);

/** Which segments there are is known once the data set is. */
const LISTS = {
  due: isOneOf(DUE_WORDS),
  segment: (value) => /^[a-z0-9][a-z0-9_]{0,39}$/.test(value),
  status: isOneOf(STATUS_WORDS),
};
const ISSUE_VALUES = ["any", "none", ...Object.keys(ISSUES)];
const SORT_VALUES = SORTS.map(([value]) => value);
const ID = /^\d{1,18}$/;
const REGION = /^[\w -]{1,20}$/;
const OPENING = "show=accounts";

/** @returns {"trip" | "accounts" | "insights"} */
export function sectionOf(search) {
  const shown = new URLSearchParams(search).get("show");
  return shown === "accounts" || shown === "insights" ? shown : "trip";
}

/** @returns {string} with its "?" */
export function toAccountsQuery({ accountsTab, filter, sort, colourBy, accountId = null }) {
  const query = new URLSearchParams();
  if (accountsTab !== "list") query.set("tab", accountsTab);
  for (const name of Object.keys(LISTS)) {
    if (filter[name].length) query.set(name, filter[name].join("."));
  }
  if (filter.owner) query.set("owner", filter.owner);
  if (filter.issue) query.set("issue", filter.issue);
  if (filter.minPotential !== null) query.set("potential", String(filter.minPotential));
  if (filter.region) query.set("postcode", filter.region);
  if (filter.cell) query.set("cell", filter.cell);
  if (filter.cell && filter.cellPotential !== null) {
    query.set("cellpotential", String(filter.cellPotential));
  }
  if (filter.cell && filter.cellVisitValue !== null) {
    query.set("cellvalue", String(filter.cellVisitValue));
  }
  if (filter.area) query.set("area", filter.area.flat().join("~"));
  if (sort !== "name") query.set("sort", sort);
  if (colourBy !== "due") query.set("colour", colourBy);
  if (accountId) query.set("account", accountId);
  const rest = String(query).replaceAll("%7E", "~");
  return `?${OPENING}${rest && `&${rest}`}`;
}

/** What cannot be read keeps its default. */
export function fromAccountsQuery(search) {
  const query = new URLSearchParams(search);
  const among = (name, values, otherwise) =>
    values.includes(query.get(name)) ? query.get(name) : otherwise;
  const filter = { ...NO_FILTER };
  for (const [name, isKnown] of Object.entries(LISTS)) {
    filter[name] = (query.get(name) ?? "").split(".").filter(isKnown);
  }
  const owner = query.get("owner") ?? "";
  if (owner === "none" || ID.test(owner)) filter.owner = owner;
  filter.issue = among("issue", ISSUE_VALUES, "");
  filter.minPotential = readAmount(query.get("potential"));
  const region = query.get("postcode") ?? "";
  if (REGION.test(region)) filter.region = region;
  filter.cell = among("cell", Object.keys(CELLS), "");
  if (filter.cell) {
    filter.cellPotential = readAmount(query.get("cellpotential"));
    filter.cellVisitValue = readAmount(query.get("cellvalue"));
  }
  filter.area = readArea(query.get("area"));
  const account = query.get("account") ?? "";
  return {
    accountsTab: among("tab", TABS, "list"),
    filter,
    sort: among("sort", SORT_VALUES, "name"),
    colourBy: among("colour", Object.keys(COLOURS), "due"),
    accountId: ID.test(account) ? account : null,
  };
}

function readAmount(text) {
  const amount = Number(text || NaN);
  return amount >= 0 && Number.isFinite(amount) ? amount : null;
}

function readArea(text) {
  const numbers = (text ?? "").split("~").map(Number);
  if (numbers.length < 6 || numbers.length % 2 || !numbers.every(Number.isFinite)) return null;
  const corners = [];
  for (let at = 0; at < numbers.length; at += 2) corners.push([numbers[at], numbers[at + 1]]);
  const isOnEarth = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  return corners.every(isOnEarth) ? corners : null;
}
