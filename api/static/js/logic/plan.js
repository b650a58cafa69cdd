/** A route of the service as the list and the map show it. */

import { clock } from "./calendar.js";
import { changeWords } from "./changes.js";
import { dayColour } from "./day_colours.js";
import { visitId } from "./visit_id.js";

/**
 * @typedef {object} StopView
 * @property {string} key unique in the plan; the list and the map call a stop by it
 * @property {string} type start, visit, appointment, overnight, end ...
 * @property {string | null} id by which requests call a visit
 * @property {"done" | "in_progress" | "frozen" | null} status of a visit that a replan left as it was
 * @property {string | null} start instant at which the stop begins
 * @property {string | null} end instant at which it ends
 * @property {string | null} change against the revision before: "was at 09:40", "new"
 * @property {number | null} number of the visit, counted through the trip from 1
 * @property {string} name
 * @property {string} town
 * @property {string | null} accountId
 * @property {import("../types.js").Position | null} location
 * @property {string | null} from "HH:MM" at which the stop begins
 * @property {string | null} until "HH:MM" at which it ends
 * @property {number | null} driveS driving just before
 * @property {number | null} driveM
 * @property {number} waitS
 * @property {number} setupS parking and reception, after arriving
 * @property {number} serviceS
 * @property {boolean} onTheWay a break on the road between two stops
 * @property {number | null} slackS
 * @property {import("../types.js").Why | null} why
 * @property {Record<string, string>} navigation
 *
 * @typedef {object} DayView
 * @property {number} index
 * @property {string} date
 * @property {{fill: string, ink: string, dashed: boolean}} colour
 * @property {StopView[]} stops
 * @property {boolean} isFree the trip does not need the day
 * @property {DayTotals} totals
 * @property {string | null} leave "HH:MM"
 * @property {string | null} arrive "HH:MM"
 */

/**
 * @typedef {object} DayTotals  times are apart from each other and make the day together
 * @property {number} visits
 * @property {number} distanceM
 * @property {number} travelS
 * @property {number} serviceS
 * @property {number} waitS
 * @property {number} breakS
 * @property {number} setupS
 */

const VISITS = new Set(["visit", "appointment"]);

/** @returns {DayView[]} */
export function planDays(route) {
  const zone = route.timezone ?? "Europe/Berlin";
  const time = (instant) => (instant ? clock(instant, zone) : null);
  const change = changeWords(route);
  let number = 0;
  return route.days.map((day, index) => {
    const legs = new Map(day.legs.map((leg) => [leg.to_seq, leg]));
    const stops = day.stops.map((stop) => {
      const leg = legs.get(stop.seq);
      const isVisit = VISITS.has(stop.type);
      if (isVisit) number += 1;
      return {
        key: `${index}.${stop.seq}`,
        type: stop.type,
        id: isVisit ? visitId(stop) : null,
        status: stop.status ?? null,
        start: stop.service_start ?? null,
        end: stop.departure ?? null,
        change: (isVisit && change.get(visitId(stop))) || null,
        number: isVisit ? number : null,
        name: stop.name ?? endName(route, stop.type),
        town: [stop.postcode, stop.town].filter(Boolean).join(" "),
        accountId: stop.account_id ?? null,
        location: stop.location ?? null,
        from: time(stop.service_start ?? stop.arrival ?? stop.departure),
        until: time(stop.departure ?? stop.arrival),
        driveS: leg?.travel_s ?? null,
        driveM: leg?.distance_m ?? null,
        waitS: stop.wait_s ?? 0,
        setupS: stop.setup_s ?? 0,
        serviceS: stop.service_duration_s ?? 0,
        onTheWay: stop.on_the_way ?? false,
        slackS: stop.slack_s ?? null,
        why: stop.why ?? null,
        navigation: stop.navigation ?? {},
      };
    });
    const sum = (key) => day.legs.reduce((total, leg) => total + leg[key], 0);
    return {
      index,
      date: day.date,
      colour: dayColour(index),
      isFree: day.legs.length === 0,
      stops,
      totals: {
        visits: stops.filter((stop) => stop.number !== null).length,
        travelS: day.totals.travel_s ?? sum("travel_s"),
        distanceM: day.totals.distance_m ?? sum("distance_m"),
        serviceS: day.totals.service_s ?? 0,
        waitS: day.totals.wait_s ?? 0,
        breakS: day.totals.break_s ?? 0,
        setupS: day.totals.setup_s ?? 0,
      },
      leave: stops[0]?.until ?? null,
      arrive: stops.at(-1)?.from ?? null,
    };
  });
}

function endName(route, type) {
  if (type === "start") return route.start?.name ?? "Start";
  if (type === "end") return route.end?.name ?? "End";
  return type === "overnight" ? "Overnight stay" : "";
}

/** Where the time of a day goes, without what takes none. @returns {[string, number][]} */
export function timeParts({ travelS, serviceS, waitS, breakS, setupS }) {
  return [
    ["driving", travelS],
    ["with customers", serviceS],
    ["setup", setupS],
    ["waiting", waitS],
    ["break", breakS],
  ].filter(([, seconds]) => seconds >= 30);
}

/** Required visits and appointments that the plan could not keep, unless they were cancelled. @returns {import("../types.js").LeftOut[]} */
export function missedMusts(route) {
  const isMissed = ({ reasons: [reason] }) => reason.code !== "CANCELLED";
  return route.unassigned.filter((item) => (item.required || item.appointment_id) && isMissed(item));
}
