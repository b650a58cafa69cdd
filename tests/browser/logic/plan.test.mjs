import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, routeLines, stopPoints } from "../../../api/static/js/logic/features.js";
import { groupLeftOut, leftOutCount } from "../../../api/static/js/logic/left_out.js";
import { missedMusts, planDays, timeParts } from "../../../api/static/js/logic/plan.js";
import { whyRows, whySentence } from "../../../api/static/js/logic/why.js";

const at = (hour) => `2026-11-23T${hour}:00+01:00`;
const reasons = (code) => [{ code, detail: code, certainty: "proved" }];

/** Two days: Kassel, a visit, a night in Fulda; then a visit and München. */
const ROUTE = {
  timezone: "Europe/Berlin",
  start: { name: "Kassel" },
  end: { name: "München" },
  days: [
    {
      date: "2026-11-23",
      stops: [
        { seq: 0, type: "start", name: "Kassel", location: [9.5, 51.3], departure: at("08:00") },
        {
          seq: 1,
          type: "visit",
          account_id: "1",
          name: "Eins",
          location: [9.6, 51],
          arrival: at("08:40"),
          service_start: at("09:00"),
          departure: at("09:30"),
          wait_s: 1200,
          service_duration_s: 1800,
          slack_s: 600,
          why: { rule: "prize", visit_value: 100, due_factor: 1.2, prize: 120, due_ratio: 1.1 },
        },
        { seq: 2, type: "overnight", name: "Fulda", location: [9.7, 50.5], arrival: at("10:10") },
      ],
      legs: [
        { from_seq: 0, to_seq: 1, travel_s: 2400, distance_m: 40000 },
        { from_seq: 1, to_seq: 2, travel_s: 2400, distance_m: 50000 },
      ],
      totals: { travel_s: 4800, distance_m: 90000 },
    },
    {
      date: "2026-11-24",
      stops: [
        { seq: 0, type: "start", name: "Fulda", location: [9.7, 50.5], departure: at("08:00") },
        { seq: 1, type: "visit", account_id: "2", name: "Zwei", location: [10, 50] },
        { seq: 2, type: "end", name: "München", location: [11.6, 48.1], arrival: at("15:00") },
      ],
      legs: [
        { from_seq: 0, to_seq: 1, travel_s: 60, distance_m: 10 },
        { from_seq: 1, to_seq: 2, travel_s: 60, distance_m: 10 },
      ],
      totals: { travel_s: 120, distance_m: 20 },
    },
  ],
  unassigned: [
    { account_id: "3", required: false, prize: 10, reasons: reasons("NO_TIME_LEFT") },
    { account_id: "4", required: false, prize: 90, reasons: reasons("NO_TIME_LEFT") },
    { account_id: "5", required: true, prize: 5, reasons: reasons("CLOSED_DURING_TRIP") },
  ],
  unassigned_counts: { NOT_SHORTLISTED: 20, NO_TIME_LEFT: 4, NOT_DUE: 0 },
  geojson: {
    features: [
      {
        properties: { day: "2026-11-24" },
        geometry: {
          type: "LineString",
          coordinates: [
            [9.7, 50.5],
            [11.6, 48.1],
          ],
        },
      },
      { properties: { day: "2026-11-24" }, geometry: { type: "Point", coordinates: [10, 50] } },
    ],
  },
};

test("visits are numbered through the trip, ends are not", () => {
  const numbers = planDays(ROUTE).flatMap((day) => day.stops.map((stop) => stop.number));
  assert.deepEqual(numbers, [null, 1, null, null, 2, null]);
});

test("a stop knows when the visit begins, the drive before it and the waiting", () => {
  const visit = planDays(ROUTE)[0].stops[1];
  assert.equal(visit.from, "09:00");
  assert.equal(visit.until, "09:30");
  assert.equal(visit.driveS, 2400);
  assert.equal(visit.waitS, 1200);
});

test("a night is drawn once, though one day ends and the next begins there", () => {
  const kinds = stopPoints(planDays(ROUTE)).features.map((feature) => feature.properties.kind);
  assert.deepEqual(kinds, ["start", "visit", "overnight", "visit", "end"]);
});

test("as many numbered points as visits in the list", () => {
  const days = planDays(ROUTE);
  const drawn = stopPoints(days).features.filter((feature) => feature.properties.label !== "");
  assert.deepEqual(
    drawn.map((feature) => feature.properties.label),
    ["1", "2"],
  );
});

test("a line takes the colour of its day", () => {
  const days = planDays(ROUTE);
  const [line, ...others] = routeLines(ROUTE, days).features;
  assert.deepEqual(others, []);
  assert.equal(line.properties.colour, days[1].colour.fill);
});

test("bounds hold all positions, and nothing has no bounds", () => {
  assert.deepEqual(
    boundsOf([
      [9, 51],
      [11, 48],
    ]),
    [
      [9, 48],
      [11, 51],
    ],
  );
  assert.equal(boundsOf([]), null);
});

