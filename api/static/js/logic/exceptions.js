/** What holds for one account instead of its segment's rule, in words. */

import { plainDate } from "./calendar.js";
import { decimal, duration } from "./format.js";

const CHANNEL_WORDS = {
  field: "served by the field",
  key_account: "served by a key account manager",
  inside_sales: "served by inside sales",
  respond_only: "only answered when it calls",
};

/** "field trips may visit it, a visit every 30 days, until 1 Mar 2027". */
export function exceptionWords(one) {
  const said = [
    one.channel ? CHANNEL_WORDS[one.channel] : null,
    one.strategic ? "field trips may visit it" : null,
    one.visit_interval_days ? `a visit every ${decimal(one.visit_interval_days)} days` : null,
    one.service_duration_s ? `${duration(one.service_duration_s)} each` : null,
  ];
  return [...said.filter(Boolean), `until ${plainDate(one.expires_on)}`].join(", ");
}

/** Those that hold on a day or begin later. */
export function lastingExceptions(items, asOf) {
  return items.filter(({ expires_on: end }) => !asOf || end > asOf);
}

/** The body of a request; what was left empty is not said. */
export function exceptionBody({ strategic, interval, minutes, reason, until }) {
  return {
    strategic,
    visit_interval_days: interval ? Number(interval) : undefined,
    service_duration_s: minutes ? 60 * Number(minutes) : undefined,
    reason,
    expires_on: until,
  };
}
