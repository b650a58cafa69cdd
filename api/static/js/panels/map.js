/** The map mirrors the lists: it draws the state, and its clicks become actions. */

import { act, h } from "../dom.js";
import { pairPositions } from "../logic/duplicates.js";
import { boundsOf, routeLines, routePositions } from "../logic/features.js";
import { filteredPoints } from "../logic/points.js";
import { createMap } from "../map/create.js";
import { mountDrawing } from "../map/drawing.js";
import { markedPosition } from "../map/layers/highlight.js";
import { OVERLAYS } from "../map/layers/index.js";
import { mountPinMarker } from "../map/pin_marker.js";
import { seen } from "../map/seen.js";

const POINTS = ["account-points", "on-the-way"];
const CLICKABLE = ["choices", "stops", "on-the-way", "account-points", "account-clusters"];

/** Close enough to see the houses around a pin. */
const PIN_ZOOM = 14;
const NEAR_ZOOM = 12;

/** Pixels of the ring around a place that is marked. */
const RING = 24;

export function mountMap(el) {
  let map = null;
  let setGround = null;
  let drawn = null;
  let wanted = null;
  let positions = new Map();
  let positionsOf = null;
  let hits = null;
  let hitsOf = [];
  let drawing = null;
  let pinMarker = null;

  createMap(el, document.body.dataset.styleUrl).then(
    (created) => {
      ({ map, setGround } = created);
      listen(map, el, () => drawn);
      drawing = mountDrawing(map, el);
      pinMarker = mountPinMarker(map, el);
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
    const now = { ...seen(state, drawn), positions, hits: hitsIn(state) };
    if (now.dataset && !drawn?.dataset) {
      setGround(now.dataset);
      const { map_bbox: whole } = now.dataset;
      if (whole && !now.route) map.fitBounds(whole, { padding: 20, duration: 0 });
    }
    for (const layer of OVERLAYS) layer.update(map, now, drawn);
    drawing.update(now);
    pinMarker.update(now);
    if (now.view !== drawn?.view || now.section !== drawn?.section) map.resize();
    if (now.section !== "trip" && !now.mapBounds) act(el, "lookAt", boundsNow(map));
    if (now.hitFits !== (drawn?.hitFits ?? 0)) {
      fitPositions(now.hits.features.map(({ geometry }) => geometry.coordinates));
    } else if (now.pin && now.pin.accountId !== drawn?.pin?.accountId) showPin(now.pin);
    else if (now.pin?.near && now.pin.near !== drawn?.pin?.near) fitPositions([now.pin.near], NEAR_ZOOM);
    else if (now.pin && now.pin !== drawn?.pin) show(now.pin.position);
    else if (now.pair && now.pair !== drawn?.pair) fitPositions(pairPositions(now.pair));
    else if (now.fits !== (drawn?.fits ?? 0)) fit(now);
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
    fitPositions(positionsShown);
  }

  function fitPositions(shown, maxZoom = 13) {
    const bounds = boundsOf(shown.filter(Boolean));
    if (bounds) map.fitBounds(bounds, { padding: free(), maxZoom, duration: 700 });
  }

  /** With its alternatives, as far as there are any; a pin that is nowhere leaves the map alone. */
  function showPin({ position, alternatives }) {
    fitPositions([position, ...alternatives.map((one) => one.position)], PIN_ZOOM);
  }

  /** The points that the section shows; made anew only when something that decides it has changed. */
  function hitsIn({ section, accountPoints, filter, hitIds }) {
    const { due, segment, status, owner, issue } = filter;
    const of = [section, accountPoints, hitIds, due, segment, status, owner, issue];
    if (!hits || of.some((value, index) => value !== hitsOf[index])) {
      const isAll = section === "trip" || !accountPoints;
      hits = isAll ? accountPoints : filteredPoints(accountPoints, filter, hitIds);
      hitsOf = of;
    }
    return hits;
  }

  /** Room for the legend: beside the trip where the map is wide, above it on a phone. And for a card. */
  function free() {
    const { offsetWidth, offsetHeight } = el.parentElement.querySelector(".legend:not([hidden])");
    const card = openCard();
    return el.clientWidth > 600
      ? { top: 60, right: 60 + (card?.offsetWidth ?? 0), bottom: 60, left: offsetWidth + 40 }
      : {
          top: offsetHeight ? offsetHeight + 56 : 60,
          right: 28,
          bottom: Math.max(120, (card?.offsetHeight ?? 0) + 40),
          left: 28,
        };
  }

  const openCard = () =>
    [...el.parentElement.querySelectorAll(".account-card, .pin-editor")].find(({ hidden }) => !hidden);

  /** Moves the map only if the place is out of sight or under the card. */
  function show(position) {
    if (!position) return;
    const { x, y } = map.project(position);
    const card = openCard()?.getBoundingClientRect() ?? { width: 0 };
    const here = el.getBoundingClientRect();
    const isCovered = card.width > 0 && x > card.left - here.left - RING && y > card.top - here.top - RING;
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

const boundsNow = (map) => {
  const bounds = map.getBounds();
  return [bounds.getSouthWest().toArray(), bounds.getNorthEast().toArray()];
};

function listen(map, el, drawn) {
  map.on("moveend", () => {
    if (drawn()?.section !== "trip") act(el, "lookAt", boundsNow(map));
  });
  map.on("click", async (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers: CLICKABLE });
    const { pin } = drawn() ?? {};
    if (pin) {
      // Whatever else is there, a click says where the pin goes.
      if (feature?.layer.id === "choices") act(el, "chooseAlternative", feature.properties.index);
      else act(el, "placePin", event.lngLat.toArray());
      return;
    }
    if (!feature || feature.layer.id === "choices") return;
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
