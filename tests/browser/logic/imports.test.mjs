import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatWords,
  isReady,
  locatedLines,
  showsReport,
  unknownOwnerWords,
  withField,
  withFix,
} from "../../../api/static/js/logic/imports.js";

test("a field belongs to one column: whoever had it gives it up", () => {
  const mapping = { Nr: "external_id", Firma: "name", Ort: "town" };
  assert.deepEqual(withField(mapping, "Stadt", "town"), {
    Nr: "external_id",
    Firma: "name",
    Stadt: "town",
  });
  assert.deepEqual(withField(mapping, "Ort", ""), { Nr: "external_id", Firma: "name" });
});

test("a fix settles its columns and leaves the others", () => {
  const mapping = { Nr: "external_id", X: "lat", Y: "lon" };
  assert.deepEqual(withFix(mapping, { X: "lon", Y: "lat" }), {
    Nr: "external_id",
    X: "lon",
    Y: "lat",
  });
});

test("only errors are in the way of an import, unless they are meant so", () => {
  const swapped = { code: "SWAPPED_COORDINATES", severity: "error" };
  assert.ok(isReady({ problems: [{ code: "X", severity: "warning" }] }));
  assert.ok(!isReady({ problems: [swapped] }));
  assert.ok(isReady({ problems: [swapped] }, ["SWAPPED_COORDINATES"]));
});

test("from the report of a check one can go back to the columns, from that of an import not", () => {
  const checked = { report: { is_dry_run: true } };
  assert.ok(!showsReport({ current: null, isBack: false }));
  assert.ok(showsReport({ current: checked, isBack: false }));
  assert.ok(!showsReport({ current: checked, isBack: true }));
  assert.ok(showsReport({ current: { report: { is_dry_run: false } }, isBack: true }));
});

test("a file is told by its rows and its format", () => {
  const format = { kind: "csv", delimiter: ";", encoding: "windows-1252" };
  assert.equal(
    formatWords({ row_count: 2000, format }),
    "2,000 rows, CSV, separated by semicolons, windows-1252",
  );
});

test("a report says how well addresses were found, and whose owners are not known", () => {
  assert.deepEqual(locatedLines({ located: { not_found: 1, address: 2 } }), [
    ["Known to the house", 2],
    ["Not found", 1],
  ]);
  assert.equal(unknownOwnerWords({ unknown_owners: {}, unknown_owner_count: 0 }), null);
  const one = unknownOwnerWords({ unknown_owners: { "0051": 3 }, unknown_owner_count: 1 });
  assert.match(one, /^The owner/);
  const many = { a: 5, b: 4, c: 3, d: 2, e: 1, f: 1 };
  const words = unknownOwnerWords({ unknown_owners: many, unknown_owner_count: 60 });
  assert.match(words, /^60 owners .*\(a, b, c, d, e and others\)/);
});
