/** Plans that are stored for the week of a rep. */

import { isDate, isoWeek } from "./calendar.js";
import { momentWords } from "./changes.js";
import { money, plural } from "./format.js";
import { firstDayOf } from "./trip_days.js";

/** Query of GET /routes for what the form asks for, or null where that is no week of a rep. */
export function storedQuery(form) {
  const first = firstDayOf(form);
  if (form.mode !== "week" || !form.repId || !isDate(first)) return null;
  return { rep_id: form.repId, week: isoWeek(first), limit: 10 };
}

/** Routes that have a plan; accepted ones first, each newest first. */
export function plansOf(items) {
  const planned = items.filter(({ visits }) => visits !== undefined);
  const isAccepted = (item) => item.accepted_revision !== undefined;
  return [...planned.filter(isAccepted), ...planned.filter((item) => !isAccepted(item))];
}

/** "accepted · 41 visits · €6,423 · made Wed 25 Nov, 18:11" */
export function storedWords(item, timezone) {
  const { accepted_revision: accepted, revision, visits, net_value: value } = item;
  const standing = accepted === undefined ? "" : "accepted";
  return [
    accepted !== undefined && accepted < revision ? "accepted, changed since" : standing,
    plural(visits, "visit"),
    value === undefined ? "" : money(value),
    `made ${momentWords(item.created_at, timezone)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
