import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldErrors, fieldOfPointer } from "../../../api/static/js/logic/problems.js";

test("a pointer names its field", () => {
  const expected = {
    "/start/place": "from",
    "/from": "from",
    "/end": "to",
    "/days/1/end": "day1",
    "/days": "dayCount",
    "/limits/max_detour_per_visit_s": "maxDetourMin",
    "/limits/max_detour_s": "maxExtraMin",
    "/overnight/cost_per_night": "perNight",
    "/candidate_filter/shortlist": "shortlist",
    "/visits/0/account_id": "musts",
    "/overnight/max_nights_in_a_row": "maxNightsInARow",
    "/overnight/max_nights": "maxNights",
    "/overnight/preferred_places/0/place": "preferred",
    "/limits/max_visits_per_day": "maxVisits",
    "/days/1/breaks/0/duration_s": "lunch",
    "/rep_id": "rep",
    "/week": "firstDay",
    "/startled": "form",
    "": "form",
  };
  for (const [pointer, field] of Object.entries(expected)) {
    assert.equal(fieldOfPointer(pointer), field, pointer);
  }
});

test("rows of the request are found again in the form, past days off and rows taken away", () => {
  const sent = { days: [0, 2], appointments: [{ key: 7 }] };
  assert.equal(fieldOfPointer("/days/1/end_place/place", sent), "day2");
  assert.equal(fieldOfPointer("/appointments/0/location", sent), "appointment7");
});

test("suggestions become choices that can be sent as they are", () => {
  const suggestions = [{ name: "Kassel", label: "Kassel (Hessen)", query: { place: "Kassel" } }];
  const errors = [
    {
      pointer: "/start/place",
      code: "UNKNOWN_PLACE",
      detail: "No. Did you mean Kassel?",
      suggestions,
    },
  ];
  assert.deepEqual(fieldErrors({ title: "t", status: 422, detail: "d", errors }), [
    {
      field: "from",
      detail: "No. Did you mean:",
      suggestions: [{ text: "Kassel (Hessen)", query: { place: "Kassel" } }],
    },
  ]);
});

test("a problem without entries is told for the whole form", () => {
  const [error] = fieldErrors({ title: "t", status: 503, detail: "Still loading.", errors: [] });
  assert.deepEqual(error, { field: "form", detail: "Still loading.", suggestions: [] });
});
