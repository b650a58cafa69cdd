/** The engagement programme in words, and the draft of another one. */

import { addDays, isoWeek, mondayOf, shortDay } from "./calendar.js";
import { decimal, money } from "./format.js";

export const SERVED_WORDS = {
  field: "Field",
  key_account: "Key account manager",
  inside_sales: "Inside sales",
  respond_only: "Respond only",
};

export const CALL_WORDS = { phone: "by phone", video: "by video", mail: "by mail" };

/** "every 42 days", "none". */
export function everyWords(days) {
  if (days === undefined || days === null) return "none";
  return days === 1 ? "every day" : `every ${decimal(days)} days`;
}

/** "every 30 days by phone", "none". */
export function callWords({ call_interval_days: days, call_channel: channel }) {
  return days === undefined || days === null ? "none" : `${everyWords(days)} ${CALL_WORDS[channel]}`;
}

/** "× 1.3", "as promised". */
export const stretchWords = (stretch) =>
  stretch > 1.0005 ? `× ${decimal(stretch)}` : "as promised";

/**
 * Weeks to choose from: the one before today's, today's, and the eight after it.
 * @returns {[string, string][]} value and words
 */
export function weekChoices(today) {
  const monday = mondayOf(today);
  return Array.from({ length: 10 }, (_, k) => {
    const first = addDays(monday, 7 * (k - 1));
    const word = ["last week", "this week", "next week"][k];
    const days = `${shortDay(first)} to ${shortDay(addDays(first, 4))}`;
    return [isoWeek(first), word ? `${days}, ${word}` : days];
  });
}

/**
 * How a prize comes about, in one line.
 * @param {object} one of the recommendations
 */
export function prizeWords(one) {
  const { base_per_month: base, margin_share: margin, elasticity: b, visits_per_month: n } = one.value_parts;
  const gain = `((2 + ${decimal(n)})^${decimal(b)} − (1 + ${decimal(n)})^${decimal(b)})`;
  const value = `${money(base)} a month unvisited × ${decimal(100 * margin)} % margin × ${gain} = ${money(one.visit_value)} for one more visit`;
  const due = ` × ${decimal(one.cadence.due_factor)} as it is due`;
  const boost = one.prize_factor === 1 ? "" : ` × ${decimal(one.prize_factor)}`;
  const extra = one.prize_extra ? ` + ${money(one.prize_extra)}` : "";
  const special = boost || extra ? `${boost}${extra} by special situations` : "";
  return `${value};${due}${special} = ${money(one.prize)}.`;
}

/**
 * A segment as the fields of a form hold it, all texts.
 * @param {object} rule as the service tells it
 */
export function toFields(rule) {
  const text = (value) => (value === undefined || value === null ? "" : String(value));
  return {
    segment: rule.segment,
    revenue_from: text(rule.revenue_from),
    channel: rule.channel,
    visit_interval_days: text(rule.visit_interval_days),
    minutes: text(rule.service_duration_s / 60),
    field_visits: rule.field_visits,
    call_channel: text(rule.call_channel),
    call_interval_days: text(rule.call_interval_days),
    description: rule.description,
  };
}

/** The other way round; what is empty is left out, so that the service says what is missing. */
export function fromFields(fields) {
  const number = (text) => (text.trim() === "" ? undefined : Number(text));
  const minutes = number(fields.minutes);
  return {
    segment: fields.segment.trim(),
    revenue_from: number(fields.revenue_from),
    channel: fields.channel,
    visit_interval_days: number(fields.visit_interval_days),
    service_duration_s: minutes === undefined ? undefined : Math.round(60 * minutes),
    field_visits: fields.channel === "field" ? undefined : fields.field_visits,
    call_channel: fields.call_channel || undefined,
    call_interval_days: number(fields.call_interval_days),
    description: fields.description.trim(),
  };
}