test("a day without a drive is free", () => {
  const [first] = ROUTE.days;
  const idle = { ...first, stops: [first.stops[0]], legs: [], totals: {} };
  const [day] = planDays({ ...ROUTE, days: [idle] });
  assert.equal(day.isFree, true);
  assert.equal(day.totals.travelS, 0);
});

test("groups count the named and the rest, those a rep can change come first", () => {
  const groups = groupLeftOut(ROUTE);
  assert.deepEqual(
    groups.map(({ code, count, rest }) => [code, count, rest]),
    [
      ["NO_TIME_LEFT", 6, 4],
      ["CLOSED_DURING_TRIP", 1, 0],
      ["NOT_SHORTLISTED", 20, 20],
    ],
  );
  assert.deepEqual(
    groups[0].named.map((item) => item.account_id),
    ["4", "3"],
  );
  assert.equal(leftOutCount(ROUTE), 27);
});

test("a code that the page does not know is shown last, in words", () => {
  const route = { unassigned: [], unassigned_counts: { SOMETHING_NEW: 1, NOT_DUE: 1 } };
  assert.deepEqual(
    groupLeftOut(route).map((group) => group.title),
    ["Not due", "something new"],
  );
});

test("missed musts are the required among those left out", () => {
  assert.deepEqual(
    missedMusts(ROUTE).map((item) => item.account_id),
    ["5"],
  );
});

test("the reason is one sentence and the sum behind it adds up", () => {
  const stop = planDays(ROUTE)[0].stops[1];
  stop.why = { ...stop.why, added_travel_s: 900, added_cost: 24.4, net: 95.6, rank: 3 };
  assert.equal(
    whySentence(stop.why),
    "Worth €120, overdue. Adds 15 min of driving and €24 of cost.",
  );
  const rows = Object.fromEntries(whyRows(stop, "EUR", 200));
  assert.equal(rows["Prize: visit value × due factor"], "€100 × 1.2 = €120");
  assert.equal(rows.Net, "€96");
  assert.equal(rows["Rank by prize"], "3 of 200");
  assert.equal(rows.Waiting, "20 min");
});

test("a must says that it was asked for", () => {
  assert.equal(
    whySentence({ rule: "required", added_travel_s: 600, added_cost: 12 }),
    "You asked for it. It adds 10 min of driving and €12 of cost.",
  );
});

/** A day with an appointment, and a break on the road after it. */
function workday() {
  const stops = [
    { seq: 0, type: "start", name: "Kassel", location: [9.5, 51.3], departure: at("08:00") },
    { seq: 1, type: "appointment", appointment_id: "appointment-1", location: [9.6, 51] },
    {
      seq: 2,
      type: "break",
      location: [9.65, 50.8],
      on_the_way: true,
      service_start: at("12:00"),
      service_duration_s: 2700,
      departure: at("12:45"),
    },
    { seq: 3, type: "visit", account_id: "1", name: "Eins", setup_s: 600, location: [9.7, 50.5] },
  ];
  const totals = { travel_s: 7200, service_s: 3600, wait_s: 0, break_s: 2700, setup_s: 600 };
  return { ...ROUTE, days: [{ date: "2026-11-23", stops, legs: [], totals }] };
}

test("appointments count as visits, breaks do not, and each has its picture on the map", () => {
  const days = planDays(workday());
  assert.deepEqual(
    days[0].stops.map(({ number }) => number),
    [null, 1, null, 2],
  );
  assert.deepEqual(
    stopPoints(days).features.map(({ properties }) => properties.image),
    ["start", "appointment-0-1", "break", "visit-0-2"],
  );
});

test("a break on the road knows when it begins and ends", () => {
  const pause = planDays(workday())[0].stops[2];
  assert.deepEqual([pause.from, pause.until, pause.onTheWay], ["12:00", "12:45", true]);
});

test("the time of a day is told part by part, without what takes none", () => {
  const [day] = planDays(workday());
  assert.deepEqual(timeParts(day.totals), [
    ["driving", 7200],
    ["with customers", 3600],
    ["setup", 600],
    ["break", 2700],
  ]);
});

test("an appointment that was not kept is missed like a must", () => {
  const missed = { appointment_id: "appointment-1", required: false, reasons: reasons("X") };
  assert.deepEqual(missedMusts({ ...ROUTE, unassigned: [missed] }), [missed]);
});

test("a must that was cancelled is no longer missed", () => {
  const cancelled = { account_id: "9", required: true, reasons: reasons("CANCELLED") };
  assert.deepEqual(missedMusts({ ...ROUTE, unassigned: [cancelled] }), []);
});

test("a stop says how a replan left it, and what it was before", () => {
  const [visit] = ROUTE.days[0].stops.filter(({ type }) => type === "visit");
  const days = planDays({
    ...ROUTE,
    days: [{ ...ROUTE.days[0], stops: [{ ...visit, status: "frozen" }] }],
    changes: {
      moved: [{ account_id: visit.account_id, from: at("07:00"), to: visit.service_start }],
      dropped: [],
      added: [],
    },
  });
  const [stop] = days[0].stops;
  assert.deepEqual([stop.id, stop.status, stop.change], [visit.account_id, "frozen", "was at 07:00"]);
});
