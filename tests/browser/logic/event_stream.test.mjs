import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStreamParser } from "../../../api/static/js/logic/event_stream.js";

const STREAM =
  ': keep-alive\n\nevent: stage\ndata: {"stage":"search"}\n\n' +
  "event: route\ndata: a\ndata: b\n\ndata: plain\r\n\r\nevent: unfinished\ndata: x\n";

const EVENTS = [
  { event: "stage", data: '{"stage":"search"}' },
  { event: "route", data: "a\nb" },
  { event: "message", data: "plain" },
];

test("events are read whole, comments and an unfinished end are not events", () => {
  assert.deepEqual(new EventStreamParser().push(STREAM), EVENTS);
});

test("it does not matter where the pieces break", () => {
  for (let size = 1; size < 12; size += 1) {
    const parser = new EventStreamParser();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) {
      events.push(...parser.push(STREAM.slice(at, at + size)));
    }
    assert.deepEqual(events, EVENTS, `pieces of ${size}`);
  }
});
