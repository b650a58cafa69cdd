/**
 * Imports of files: what a column can be, and words for what came of it.
 *
 * @typedef {object} RowError
 * @property {number} row as the spreadsheet numbers it
 * @property {string} column
 * @property {string} value
 * @property {string} code
 * @property {string} detail
 */

import { levelWords } from "./account_words.js";
import { count, plural } from "./format.js";

export const NO_IMPORTS = Object.freeze({
  status: "idle",
  items: [],
  /** The one that is looked at, as the service tells it. */
  current: null,
  /** What is being done. @type {"upload" | "map" | "run" | null} */
  working: null,
  /** What was refused. */
  detail: null,
  /** The file as the browser has it, to read it again in another way. @type {File | null} */
  file: null,
  /** Problems in spite of which it is to be done, by code. @type {string[]} */
  ignored: [],
  /** Whether the columns are looked at although there is a report of a check. */
  isBack: false,
});

/** Problems that may be meant so. */
export const IGNORABLE = ["SWAPPED_COORDINATES"];

/** What a column can be, by what it tells; names are those of the service. */
export const FIELD_GROUPS = [
  [
    "Who it is",
    {
      external_id: "Id in the other system",
      name: "Name",
      status: "Status",
      owner: "Owner's id",
      notes: "Notes",
    },
  ],
  [
    "Where it is",
    {
      street: "Street",
      house_number: "House number",
      postcode: "Postcode",
      town: "Town",
      country: "Country",
      address: "Whole address",
      lon: "Longitude",
      lat: "Latitude",
      position: "Position [lon, lat]",
      location_level: "How exact the position is",
    },
  ],
  [
    "What it could buy",
    {
      segment: "Segment",
      revenue: "Revenue a year",
      potential: "Potential a year",
      currency: "Currency",
    },
  ],
  [
    "Visits",
    {
      opening_hours: "Opening hours",
      service_duration: "Length of a visit (min)",
      service_duration_s: "Length of a visit (s)",
      visit_interval: "Days between visits",
      visits_per_year: "Visits a year",
    },
  ],
  [
    "Contact",
    {
      contact_first_name: "First name",
      contact_name: "Name of the contact",
      contact_role: "Role",
      contact_email: "E-mail",
      contact_phone: "Telephone",
      contacts: "Contacts as JSON",
    },
  ],
];

const TITLES = Object.assign({}, ...FIELD_GROUPS.map(([, fields]) => fields));

export const fieldWords = (field) => TITLES[field] ?? field;

/** A field is taken by one column: whoever had it gives it up. */
export function withField(mapping, column, field) {
  const others = Object.entries(mapping).filter(
    ([name, taken]) => name !== column && (!field || taken !== field),
  );
  return Object.fromEntries(field ? [...others, [column, field]] : others);
}

/** With the fix of a problem. */
export function withFix(mapping, fix) {
  const columns = Object.keys(fix);
  const rest = Object.entries(mapping).filter(
    ([name, field]) => !columns.includes(name) && !Object.values(fix).includes(field),
  );
  return { ...Object.fromEntries(rest), ...fix };
}

export const isUnderWay = ({ status }) => ["queued", "running"].includes(status);

/** Whether nothing is in the way of an import. @param {string[]} ignored codes */
export const isReady = ({ problems = [] }, ignored = []) =>
  !problems.some(({ severity, code }) => severity === "error" && !ignored.includes(code));

/** Whether its report is shown rather than its columns. */
export const showsReport = ({ current, isBack }) =>
  Boolean(current?.report) && !(isBack && current.report.is_dry_run);

/** "2,000 rows, CSV with ;, windows-1252" */
export function formatWords({ row_count: rows, format = {} }) {
  const { kind, delimiter, encoding, sheet } = format;
  const words = [rows === undefined ? "" : plural(rows, "row"), kind ? kind.toUpperCase() : ""];
  if (delimiter) words.push(`separated by ${DELIMITERS[delimiter] ?? delimiter}`);
  if (encoding) words.push(encoding);
  if (sheet) words.push(`sheet ${sheet}`);
  return words.filter(Boolean).join(", ");
}

const DELIMITERS = { ";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars" };

/** What became of the rows. @returns {[string, number][]} */
export function outcome({ created = 0, updated = 0, unchanged = 0, refused = 0 }) {
  return [
    ["New", created],
    ["Changed", updated],
    ["As before", unchanged],
    ["Refused", refused],
  ];
}

/** How well addresses were found, best first. @returns {[string, number][]} */
export function locatedLines({ located = {} }) {
  const order = ["address", "interpolated", "street", "postcode", "place", "not_found"];
  return order
    .filter((level) => located[level])
    .map((level) => [level === "not_found" ? "Not found" : levelWords(level), located[level]]);
}

/** Owners of the file that are no rep here, or null. */
export function unknownOwnerWords({ unknown_owners: owners = {}, unknown_owner_count: number = 0 }) {
  if (!number) return null;
  const names = Object.keys(owners).slice(0, 5).join(", ");
  const more = number > 5 ? " and others" : "";
  return number === 1
    ? `The owner ${names} is not known here as a rep: their accounts stay without an owner until they are.`
    : `${count(number)} owners are not known here as reps (${names}${more}): their accounts stay without an owner until they are.`;
}
