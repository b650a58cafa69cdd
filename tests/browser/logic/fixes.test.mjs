import assert from "node:assert/strict";
import { test } from "node:test";
import { newAppointment } from "../../../api/static/js/logic/appointments.js";
import { fixActions } from "../../../api/static/js/logic/fixes.js";
import { emptyForm } from "../../../api/static/js/logic/trip_form.js";
import { toRequest } from "../../../api/static/js/logic/trip_request.js";

const BERLIN = "Europe/Berlin";
const TUESDAY = "2026-11-24";

/** A trip of two days, Monday and Tuesday, which visits Eins. */
const ROUTE = {
  timezone: BERLIN,
  days: ["2026-11-23", TUESDAY].map((date) => ({
    date,
    start: `${date}T08:30:00+01:00`,
    end: `${date}T17:00:00+01:00`,
    stops: [
      { type: "visit", account_id: "1", name: "Eins" },
      { type: "break", service_duration_s: 1800 },
    ],
  })),
};
const trip = (patch = {}) => ({ ...emptyForm("2026-11-23"), dayCount: 2, ...patch });
const actions = (change, form = trip()) =>
  fixActions({ account_id: "9", reasons: [{ code: "X", change }] }, form, ROUTE);

test("a longer day is a button that names the new end and changes that day alone", () => {
  const [{ label, form }] = actions({ kind: "end_later", day: TUESDAY, amount_s: 901 });
  assert.equal(label, "Work Tue 24 Nov until 18:16");
  assert.deepEqual(form.ownHours, { 1: { start: "08:00", end: "18:16" } });
});

test("an earlier start is rounded so that it lets the visit in", () => {
  const [{ label, form }] = actions({ kind: "start_earlier", day: "2026-11-23", amount_s: 61 });
  assert.equal(label, "Start Mon 23 Nov at 07:58");
  assert.deepEqual(form.ownHours, { 0: { start: "07:58", end: "18:00" } });
});

test("a day that would have to go on past midnight has no button", () => {
  assert.deepEqual(actions({ kind: "end_later", day: TUESDAY, amount_s: 7 * 3600 }), []);
  assert.deepEqual(actions({ kind: "start_earlier", day: TUESDAY, amount_s: 9 * 3600 }), []);
});

test("limits rise on the day in question from what they were", () => {
  const raised = (kind, amount, patch) =>
    actions({ kind, day: TUESDAY, ...amount }, trip(patch))[0];
  const visits = raised("raise_max_visits", { amount_visits: 1 }, { maxVisits: 4 });
  assert.equal(visits.label, "Allow 5 visits on Tue 24 Nov");
  assert.deepEqual(visits.form.dayPlans, { 1: { maxVisits: 5 } });
  assert.equal(visits.form.maxVisits, 4);
  const drive = raised("raise_drive_limit", { amount_s: 420 }, { maxDriveH: 4 });
  assert.equal(drive.label, "Allow 4 h 07 driving on Tue 24 Nov");
  assert.ok(toRequest(drive.form, BERLIN).days[1].limits.max_drive_s >= 4 * 3600 + 420);
  const far = raised("raise_distance_limit", { amount_m: 12_000 }, { maxKm: 200 });
  assert.deepEqual(far.form.dayPlans, { 1: { maxKm: 212 } });
});

test("a limit that the form does not hold cannot be raised by it", () => {
  assert.deepEqual(actions({ kind: "raise_max_visits", day: TUESDAY, amount_visits: 1 }), []);
  assert.deepEqual(actions({ kind: "raise_travel_limit", amount_s: 60 }), []);
});

test("the limit on extra driving of the trip rises", () => {
  const form = trip({ maxExtraMin: 60 });
  const [fix] = actions({ kind: "raise_travel_limit", amount_s: 600 }, form);
  assert.equal(fix.form.maxExtraMin, 70);
});

test("a break gets shorter, or its window wider on the side that helps", () => {
  const form = trip({ lunch: true });
  const [shorter] = actions({ kind: "shorten_break", day: TUESDAY, amount_s: 900 }, form);
  assert.equal(shorter.form.lunchMin, 30);
  const [later] = actions({ kind: "move_break", day: TUESDAY, amount_s: 600 }, form);
  assert.deepEqual([later.form.lunchEarliest, later.form.lunchLatest], ["11:30", "13:40"]);
  const [earlier] = actions({ kind: "move_break", day: TUESDAY, amount_s: -600 }, form);
  assert.deepEqual([earlier.form.lunchEarliest, earlier.form.lunchLatest], ["11:20", "13:30"]);
});

test("what is in the way is dropped as what it is: appointment, must or visit", () => {
  const appointment = { ...newAppointment(trip()), account: { account_id: "5", name: "Fünf" } };
  const form = trip({
    appointments: [appointment],
    musts: [{ account_id: "2", name: "Zwei" }],
  });
  const drop = (...drop_ids) => actions({ kind: "drop_clients", drop_ids }, form)[0];
  const visit = drop("1");
  assert.equal(visit.label, "Drop Eins");
  assert.deepEqual(
    visit.form.excluded.map(({ account_id }) => account_id),
    ["1"],
  );
  const both = drop("appointment-1", "2");
  assert.equal(both.label, "Drop the appointment Fünf, no longer require Zwei");
  assert.deepEqual([both.form.appointments, both.form.musts], [[], []]);
  assert.equal(drop("nobody"), undefined);
});

test("a week by the rep's hours takes them over, so that one day can change", () => {
  const week = { ...emptyForm("2026-11-25"), mode: "week", repId: "12" };
  const [{ form }] = actions({ kind: "end_later", day: TUESDAY, amount_s: 1800 }, week);
  const { days } = toRequest(form, BERLIN);
  assert.deepEqual(
    days.map(({ start, end }) => [start.slice(0, 16), end.slice(11, 16)]),
    [
      ["2026-11-23T08:30", "17:00"],
      ["2026-11-24T08:30", "17:30"],
    ],
  );
  assert.equal(days[0].breaks[0].duration_s, 1800);
});

test("a reason without a change has no button", () => {
  assert.deepEqual(fixActions({ reasons: [{ code: "NOT_DUE" }] }, trip(), ROUTE), []);
  assert.deepEqual(actions({ kind: "require" }), []);
  assert.deepEqual(actions({ kind: "end_later", day: "2027-01-01", amount_s: 60 }), []);
});
