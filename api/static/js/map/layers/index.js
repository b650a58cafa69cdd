/**
 * All layers from the ground up. Each module names its sources and layers, and may bring them up
 * to date: `update(map, state, before)`, with the state of the last call or null. Those that make
 * up our own ground are left out where the service was given the style of another.
 */
import { accounts } from "./accounts.js";
import { area } from "./area.js";
import { choices } from "./choices.js";
import { highlight } from "./highlight.js";
import { land } from "./land.js";
import { onTheWay } from "./on_the_way.js";
import { placeLabels } from "./place_labels.js";
import { roads } from "./roads.js";
import { routeLinesLayer } from "./route_lines.js";
import { stops } from "./stops.js";

export const LAYERS = [
  land,
  roads,
  placeLabels,
  area,
  accounts,
  routeLinesLayer,
  onTheWay,
  highlight,
  stops,
  choices,
];

export const GROUND = [land, roads, placeLabels];

export const OVERLAYS = LAYERS.filter((layer) => !GROUND.includes(layer));
