"""A stored route as GeoJSON (RFC 7946)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from geo import parts_of_line
from routing.roads.engine import RoadEngine, RoadPath

DIGITS = 5
STREETS_NAMED = 4


def route_geojson(body: dict[str, Any], engine: RoadEngine) -> dict[str, Any]:
    """
    One LineString per leg and one Point per stop, each with the date of its day.

    The body is that of a stored route; the lines are the fastest ways on today's road network. A
    way that a break on the road divides is found as a whole and cut where the break is.
    """
    features = []
    for day in body["days"]:
        stops = {stop["seq"]: stop for stop in day["stops"]}
        places = engine.snap(*np.array([s["location"] for s in day["stops"]], dtype=float).T)
        index = {seq: k for k, seq in enumerate(stops)}
        for chain in _chains(day["legs"], stops):
            ends = chain[0]["from_seq"], chain[-1]["to_seq"]
            path = engine.path(places[index[ends[0]]], places[index[ends[1]]])
            straight = np.array([stops[seq]["location"] for seq in ends], dtype=float)
            line = straight if path is None else path.lonlat
            for leg, part in zip(chain, parts_of_line(line, _shares(chain)), strict=True):
                properties = {"day": day["date"], **leg}
                if streets := _main_streets(path):
                    properties["streets"] = streets
                coordinates = np.round(part, DIGITS).tolist()
                line_string = {"type": "LineString", "coordinates": coordinates}
                features.append(_feature(properties, line_string))
        for stop in day["stops"]:
            properties = {
                "day": day["date"],
                **{
                    key: stop[key]
                    for key in (
                        "seq",
                        "type",
                        "name",
                        "account_id",
                        "visit_id",
                        "appointment_id",
                        "break_id",
                        "arrival",
                        "service_start",
                        "departure",
                    )
                    if key in stop
                },
            }
            point = {"type": "Point", "coordinates": stop["location"]}
            features.append(_feature(properties, point))
    return {"type": "FeatureCollection", "features": features}


def _chains(
    legs: list[dict[str, Any]], stops: dict[int, dict[str, Any]]
) -> Iterator[list[dict[str, Any]]]:
    """Legs of one way each: several where breaks on the road divide it."""
    chain: list[dict[str, Any]] = []
    for leg in legs:
        chain.append(leg)
        if not stops[leg["to_seq"]].get("on_the_way"):
            yield chain
            chain = []


def _shares(chain: list[dict[str, Any]]) -> list[float]:
    """Where a way is cut: the share of its driving time before each break."""
    total_s = sum(leg["travel_s"] for leg in chain)
    return [
        sum(leg["travel_s"] for leg in chain[:k]) / total_s if total_s else 0.0
        for k in range(1, len(chain))
    ]


def _main_streets(path: RoadPath | None) -> list[str]:
    """Names of the streets with the longest stretches, in the order in which they are driven."""
    named = [stretch for stretch in (path.stretches if path else ()) if stretch.name]
    longest = sorted(named, key=lambda stretch: -stretch.distance_m)[:STREETS_NAMED]
    return list(dict.fromkeys(stretch.name for stretch in named if stretch in longest))


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
