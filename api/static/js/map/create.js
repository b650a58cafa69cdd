/** The map with its ground: our own, or the style that the service was given. */

import { AttributionControl, Map, NavigationControl, ScaleControl } from "maplibre-gl";
import { addPins } from "./images.js";
import { GROUND, LAYERS, OVERLAYS } from "./layers/index.js";
import { ATTRIBUTION } from "./layers/land.js";
import { addStreets } from "./streets/index.js";

const GERMANY = [
  [5.6, 47.2],
  [15.2, 55.1],
];

/**
 * @param {HTMLElement} container
 * @param {string | undefined} styleUrl replaces our own ground
 * @returns {Promise<{map: Map, setGround: (dataset: object) => void}>} once its layers can be filled
 */
export async function createMap(container, styleUrl) {
  const map = new Map({
    container,
    style: styleUrl ?? styleOf(LAYERS),
    bounds: GERMANY,
    fitBoundsOptions: { padding: 20 },
    minZoom: 4,
    maxZoom: 17,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    locale: { "Map.Title": "Map" },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(
    new AttributionControl({ compact: false, customAttribution: styleUrl && ATTRIBUTION }),
  );
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
  await new Promise((resolve) => map.once("style.load", resolve));
  addPins(map);
  if (styleUrl) {
    const { sources, layers } = styleOf(OVERLAYS);
    for (const [id, source] of Object.entries(sources)) map.addSource(id, source);
    for (const layer of layers) map.addLayer(layer);
  }

  /** Streets instead of the ground we began with, where the data set has tiles of them. */
  function setGround(dataset) {
    if (styleUrl || !dataset?.tiles_url) return;
    const { sources, layers } = styleOf(GROUND);
    for (const { id } of layers) map.removeLayer(id);
    for (const id of Object.keys(sources)) map.removeSource(id);
    addStreets(map, dataset, OVERLAYS[0].layers[0].id);
  }

  return { map, setGround };
}

function styleOf(modules) {
  return {
    version: 8,
    sources: Object.assign({}, ...modules.map((one) => one.sources)),
    layers: modules.flatMap((one) => one.layers),
  };
}
