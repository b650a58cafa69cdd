/**
 * The ground of a street map, from our own tiles. It takes the place of the ground that the page
 * starts with, once the data set says that its map has tiles.
 */
import { addShield } from "../images.js";
import { labelLayers, SHIELD } from "./labels.js";
import { roadLayers } from "./roads.js";
import { boundaryLayers, surfaceLayers } from "./surfaces.js";

const SOURCE = "streets";

/** Tiles end there; MapLibre enlarges those of the closest zoom. */
const CLOSEST_TILE = 14;
const CLOSEST_VIEW = 18;

const ATTRIBUTION =
  '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">' +
  "© OpenStreetMap contributors</a>";

export const STREET_LAYERS = [...surfaceLayers, ...boundaryLayers, ...roadLayers, ...labelLayers];

/**
 * @param {import("maplibre-gl").Map} map
 * @param {{tiles_url: string, map_bbox?: number[]}} dataset
 * @param {string} above the layer that lies on the ground
 */
export function addStreets(map, dataset, above) {
  addShield(map, SHIELD);
  map.addSource(SOURCE, {
    type: "vector",
    // An address in full, since a worker without one of its own asks for them.
    tiles: [location.origin + dataset.tiles_url],
    maxzoom: CLOSEST_TILE,
    attribution: ATTRIBUTION,
    ...(dataset.map_bbox && { bounds: dataset.map_bbox }),
  });
  for (const layer of STREET_LAYERS) {
    map.addLayer(layer.type === "background" ? layer : { ...layer, source: SOURCE }, above);
  }
  map.setMaxZoom(CLOSEST_VIEW);
}
