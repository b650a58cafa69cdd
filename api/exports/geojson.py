"""A stored route as GeoJSON (RFC 7946)."""

from typing import Any

import numpy as np

from routing.roads.engine import RoadEngine, RoadPath

DIGITS = 5
STREETS_NAMED = 4


def route_geojson(body: dict[str, Any], engine: RoadEngine) -> dict[str, Any]:
    """
    One LineString per leg and one Point per stop, each with the date of its day.

    The body is that of a stored route; the lines are the fastest ways on today's road network.
    """
    features = []
    for day in body["days"]:
        stops = {stop["seq"]: stop for stop in day["stops"]}
        places = engine.snap(*np.array([s["location"] for s in day["stops"]], dtype=float).T)
        index = {seq: k for k, seq in enumerate(stops)}
        for leg in day["legs"]:
            ends = [index[leg["from_seq"]], index[leg["to_seq"]]]
            path = engine.path(places[ends[0]], places[ends[1]])
            line = (
                [stops[leg["from_seq"]]["location"], stops[leg["to_seq"]]["location"]]
                if path is None
                else np.round(path.lonlat, DIGITS).tolist()
            )
            properties = {"day": day["date"], **leg}
            if streets := _main_streets(path):
                properties["streets"] = streets
            features.append(_feature(properties, {"type": "LineString", "coordinates": line}))
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


def _main_streets(path: RoadPath | None) -> list[str]:
    """Names of the streets with the longest stretches, in the order in which they are driven."""
    named = [stretch for stretch in (path.stretches if path else ()) if stretch.name]
    longest = sorted(named, key=lambda stretch: -stretch.distance_m)[:STREETS_NAMED]
    return list(dict.fromkeys(stretch.name for stretch in named if stretch in longest))


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
