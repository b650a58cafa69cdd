import assert from "node:assert/strict";
import { test } from "node:test";
import { nudged, positionText, readPosition } from "../../../api/static/js/logic/position_text.js";
import {
  NO_WORKLIST,
  addressLine,
  choosing,
  doubtfulCount,
  pinBody,
  pinOf,
  placing,
  settled,
} from "../../../api/static/js/logic/worklist.js";

const account = {
  account_id: "5",
  name: "Café",
  location: {
    position: [9.5, 51.3],
    issue: "GEOCODE_AMBIGUOUS",
    alternatives: [{ position: [9.6, 51.4] }, { position: [9.7, 51.5] }],
  },
};

test("coordinates are read as people copy them, latitude first", () => {
  assert.deepEqual(readPosition("51.31571, 9.49245"), [9.49245, 51.31571]);
  assert.deepEqual(readPosition(" 51,31571; 9,49245 "), [9.49245, 51.31571]);
  assert.deepEqual(readPosition("-33.9 18.4"), [18.4, -33.9]);
  assert.deepEqual(readPosition("52.1° N, 3.2° W"), [-3.2, 52.1]);
  for (const text of ["", "51.3", "Kassel", "91, 9", "51, 181", "51.3, 9.4, 8"]) {
    assert.equal(readPosition(text), null, text);
  }
  assert.deepEqual(readPosition(positionText([9.49245, 51.31571])), [9.49245, 51.31571]);
  assert.equal(positionText(null), "");
});

test("an arrow key moves the pin as far on the screen in either direction", () => {
  const [lon] = nudged([9, 60], [10, 0], 10);
  const [, lat] = nudged([9, 60], [0, 10], 10);
  assert.ok(Math.abs((lat - 60) / (lon - 9) - 0.5) < 0.01); // half as many degrees at 60° north
});

test("an alternative is sent as one, any other place by its position", () => {
  const pin = pinOf(account, true);
  assert.deepEqual(pinBody(pin), { position: [9.5, 51.3] });
  const chosen = choosing(pin, 1);
  assert.deepEqual(chosen.position, [9.7, 51.5]);
  assert.deepEqual(pinBody(chosen), { alternative: 1 });
  assert.deepEqual(pinBody(placing(chosen, [9, 51])), { position: [9, 51] });
  assert.equal(pinOf({ account_id: "6", name: "Ohne" }, false).position, null);
});

test("once one is settled the next follows, and at the end the one before", () => {
  const other = { ...account, account_id: "6" };
  const list = { ...NO_WORKLIST, counts: { GEOCODE_AMBIGUOUS: 3 }, items: [account, other] };
  const [rest, next] = settled(list, "5");
  assert.equal(next.account_id, "6");
  assert.equal(doubtfulCount(rest), 2);
  assert.equal(settled(list, "6")[1].account_id, "5");
  assert.deepEqual(settled(rest, "6")[1], null);
  assert.deepEqual(settled(list, "99"), [list, null]);
});

test("an address is one line of what is known", () => {
  const address = { street: "Hauptstr. 1", postcode: "34117", town: "Kassel" };
  assert.equal(addressLine(address), "Hauptstr. 1, 34117 Kassel");
  assert.equal(addressLine({ town: "Wien", country: "AT" }), "Wien, AT");
  assert.equal(addressLine(undefined), "");
});
