/** What the card of an account shows. */

import { ISSUES, STATUS_WORDS, levelWords, segmentWords, sourceWords } from "./account_words.js";
import { plainDate } from "./calendar.js";
import { count, distance, duration, money } from "./format.js";

/** @returns {[string, string][]} label and value */
export function cardRows(card) {
  return [
    ["Status", STATUS_WORDS[card.status] ?? card.status],
    ["Revenue a year", segmentWords(card.segment)],
    ["Potential a year", money(card.potential)],
    [`Orders in ${Math.round(card.history_months)} months`, money(card.revenue)],
    ["Last visit", card.last_visit ? plainDate(card.last_visit) : "never"],
    ["Visit every", `${Math.round(card.visit_interval_days)} days`],
    ["A visit takes", duration(card.service_duration_s)],
    ["A visit today is worth", money(card.prize)],
    ["Owner", card.owner ?? "nobody"],
  ];
}

/** Share of the visit interval that has passed, or null. */
export function dueShare(card) {
  return Number.isFinite(card.due_ratio) ? card.due_ratio : null;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * Opening hours with days alike in one line: "Mon–Fri", "08:00–12:00, 13:00–17:00".
 * @param {{weekday: number, opens: string, closes: string}[]} windows
 * @returns {[string, string][]} days and hours; empty: always open
 */
export function hourLines(windows) {
  if (!windows?.length) return [];
  const days = WEEKDAYS.map((name, index) => ({
    name,
    hours: windows
      .filter(({ weekday }) => weekday === index + 1)
      .map(({ opens, closes }) => `${opens}–${closes}`)
      .join(", "),
  }));
  const lines = [];
  for (const { name, hours } of days) {
    const line = lines.at(-1);
    if (line?.hours === hours) line.last = name;
    else lines.push({ first: name, last: name, hours });
  }
  return lines.map(({ first, last, hours }) => [
    first === last ? first : `${first}–${last}`,
    hours || "closed",
  ]);
}

/**
 * How far the pin can be trusted.
 * @returns {{issue: string | null, facts: string[]}}
 */
export function locationWords(location) {
  if (!location) return { issue: null, facts: [] };
  const { level, source, confidence, label, road_distance_m: road, issue } = location;
  const facts = [];
  if (level) {
    const isByHand = source === "hand" || level === "position";
    facts.push(isByHand ? (sourceWords(source) ?? levelWords(level)) : levelWords(level));
    const isGuess = source === "geocoder" && confidence !== undefined && confidence < 0.995;
    if (isGuess) facts.push(`${Math.round(confidence * 100)} % sure`);
  }
  if (label) facts.push(`taken for ${label}`);
  if (road !== undefined) facts.push(roadWords(road));
  return { issue: issue ? ISSUES[issue].long : null, facts };
}

const roadWords = (metres) =>
  metres < 1000
    ? `${count(metres)} m from the nearest road`
    : `${distance(metres)} from the nearest road`;

/** Where the account can be driven to with other programs: by position, never by name. */
export function navigationLinks([lon, lat]) {
  const at = `${lat},${lon}`;
  return [
    [
      "Google Maps",
      `https://www.google.com/maps/dir/?api=1&destination=${at}&travelmode=driving&dir_action=navigate`,
    ],
    ["Apple Maps", `https://maps.apple.com/?daddr=${at}&dirflg=d`],
    ["Waze", `https://waze.com/ul?ll=${at}&navigate=yes`],
    ["Other app", `geo:${at}`],
  ];
}

/** Quarters that a line of orders covers. */
const QUARTERS = 8;

/**
 * Orders by quarter of a year, oldest first, the last quarter ending with the date.
 * @param {{date: string, amount: number}[]} orders in one currency
 * @param {string} asOf ISO date
 * @returns {number[]}
 */
export function quarterlyOrders(orders, asOf) {
  const sums = new Array(QUARTERS).fill(0);
  const end = monthOf(asOf);
  for (const { date, amount } of orders) {
    const ago = Math.floor((end - monthOf(date)) / 3);
    if (ago >= 0 && ago < QUARTERS) sums[QUARTERS - 1 - ago] += amount;
  }
  return sums;
}

const monthOf = (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
