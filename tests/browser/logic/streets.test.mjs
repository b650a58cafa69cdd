import assert from "node:assert/strict";
import { test } from "node:test";
import { STREET_LAYERS } from "../../../api/static/js/map/streets/index.js";
import {
  DISTRICT,
  LAND,
  PLACE,
  ROAD_NAME,
  WATER_NAME,
} from "../../../api/static/js/map/streets/colours.js";

/** Comes with the map's own package, where that was fetched. */
const specification = await import("@maplibre/maplibre-gl-style-spec").catch(() => null);
const skip = specification === null && "node_modules is missing";

/** Of the tiles, see docs/basemap.md. */
const AREAS = ["landuse", "water", "building"];
const TILE_LAYERS = [...AREAS, "waterway", "boundary", "rail", "road", "place"];

test("the style of a street map is valid", { skip }, () => {
  const layers = STREET_LAYERS.map((layer) =>
    layer.type === "background" ? layer : { ...layer, source: "streets" },
  );
  const sources = { streets: { type: "vector", tiles: ["http://localhost/{z}/{x}/{y}.mvt"] } };
  const faults = specification.validateStyleMin({ version: 8, sources, layers });
  // Without glyphs the fonts of the machine are used, which the validator does not know.
  assert.deepEqual(
    faults.map((fault) => fault.message).filter((message) => !message.includes("glyphs")),
    [],
  );
});

test("every layer of the tiles is drawn, and no other is asked for", () => {
  const drawn = STREET_LAYERS.map((layer) => layer["source-layer"]).filter(Boolean);
  assert.deepEqual([...new Set(drawn)].sort(), [...TILE_LAYERS].sort());
});

test("layers have names of their own", () => {
  assert.equal(new Set(STREET_LAYERS.map(({ id }) => id)).size, STREET_LAYERS.length);
});

test("names lie on top of everything drawn", () => {
  const kinds = STREET_LAYERS.map(({ type }) => type === "symbol");
  assert.equal(kinds.indexOf(true), kinds.lastIndexOf(false) + 1);
});

test("names can be read on the land", () => {
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (hex) => {
    const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    const [r, g, b] = channels.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const colour of [PLACE, DISTRICT, ROAD_NAME, WATER_NAME]) {
    const contrast = (luminance(LAND) + 0.05) / (luminance(colour) + 0.05);
    assert.ok(contrast >= 4.5, `${colour}: ${contrast.toFixed(2)}`);
  }
});
