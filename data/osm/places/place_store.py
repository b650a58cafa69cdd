"""
What a map knows of addresses, streets, places, postcodes, points of interest and areas.

One SQLite file per map, `places.sqlite`. It is written once, while the map is built, and only read
afterwards. `docs/map-building.md` says what the columns mean.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from data.errors import InvalidRoadMapError

FILE = "places.sqlite"

PlaceRow = sqlite3.Row
"""A row of any table, by column name."""

TABLES: dict[str, str] = {
    "address": "id integer primary key, osm_type text not null, osm_id integer not null, "
    "house_number text, house_name text, unit text, street text, place text, postcode text, "
    "city text, area_id integer, lon real not null, lat real not null",
    "interpolation": "id integer primary key, osm_id integer not null, street text, place text, "
    "postcode text, city text, first_number integer not null, last_number integer not null, "
    "step integer not null, area_id integer, geometry blob not null",
    "street": "id integer primary key, name text not null, alternates text not null, ref text, "
    "place text, area_id integer, length_m integer not null, lon real not null, "
    "lat real not null, west real not null, south real not null, east real not null, "
    "north real not null",
    "place": "id integer primary key, osm_type text not null, osm_id integer not null, "
    "kind text not null, name text not null, alternates text not null, population integer, "
    "postcode text, municipality text, county text, region text, area_id integer, "
    "lon real not null, lat real not null",
    "postcode": "id integer primary key, code text not null, place text, "
    "address_count integer not null, area_id integer, lon real not null, lat real not null",
    "point_of_interest": "id integer primary key, osm_type text not null, "
    "osm_id integer not null, kind text not null, name text not null, house_number text, "
    "street text, postcode text, city text, opening_hours text, phone text, website text, "
    "area_id integer, lon real not null, lat real not null",
    "area": "id integer primary key, osm_type text not null, osm_id integer not null, "
    "kind text not null, level integer, name text not null, code text, population integer, "
    "parent_id integer, lon real not null, lat real not null, geometry blob not null",
    "area_problem": "id integer primary key, osm_type text not null, osm_id integer not null, "
    "kind text not null, level integer, name text not null, reason text not null",
    "meta": "key text primary key, value text not null",
}
"""Columns by table. Lists of names are separated by semicolons; geometry is WKB in EPSG:4326."""


class Area(NamedTuple):
    """
    A municipality, district, state or postcode, with its border.

    Parameters
    ----------
    kind
        `admin` or `postcode`.
    level
        `admin_level` in OpenStreetMap, None for a postcode.
    code
        Official number of a municipality, or the postcode itself.
    parent_id
        The smallest area of a lower level around it.
    lon, lat
        A point within it.
    geometry
        Polygon or MultiPolygon in EPSG:4326.
    """

    id: int
    osm_type: str
    osm_id: int
    kind: str
    level: int | None
    name: str
    code: str | None
    population: int | None
    parent_id: int | None
    lon: float
    lat: float
    geometry: Any


@dataclass(frozen=True, slots=True)
class AreaProblem:
    """An area that the file names but does not hold whole, with the reason."""

    osm_type: str
    osm_id: int
    kind: str
    level: int | None
    name: str
    reason: str


def create(path: Path, tables: dict[str, str]) -> sqlite3.Connection:
    """
    A new database for one writer.

    Nothing guards it against a crash: a map is built in a folder of its own, which is only used
    once it is whole.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
        connection.execute(f"pragma {pragma}")
    for name, columns in tables.items():
        connection.execute(f"create table {name} ({columns})")
    connection.execute("begin")
    return connection


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows; their values are in the order of the columns."""
    ready = list(rows)
    if ready:
        marks = ", ".join("?" * len(ready[0]))
        connection.executemany(f"insert into {table} values ({marks})", ready)  # noqa: S608


class PlaceStore:
    """
    Reads a finished `places.sqlite`.

    Parameters
    ----------
    folder
        Of the map.

    Raises
    ------
    InvalidRoadMapError
        When the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        if not path.is_file():
            raise InvalidRoadMapError(
                f"The map {folder.name!r} in {folder.parent} holds no {FILE}, perhaps because it "
                "was built with --roads-only. Build the map again."
            )
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row

    def close(self) -> None:
        self._connection.close()

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            table: self._connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
            for table in TABLES
            if table != "meta"
        }

    def rows(self, table: str) -> Iterator[sqlite3.Row]:
        """
        All rows of a table in the order of their ids, by column name.

        Raises
        ------
        ValueError
            When there is no such table.
        """
        if table not in TABLES:
            raise ValueError(f"There is no table {table!r}; there are {', '.join(TABLES)}.")
        order = "key" if table == "meta" else "id"
        yield from self._connection.execute(f"select * from {table} order by {order}")  # noqa: S608

    def areas(self, kind: str | None = None, level: int | None = None) -> list[Area]:
        """Areas with their geometry, of all kinds and levels or of those given."""
        found = self._connection.execute(
            "select * from area where (:kind is null or kind = :kind) "
            "and (:level is null or level = :level) order by id",
            {"kind": kind, "level": level},
        )
        return [Area._make((*row[:-1], shapely.from_wkb(row["geometry"]))) for row in found]

    def area_problems(self) -> list[AreaProblem]:
        """What the file names but does not hold whole."""
        return [
            AreaProblem(*row[1:])
            for row in self._connection.execute("select * from area_problem order by id")
        ]
