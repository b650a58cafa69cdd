import assert from "node:assert/strict";
import { test } from "node:test";
import {
  movedRows,
  slotCost,
  slotDisplaced,
  slotGain,
  slotMoved,
  slotPlace,
  slotTime,
  toInsertion,
  toTaken,
} from "../../../api/static/js/logic/slots.js";

const at = (time) => `2026-11-23T${time}:00+01:00`;
const ROUTE = {
  timezone: "Europe/Berlin",
  days: [{ date: "2026-11-23", start: at("08:00"), end: at("17:00") }],
};
const EIGHT = { account_id: "8", name: "Acht" };
const BEFORE = new Date("2026-11-01T10:00:00Z");
const slot = (patch = {}) => ({
  day: "2026-11-23",
  after: { type: "start", name: "Kassel" },
  before: { type: "visit", account_id: "2", name: "Zwei" },
  service_start: at("09:00"),
  departure: at("09:30"),
  displaced: [],
  moved: [],
  added_travel_s: 600,
  added_distance_m: -2000,
  added_cost: 12.4,
  net_change: 54,
  ...patch,
});

test("a slot says when and between whom", () => {
  assert.equal(slotTime(slot(), "Europe/Berlin"), "Mon 23 Nov, 09:00 – 09:30");
  assert.equal(slotPlace(slot()), "after leaving Kassel, before Zwei");
  const last = slot({ after: { type: "break" }, before: { type: "overnight", name: "Fulda" } });
  assert.equal(slotPlace(last), "after the break, before the night: Fulda");
});

test("a slot says what it costs and gains", () => {
  assert.equal(slotCost(slot(), "EUR"), "10 min more driving · 2 km less · €12 more cost");
  assert.equal(slotGain(slot(), "EUR"), "+€54");
  assert.equal(slotGain(slot({ net_change: -13 }), "EUR"), "−€13");
});

test("a slot names whom it displaces, and how far others move", () => {
  assert.equal(slotDisplaced(slot()), null);
  assert.equal(slotDisplaced(slot({ displaced: [{ name: "Drei" }] })), "Takes the place of Drei");
  assert.equal(slotMoved(slot({ moved: [{ name: "Vier", later_s: 29 }] })), null);
  const moved = [
    { name: "Vier", later_s: 600 },
    { name: "Fünf", later_s: -1200 },
    { name: "Sechs", later_s: 0 },
  ];
  assert.equal(slotMoved(slot({ moved })), "2 visits start up to 20 min earlier or later");
  assert.equal(slotMoved(slot({ moved: moved.slice(0, 1) })), "1 visit starts up to 10 min later");
  assert.deepEqual(movedRows({ moved }), [
    ["Vier", "10 min later"],
    ["Fünf", "20 min earlier"],
  ]);
});

test("what is over is out of the question, and before the trip nothing is", () => {
  assert.deepEqual(toInsertion(EIGHT, ROUTE, BEFORE), { account_id: "8" });
  const during = new Date(at("10:00"));
  assert.deepEqual(toInsertion(EIGHT, ROUTE, during), {
    account_id: "8",
    now: during.toISOString(),
  });
});

test("taking a slot requires the visit within a quarter of an hour of its time", () => {
  assert.deepEqual(toTaken(EIGHT, slot(), ROUTE, [{ revision: 1 }], BEFORE), {
    now: at("08:00"),
    visits: [
      {
        account_id: "8",
        required: true,
        time_windows: [{ start: at("09:00"), end: "2026-11-23T08:15:00.000Z" }],
      },
    ],
  });
});
