/** GeoJSON for the map, made from what the lists show. */

/** @typedef {import("../types.js").Position} Position */

const collection = (features) => ({ type: "FeatureCollection", features });
const point = (coordinates, properties, id = undefined) => ({
  type: "Feature",
  ...(id === undefined ? {} : { id }),
  properties,
  geometry: { type: "Point", coordinates },
});

export const NOTHING = collection([]);

/** Lines of the route with the index of their day and its colour. */
export function routeLines(route, days) {
  if (!route?.geojson) return NOTHING;
  const dayOf = new Map(days.map((day) => [day.date, day]));
  const lines = route.geojson.features
    .filter(({ geometry }) => geometry?.type.endsWith("LineString"))
    .map((feature) => {
      const { day } = feature.properties;
      const view = dayOf.get(day) ?? days[Number(day)] ?? days[0];
      return {
        type: "Feature",
        properties: { day: view.index, colour: view.colour.fill, dashed: view.colour.dashed },
        geometry: feature.geometry,
      };
    });
  return collection(lines);
}

/** Numbered visits and appointments, breaks, nights, start and end. A stop is drawn once, though a day ends where the next begins. */
export function stopPoints(days) {
  const features = [];
  days.forEach((day, index) => {
    for (const stop of day.stops) {
      if (!stop.location) continue;
      if (stop.type === "start" && index > 0) continue;
      if (stop.type === "wait") continue;
      const kind = stop.type;
      features.push(
        point(stop.location, {
          key: stop.key,
          kind,
          day: day.index,
          label: stop.number === null ? "" : String(stop.number),
          image: stop.number === null ? kind : `${kind}-${day.index}-${stop.number}`,
          order: stop.number ?? 0,
        }),
      );
    }
  });
  return collection(features);
}

/** Accounts on the way that the list has loaded. */
export function onTheWayPoints(items) {
  return collection(
    items.map((item) =>
      point(item.location, { account_id: item.account_id, due: item.due }, Number(item.account_id)),
    ),
  );
}

/** Numbered from 1; a place that is not known is left out. @param {(Position | null)[]} positions */
export function choicePoints(positions) {
  const features = positions.map(
    (position, index) => position && point(position, { index, image: `choice-${index + 1}` }),
  );
  return collection(features.filter(Boolean));
}

/** @param {Position | null} position */
export function onePoint(position, properties = {}) {
  return position ? collection([point(position, properties)]) : NOTHING;
}

/**
 * @param {Position[]} positions
 * @returns {[Position, Position] | null} south-west and north-east
 */
export function boundsOf(positions) {
  if (!positions.length) return null;
  const [west, south, east, north] = [
    Math.min(...positions.map(([lon]) => lon)),
    Math.min(...positions.map(([, lat]) => lat)),
    Math.max(...positions.map(([lon]) => lon)),
    Math.max(...positions.map(([, lat]) => lat)),
  ];
  return [
    [west, south],
    [east, north],
  ];
}

/** All positions that a shown route covers: its stops and its lines. */
export function routePositions(days, lines) {
  const stops = days.flatMap((day) => day.stops.map((stop) => stop.location).filter(Boolean));
  const along = lines.features.flatMap(({ geometry }) =>
    geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates.flat(),
  );
  return [...stops, ...along];
}
