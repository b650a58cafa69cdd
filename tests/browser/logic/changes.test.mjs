import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changeRows,
  changesSentence,
  changeWords,
  smallMoves,
} from "../../../api/static/js/logic/changes.js";

const at = (time, day = "23") => `2026-11-${day}T${time}:00+01:00`;
const moved = (account_id, from, to) => ({ account_id, name: `Firma ${account_id}`, from, to });
const route = (changes) => ({
  timezone: "Europe/Berlin",
  changes: { moved: [], dropped: [], added: [], ...changes },
});

/** 1 dropped, 2 moved by 25 min, 3 to another day, 4 by 15 min, 5 by seconds, 6 new. */
const CHANGED = route({
  dropped: [
    { account_id: "1", name: "Firma 1", from: at("09:00"), reason: "CANCELLED", was_told: true },
  ],
  moved: [
    moved("2", at("09:40"), at("10:05")),
    moved("3", at("11:00"), at("08:30", "24")),
    moved("4", at("12:00"), at("11:45")),
    moved("5", at("13:00"), "2026-11-23T13:00:20+01:00"),
  ],
  added: [{ appointment_id: "6", to: at("14:00") }],
});

test("what is out comes first, then what moved, then what is new", () => {
  const rows = changeRows(CHANGED).map(({ kind, name, when }) => [kind, name, when]);
  assert.deepEqual(rows, [
    ["dropped", "Firma 1", "was Mon 23 Nov, 09:00: cancelled"],
    ["moved", "Firma 2", "Mon 23 Nov, 09:40 → 10:05"],
    ["moved", "Firma 3", "Mon 23 Nov, 11:00 → Tue 24 Nov, 08:30"],
    ["added", "Visit 6", "Mon 23 Nov, 14:00"],
  ]);
  assert.deepEqual(
    changeRows(CHANGED).map(({ wasTold }) => wasTold),
    [true, false, false, false],
  );
});

test("what moved within the time told is put aside, and what no clock shows is left out", () => {
  const { title, rows } = smallMoves(CHANGED);
  assert.equal(title, "1 visit by up to 15 min");
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["Firma 4"],
  );
  assert.equal(smallMoves(route({})).title, null);
});

test("the sentence counts what matters", () => {
  assert.equal(changesSentence(CHANGED), "1 dropped, 2 moved, 1 new");
  assert.equal(changesSentence(route({ moved: [CHANGED.changes.moved[2]] })), "only by minutes");
  assert.equal(changesSentence(route({})), "all stays as it was");
});

test("a stop says what it was", () => {
  const words = changeWords(CHANGED);
  assert.deepEqual(Object.fromEntries(words), {
    2: "was at 09:40",
    3: "was at Mon 23 Nov, 11:00",
    6: "new",
  });
  assert.equal(changeWords({ timezone: "Europe/Berlin" }).size, 0);
});
