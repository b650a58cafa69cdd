"""
House numbers: of points, of buildings by their middle, and along streets where only ends are known.

Tags: https://wiki.openstreetmap.org/wiki/Key:addr:*.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from data.osm.places.place_store import insert
from data.osm.way_lines import decode, middles

Get = Callable[[str], str | None]
"""Value of a tag by its key."""

_SEVERAL = re.compile(r"\s*[;,]\s*")
_NUMBER = re.compile(r"\d{1,9}(?!\d)")
"""Longer ones are slips; some would not fit into a column."""

_STEPS = {"odd": 2, "even": 2, "all": 1}


def has_address(get: Get) -> bool:
    return get("addr:housenumber") is not None or get("addr:housename") is not None


@dataclass(slots=True)
class AddressRows:
    """
    Collects addresses and writes them in batches.

    Parameters
    ----------
    street_of
        The street of a house that names none itself, by type and id.
    """

    street_of: Mapping[tuple[str, int], str]
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _way_facts: list[tuple[Any, ...]] = field(default_factory=list)
    _way_lines: list[str] = field(default_factory=list)
    _interpolations: list[tuple[Any, ...]] = field(default_factory=list)
    unusable_interpolations: int = 0

    def add(self, osm_type: str, osm_id: int, get: Get, lon: float, lat: float) -> None:
        """An address at a position."""
        self._rows += self._of((osm_type, osm_id), self._facts(osm_type, osm_id, get), lon, lat)

    def add_way(self, osm_id: int, get: Get, line: str) -> None:
        """The address of a building; its middle is found later, for many at a time."""
        self._way_facts.append((osm_id, *self._facts("w", osm_id, get)))
        self._way_lines.append(line)

    def add_interpolation(self, way: Any, get: Get) -> None:
        """A line between house numbers; those lie on its nodes."""
        method = get("addr:interpolation") or ""
        step = _STEPS.get(method) or (int(method) if _NUMBER.fullmatch(method) else 0)
        if step < 1:
            self.unusable_interpolations += 1
            return
        nodes = [(n.ref, n.lon, n.lat) for n in way.nodes if n.location.valid()]
        facts = tuple(get(f"addr:{key}") for key in ("street", "place", "postcode", "city"))
        self._interpolations.append((way.id, step, nodes, facts))

    def flush(self, connection: sqlite3.Connection) -> None:
        points = middles(*decode(self._way_lines)).round(7).tolist()
        for (osm_id, *facts), (lon, lat) in zip(self._way_facts, points, strict=True):
            self._rows += self._of(("w", osm_id), tuple(facts), lon, lat)
        insert(connection, "address", self._rows)
        self._rows, self._way_facts, self._way_lines = [], [], []

    def finish(self, connection: sqlite3.Connection) -> None:
        """Write what needs the addresses of all nodes."""
        self.flush(connection)
        if not self._interpolations:
            return
        connection.execute("create temp table wanted (node integer primary key)")
        connection.executemany(
            "insert or ignore into wanted values (?)",
            ((node[0],) for _, _, nodes, _ in self._interpolations for node in nodes),
        )
        found = connection.execute(
            "select osm_id, house_number, street, place, postcode, city from address "
            "where osm_type = 'n' and house_number is not null "
            "and osm_id in (select node from wanted)"
        )
        numbered = {node: facts for node, *facts in found}
        connection.execute("drop table wanted")
        for way_id, step, nodes, own in self._interpolations:
            rows = list(_stretches(way_id, step, nodes, own, numbered))
            insert(connection, "interpolation", rows)
            self.unusable_interpolations += not rows

    def _facts(self, osm_type: str, osm_id: int, get: Get) -> tuple[str | None, ...]:
        street = get("addr:street")
        place = get("addr:place")
        if street is None and place is None:
            street = self.street_of.get((osm_type, osm_id))
        return (
            get("addr:housenumber"),
            get("addr:housename"),
            get("addr:unit"),
            street,
            place or (None if street else get("addr:hamlet")),
            get("addr:postcode"),
            get("addr:city"),
        )

    @staticmethod
    def _of(
        key: tuple[str, int], facts: tuple[Any, ...], lon: float, lat: float
    ) -> list[tuple[Any, ...]]:
        """One row for each of the numbers that a house has."""
        number, *others = facts
        if number is None or not (";" in number or "," in number):
            return [(None, *key, number, *others, None, lon, lat)]
        return [(None, *key, one, *others, None, lon, lat) for one in _SEVERAL.split(number) if one]


def _stretches(
    way_id: int,
    step: int,
    nodes: list[tuple[int, float, float]],
    own: tuple[str | None, ...],
    numbered: Mapping[int, list[Any]],
) -> Any:
    """A row between each two neighbouring nodes that have a number."""
    last: tuple[int, int] | None = None
    for position, (node, _, _) in enumerate(nodes):
        facts = numbered.get(node)
        digits = _NUMBER.match(facts[0]) if facts else None
        if facts is None or digits is None:
            continue
        number = int(digits[0])
        if last is not None and number != last[1]:
            line = shapely.LineString([p[1:] for p in nodes[last[0] : position + 1]])
            said = [mine or theirs for mine, theirs in zip(own, facts[1:], strict=True)]
            yield (None, way_id, *said, last[1], number, step, None, shapely.to_wkb(line))
        last = (position, number)
