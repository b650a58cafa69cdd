/** The map mirrors the lists: it draws the state, and its clicks become actions. */

import { act, h } from "../dom.js";
import { boundsOf, routeLines, routePositions } from "../logic/features.js";
import { createMap } from "../map/create.js";
import { markedPosition } from "../map/layers/highlight.js";
import { OVERLAYS } from "../map/layers/index.js";

const POINTS = ["account-points", "on-the-way"];
const CLICKABLE = ["stops", "on-the-way", "account-points", "account-clusters"];

export function mountMap(el) {
  let map = null;
  let setGround = null;
  let drawn = null;
  let wanted = null;
  let positions = new Map();
  let positionsOf = null;

  createMap(el, document.body.dataset.styleUrl).then(
    (created) => {
      ({ map, setGround } = created);
      listen(map, el);
      el.map = map; // For tests, and for a look from the console.
      if (wanted) draw(wanted);
    },
    () =>
      el.replaceChildren(
        h("p", { class: "empty" }, "This browser cannot draw the map. The lists work without it."),
      ),
  );

  function draw(state) {
    if (state.accountPoints !== positionsOf) {
      positionsOf = state.accountPoints;
      positions = positionsById(positionsOf);
    }
    const now = { ...state, positions };
    if (now.dataset && !drawn?.dataset) {
      setGround(now.dataset);
      const { map_bbox: whole } = now.dataset;
      if (whole && !now.route) map.fitBounds(whole, { padding: 20, duration: 0 });
    }
    for (const layer of OVERLAYS) layer.update(map, now, drawn);
    if (now.view !== drawn?.view) map.resize();
    if (now.fits !== (drawn?.fits ?? 0)) fit(now);
    else if (now.selected && now.selected !== drawn?.selected && !now.selected.fromMap) {
      show(markedPosition({ ...now, highlighted: null, account: null }));
    } else if (now.account?.card && now.account !== drawn?.account) {
      show(markedPosition({ ...now, highlighted: null }));
    }
    drawn = now;
  }

  function fit(state) {
    const positionsShown = state.route
      ? routePositions(state.days, routeLines(state.route, state.days))
      : [state.onTheWay.start, state.onTheWay.end].filter(Boolean).map((end) => end.position);
    const bounds = boundsOf(positionsShown);
    if (bounds) map.fitBounds(bounds, { padding: free(), maxZoom: 13, duration: 700 });
  }

  /** Room for the legend: beside the trip where the map is wide, above it on a phone. */
  function free() {
    const { offsetWidth, offsetHeight } = el.parentElement.querySelector(".legend");
    return el.clientWidth > 600
      ? { top: 60, right: 60, bottom: 60, left: offsetWidth + 40 }
      : { top: offsetHeight + 56, right: 28, bottom: 120, left: 28 };
  }

  /** Moves the map only if the place is out of sight or under the card. */
  function show(position) {
    if (!position) return;
    const { x, y } = map.project(position);
    const card = el.parentElement.querySelector(".account-card").getBoundingClientRect();
    const here = el.getBoundingClientRect();
    const isCovered = card.width > 0 && x > card.left - here.left && y > card.top - here.top;
    if (isCovered || !map.getBounds().contains(position)) map.easeTo({ center: position });
  }

  return {
    update(state) {
      wanted = state;
      if (map) draw(state);
    },
  };
}

function positionsById(points) {
  return new Map(
    (points?.features ?? []).map((feature) => [String(feature.id), feature.geometry.coordinates]),
  );
}

function listen(map, el) {
  map.on("click", async (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers: CLICKABLE });
    if (!feature) return;
    const { id } = feature.layer;
    if (id === "stops") act(el, "selectStop", { key: feature.properties.key, fromMap: true });
    else if (POINTS.includes(id)) act(el, "openAccount", String(feature.id));
    else {
      const zoom = await map
        .getSource("accounts")
        .getClusterExpansionZoom(feature.properties.cluster_id);
      map.easeTo({ center: feature.geometry.coordinates, zoom: zoom + 0.5 });
    }
  });
  map.on("mousemove", (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers: CLICKABLE });
    map.getCanvas().style.cursor = feature ? "pointer" : "";
    const key = feature?.layer.id === "stops" ? feature.properties.key : null;
    if (key !== el.dataset.hovered) {
      if (key) el.dataset.hovered = key;
      else if (el.dataset.hovered) delete el.dataset.hovered;
      else return;
      act(el, "highlight", key ? { key } : null);
    }
  });
  map.on("mouseout", () => act(el, "highlight", null));
}
