"""Builds an address index from what a map knows of addresses, streets, places and postcodes."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from scipy.spatial import cKDTree

from data.geocoding.address_tables import (
    FILE,
    NO_STREET,
    PlaceEntry,
    PostcodeEntry,
    cell_of,
    create_tables,
    finish_tables,
    write_places,
    write_postcodes,
    write_rows,
    write_streets,
)
from data.geocoding.house_number import HouseNumber, read_house_number
from data.geocoding.street_names import place_forms
from data.locale import UNKNOWN_COUNTRY, locale_at
from data.osm.places.place_size import size_of
from data.osm.places.place_store import PlaceStore
from geo import chord_to_m, unit_vectors

SOURCE = "OpenStreetMap"
ATTRIBUTION = "© OpenStreetMap contributors"

SETTLEMENT_KINDS = ("city", "town", "village", "hamlet")
SETTLEMENT_REACH_M = 5_000

MUNICIPALITY_LEVELS = (6, 7, 8)
BATCH = 50_000

LocalityKey = tuple[str | None, str | None, str | None, str | None]
"""Postcode, city, municipality and nearest settlement of an address."""


def build_address_index(folder: Path) -> dict[str, int]:
    """
    Write the address index of a map beside its `places.sqlite`.

    Memory grows with distinct streets and localities, not with houses.

    Returns
    -------
    dict
        Rows by table: houses, streets, localities.

    Raises
    ------
    InvalidRoadMapError
        When the folder has no `places.sqlite`.
    sqlite3.OperationalError
        When the disk is full. What is in the folder then is of no use.
    """
    store = PlaceStore(folder)
    try:
        connection = create_tables(folder / FILE)
        try:
            return _Builder(store, connection).write()
        finally:
            connection.close()
    finally:
        store.close()


@dataclass(slots=True)
class _Middle:
    """Mean position of what was added."""

    lon: float = 0.0
    lat: float = 0.0
    count: int = 0
    houses: int = 0

    def add(self, lon: float, lat: float, is_house: bool) -> None:
        self.count += 1
        self.houses += is_house
        self.lon += (lon - self.lon) / self.count
        self.lat += (lat - self.lat) / self.count


@dataclass(slots=True)
class _Numbers:
    """Numbers things in the order in which they are first seen, from 1."""

    known: dict[Any, int] = field(default_factory=dict)

    def __call__(self, key: Any) -> int:
        return self.known.setdefault(key, len(self.known) + 1)


class _Builder:
    def __init__(self, store: PlaceStore, connection: sqlite3.Connection) -> None:
        self._store = store
        self._connection = connection
        self._streets = _Numbers()
        self._localities = _Numbers()
        self._locality_middle: dict[int, _Middle] = {}
        self._street_middle: dict[tuple[int, int], _Middle] = {}
        self._municipality_of = _municipalities(store)
        self._settlements = _settlements(store)
        self._houses = 0

    def write(self) -> dict[str, int]:
        for batch in _batches(self._store.rows("address")):
            self._write_houses(batch)
        for batch in _batches(self._store.rows("interpolation")):
            self._write_interpolations(batch)
        for batch in _batches(self._store.rows("street")):
            self._add_streets(batch)
        countries = self._write_localities()
        streets = ((number, name) for name, number in self._streets.known.items())
        write_streets(self._connection, streets, countries)
        write_rows(
            self._connection,
            "street_place",
            (
                (street, locality, round(m.lon, 7), round(m.lat, 7), m.houses)
                for (street, locality), m in self._street_middle.items()
            ),
            5,
        )
        write_places(self._connection, _places(self._store))
        write_postcodes(self._connection, _postcodes(self._store))
        finish_tables(self._connection, SOURCE, ATTRIBUTION, countries)
        return {
            "address_houses": self._houses,
            "address_streets": len(self._streets.known),
            "localities": len(self._localities.known),
        }

    def _write_houses(self, rows: Sequence[sqlite3.Row]) -> None:
        houses: list[tuple[Any, ...]] = []
        names: list[tuple[str, int]] = []
        for row, settlement in zip(rows, self._settlements(rows), strict=True):
            name = row["street"] or row["place"]
            number = read_house_number(row["house_number"] or "")
            if not name and number is not None and not row["postcode"]:
                continue  # a number that nothing tells from others of its kind
            if number is None and not row["house_name"]:
                continue
            city = row["city"] or (row["place"] if row["street"] else None)
            locality = self._locality(row, row["postcode"], city, settlement)
            street = self._streets(name) if name else NO_STREET
            if name:
                self._add(street, locality, row["lon"], row["lat"], is_house=True)
            written = row["house_number"] or row["house_name"]
            at = (row["lon"], row["lat"], *cell_of(row["lon"], row["lat"]))
            for one, is_part in _numbers_of(number):
                self._houses += 1
                houses.append(
                    (
                        self._houses,
                        street,
                        locality,
                        *((None, "") if one is None else (one.number, one.rest)),
                        written,
                        row["house_name"],
                        is_part,
                        *at,
                    )
                )
                if row["house_name"] and not is_part:
                    names.append((row["house_name"], self._houses))
        write_rows(self._connection, "house", houses, 12)
        forms = ((form, house) for name, house in names for form in sorted(place_forms(name)))
        write_rows(self._connection, "house_name", forms, 2)

    def _write_interpolations(self, rows: Sequence[sqlite3.Row]) -> None:
        middles = [_with_middle(row) for row in rows]
        for row, settlement in zip(middles, self._settlements(middles), strict=True):
            name = row["street"] or row["place"]
            if not name:
                continue
            locality = self._locality(row, row["postcode"], row["city"], settlement)
            street = self._streets(name)
            self._add(street, locality, row["lon"], row["lat"], is_house=False)
            first, last = row["first_number"], row["last_number"]
            values = (None, street, locality, first, last, row["step"], row["geometry"])
            write_rows(self._connection, "interpolation", [values], 7)

    def _add_streets(self, rows: Sequence[sqlite3.Row]) -> None:
        for row, settlement in zip(rows, self._settlements(rows), strict=True):
            locality = self._locality(row, None, row["place"], settlement)
            for name in (row["name"], *row["alternates"].split(";")):
                if name:
                    self._add(self._streets(name), locality, row["lon"], row["lat"], is_house=False)

    def _locality(
        self, row: Any, postcode: str | None, city: str | None, settlement: str | None
    ) -> int:
        key: LocalityKey = (postcode, city, self._municipality_of.get(row["area_id"]), settlement)
        number = self._localities(key)
        self._locality_middle.setdefault(number, _Middle()).add(row["lon"], row["lat"], True)
        return number

    def _add(self, street: int, locality: int, lon: float, lat: float, *, is_house: bool) -> None:
        key = (street, locality)
        middle = self._street_middle.setdefault(key, _Middle())
        # Of a street its own middle counts only where no house tells where on it one may stop.
        if is_house or not middle.houses:
            middle.add(lon, lat, is_house)

    def _write_localities(self) -> list[str]:
        """Write all, and say which countries they are of, most houses first."""
        counted: Counter[str] = Counter()
        rows = []
        for key, number in self._localities.known.items():
            middle = self._locality_middle[number]
            country = locale_at(middle.lon, middle.lat).country
            counted[country] += middle.count
            rows.append((number, *key, country, round(middle.lon, 7), round(middle.lat, 7)))
        write_rows(self._connection, "locality", rows, 8)
        return [code for code, _ in counted.most_common()] or [UNKNOWN_COUNTRY]


def _numbers_of(number: HouseNumber | None) -> list[tuple[HouseNumber | None, bool]]:
    """The number as written, and each house that a range covers."""
    covered = () if number is None else number.covered
    return [(number, False), *((one, True) for one in covered)]


def _with_middle(row: sqlite3.Row) -> dict[str, Any]:
    middle = shapely.from_wkb(row["geometry"]).interpolate(0.5, normalized=True)
    return {**{key: row[key] for key in row.keys()}, "lon": middle.x, "lat": middle.y}  # noqa: SIM118


def _batches(rows: Iterator[sqlite3.Row]) -> Iterator[list[sqlite3.Row]]:
    batch: list[sqlite3.Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _municipalities(store: PlaceStore) -> dict[int, str]:
    """Name of the municipality of each area: itself, or the smallest around it that is one."""
    facts = {
        area["id"]: (area["kind"], area["level"], area["name"], area["parent_id"])
        for area in store.rows("area")
    }
    found = {}
    for area_id in facts:
        current: int | None = area_id
        while current is not None:
            kind, level, name, parent = facts[current]
            if kind == "admin" and level in MUNICIPALITY_LEVELS:
                found[area_id] = name
                break
            current = parent
    return found


def _settlements(store: PlaceStore) -> Callable[[Sequence[Any]], list[str | None]]:
    """Says the nearest town or village of each of some rows with `lon` and `lat`."""
    places = [row for row in store.rows("place") if row["kind"] in SETTLEMENT_KINDS]
    if not places:
        return lambda rows: [None] * len(rows)
    names = [row["name"] for row in places]
    tree = cKDTree(unit_vectors([row["lon"] for row in places], [row["lat"] for row in places]))

    def nearest(rows: Sequence[Any]) -> list[str | None]:
        if not rows:
            return []
        chord, index = tree.query(unit_vectors([r["lon"] for r in rows], [r["lat"] for r in rows]))
        is_near = chord_to_m(chord) <= SETTLEMENT_REACH_M
        return [
            names[k] if near else None
            for k, near in zip(index.tolist(), is_near.tolist(), strict=True)
        ]

    return nearest


def _places(store: PlaceStore) -> Iterator[PlaceEntry]:
    for row in store.rows("place"):
        yield PlaceEntry(
            names=(row["name"], *(name for name in row["alternates"].split(";") if name)),
            kind=row["kind"],
            size=size_of(row),
            region=row["county"] or row["region"] or "",
            country=locale_at(row["lon"], row["lat"]).country,
            lon=row["lon"],
            lat=row["lat"],
        )


def _postcodes(store: PlaceStore) -> Iterator[PostcodeEntry]:
    for row in store.rows("postcode"):
        country = locale_at(row["lon"], row["lat"]).country
        yield PostcodeEntry(row["code"], row["place"], "", country, row["lon"], row["lat"])
