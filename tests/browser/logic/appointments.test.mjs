import assert from "node:assert/strict";
import { test } from "node:test";
import {
  appointmentFault,
  appointmentRequest,
  movedAlong,
  newAppointment,
} from "../../../api/static/js/logic/appointments.js";
import { emptyForm, placeQuery } from "../../../api/static/js/logic/trip_form.js";

const BERLIN = "Europe/Berlin";
const FORM = emptyForm("2026-11-23");
const ACCOUNT = { account_id: "17", name: "Somebody" };
const request = (one) => appointmentRequest(one, BERLIN, placeQuery);
const fault = (patch) => appointmentFault({ ...newAppointment(FORM, ACCOUNT), ...patch }, FORM);

test("a fixed appointment at an account is sent with its start to the minute", () => {
  assert.deepEqual(request({ ...newAppointment(FORM, ACCOUNT), time: "14:15" }), {
    appointment_id: "appointment-1",
    account_id: "17",
    flexibility: "fixed",
    start: "2026-11-23T14:15:00+01:00",
    service_duration_s: 3600,
  });
});

test("one within the week has no start, and a place stands for a missing account", () => {
  const one = { ...newAppointment(FORM), place: { text: "Fulda", query: null } };
  assert.deepEqual(request({ ...one, flexibility: "within_week" }), {
    appointment_id: "appointment-1",
    location: { place: "Fulda" },
    flexibility: "within_week",
    service_duration_s: 3600,
  });
});

test("each fault is told in a sentence, a date off the trip too", () => {
  assert.equal(fault({}), null);
  assert.match(fault({ account: null }), /where/);
  assert.match(fault({ minutes: 0 }), /minutes/);
  assert.match(fault({ date: "2026-11-26" }), /not among the days/);
  assert.equal(fault({ date: "2026-11-26", flexibility: "within_week" }), null);
  assert.match(fault({ time: "" }), /starts/);
  assert.equal(fault({ time: "", flexibility: "within_day" }), null);
});

test("keys are never used twice while a row lives", () => {
  const first = newAppointment(FORM);
  const second = newAppointment({ ...FORM, appointments: [first] });
  assert.notEqual(first.key, second.key);
  const third = newAppointment({ ...FORM, appointments: [second] });
  assert.notEqual(third.key, second.key);
});

test("appointments move along with the first day of the trip", () => {
  const one = { ...newAppointment(FORM), date: "2026-11-24" };
  assert.equal(movedAlong([one], FORM, "2026-11-30")[0].date, "2026-12-01");
  const other = { ...one, date: "2027-01-01" };
  assert.equal(movedAlong([other], FORM, "2026-11-30")[0].date, "2027-01-01");
});
