"""Businesses and other places that people visit, with what the map says of them."""

import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from data.osm.places.addresses import Get
from data.osm.places.place_store import insert
from data.osm.way_lines import decode, middles

KEYS = ("shop", "office", "craft", "healthcare", "amenity", "tourism")
"""Keys whose value says what a place is, the most telling first."""

_NOT_VISITED = {
    "amenity": frozenset(
        (
            "atm",
            "bbq",
            "bench",
            "bicycle_parking",
            "bicycle_repair_station",
            "charging_station",
            "clock",
            "drinking_water",
            "fountain",
            "give_box",
            "grave_yard",
            "grit_bin",
            "hunting_stand",
            "letter_box",
            "motorcycle_parking",
            "parcel_locker",
            "parking",
            "parking_entrance",
            "parking_space",
            "photo_booth",
            "post_box",
            "public_bookcase",
            "recycling",
            "shelter",
            "shower",
            "taxi",
            "telephone",
            "toilets",
            "vending_machine",
            "waste_basket",
            "waste_disposal",
            "water_point",
        )
    ),
    "tourism": frozenset(("artwork", "information", "viewpoint", "picnic_site", "attraction")),
    "shop": frozenset(("no", "vacant")),
    "office": frozenset(("no", "vacant")),
    "craft": frozenset(("no",)),
    "healthcare": frozenset(("no",)),
}
"""Furniture of the street and other things with nobody to talk to."""

_WORKS = {
    "building": frozenset(("industrial", "warehouse", "factory")),
    "man_made": frozenset(("works", "wastewater_plant", "water_works")),
    "landuse": frozenset(("industrial",)),
}

_SPLIT = re.compile(r"\s*;\s*")


def kind_of(get: Get) -> str | None:
    """`shop=bakery` and the like; None for what is nobody's place of business."""
    for key in KEYS:
        value = get(key)
        if value is not None and value not in _NOT_VISITED[key]:
            return f"{key}={_SPLIT.split(value)[0]}"
    for key, values in _WORKS.items():
        value = get(key)
        if value in values:
            return f"{key}={value}"
    return None


@dataclass(slots=True)
class PointRows:
    """Collects points of interest that have a name, or a brand or operator instead."""

    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _way_facts: list[tuple[Any, ...]] = field(default_factory=list)
    _way_lines: list[str] = field(default_factory=list)

    def add(self, osm_type: str, osm_id: int, get: Get, lon: float, lat: float) -> None:
        facts = _facts(get)
        if facts is not None:
            self._rows.append((None, osm_type, osm_id, *facts, None, lon, lat))

    def add_way(self, osm_id: int, get: Get, line: str) -> None:
        facts = _facts(get)
        if facts is not None:
            self._way_facts.append((None, "w", osm_id, *facts, None))
            self._way_lines.append(line)

    def flush(self, connection: sqlite3.Connection) -> None:
        points = middles(*decode(self._way_lines)).round(7).tolist()
        self._rows += [
            (*facts, lon, lat) for facts, (lon, lat) in zip(self._way_facts, points, strict=True)
        ]
        insert(connection, "point_of_interest", self._rows)
        self._rows, self._way_facts, self._way_lines = [], [], []


def _facts(get: Get) -> tuple[str | None, ...] | None:
    name = get("name") or get("brand") or get("operator")
    kind = kind_of(get) if name else None
    if kind is None:
        return None
    return (
        kind,
        name,
        get("addr:housenumber"),
        get("addr:street") or get("addr:place"),
        get("addr:postcode"),
        get("addr:city"),
        get("opening_hours"),
        get("phone") or get("contact:phone"),
        get("website") or get("contact:website") or get("url"),
    )
