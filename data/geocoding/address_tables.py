"""
The tables of an address index, one SQLite file, and how they are filled.

It is written once and then only read. `docs/geocoding.md` says what the columns mean.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.geocoding.country_format import form_versions, formats_of
from data.geocoding.names import base_name
from data.geocoding.street_names import StreetNames, place_forms

FILE = "addresses.sqlite"

INDEX_FORMAT = 1
"""Raised when the meaning of the tables changes, so that older files are built anew."""

CELL_DEG = 0.005
"""Houses are found by position in cells of about half a kilometre."""

TABLES: dict[str, str] = {
    "meta": "key text primary key, value text not null",
    "place": "id integer primary key, name text not null, kind text not null, size integer, "
    "region text not null, country text not null, lon real not null, lat real not null",
    "place_form": "form text not null, place_id integer not null, primary key (form, place_id)",
    "postcode": "id integer primary key, code text not null, place text, region text not null, "
    "country text not null, lon real not null, lat real not null",
    "locality": "id integer primary key, postcode text, city text, municipality text, "
    "settlement text, country text not null, lon real not null, lat real not null",
    "street": "id integer primary key, name text not null",
    "street_form": "form text not null, street_id integer not null, primary key (form, street_id)",
    "street_place": "street_id integer not null, locality_id integer not null, "
    "lon real not null, lat real not null, house_count integer not null, "
    "primary key (street_id, locality_id)",
    "house": "id integer primary key, street_id integer not null, locality_id integer not null, "
    "number integer, rest text not null, written text not null, name text, is_part integer "
    "not null, lon real not null, lat real not null, cell_x integer not null, "
    "cell_y integer not null",
    "house_name": "form text not null, house_id integer not null, primary key (form, house_id)",
    "interpolation": "id integer primary key, street_id integer not null, "
    "locality_id integer not null, first_number integer not null, last_number integer not null, "
    "step integer not null, geometry blob not null",
}

_INDICES = (
    "create index house_by_street on house (street_id, number, locality_id)",
    "create index house_by_locality on house (locality_id, number)",
    "create index house_by_cell on house (cell_x, cell_y)",
    "create index street_place_by_locality on street_place (locality_id)",
    "create index street_form_by_street on street_form (street_id)",
    "create index place_form_by_place on place_form (place_id)",
    "create index interpolation_by_street on interpolation (street_id)",
    "create virtual table street_letters using "
    "fts5(form, tokenize = 'trigram', detail = none, content = '')",
    "create virtual table place_letters using "
    "fts5(form, tokenize = 'trigram', detail = none, content = '')",
    "insert into street_letters (rowid, form) select rowid, '_' || form || '_' from street_form",
    "insert into place_letters (rowid, form) select rowid, '_' || form || '_' from place_form",
    "analyze",
)

NO_STREET = 0
"""Street of houses of which only the postcode is known."""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """
    A town, village or part of one.

    Parameters
    ----------
    names
        The first is shown.
    kind
        Of OpenStreetMap's `place`.
    size
        Inhabitants or a guess, to tell which of several is meant.
    region
        Shown where several places share the name; may be empty.
    """

    names: tuple[str, ...]
    kind: str
    size: int
    region: str
    country: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PostcodeEntry:
    """A postcode, as it is written, and the middle of what it stands for."""

    code: str
    place: str | None
    region: str
    country: str
    lon: float
    lat: float


def cell_of(lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the cell of a position."""
    return int(lon // CELL_DEG), int(lat // CELL_DEG)


def create_tables(path: Path | str) -> sqlite3.Connection:
    """A new index for one writer. It is of use once `finish_tables` has returned."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
        connection.execute(f"pragma {pragma}")
    for name, columns in TABLES.items():
        without = " without rowid" if name == "street_place" else ""
        connection.execute(f"create table {name} ({columns}){without}")
    connection.execute("begin")
    return connection


def write_rows(
    connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]], count: int
) -> None:
    """Append rows of `count` columns; values are in the order of the columns."""
    marks = ", ".join("?" * count)
    connection.executemany(f"insert or ignore into {table} values ({marks})", rows)  # noqa: S608


def write_places(connection: sqlite3.Connection, places: Iterable[PlaceEntry]) -> None:
    """Write places with all forms of their names."""
    for number, place in enumerate(places, start=1):
        row = (number, place.names[0], place.kind, place.size, place.region, place.country)
        write_rows(connection, "place", [(*row, place.lon, place.lat)], 8)
        names = dict.fromkeys(form for name in place.names for form in (name, base_name(name)))
        forms = sorted({form for name in names for form in place_forms(name)})
        write_rows(connection, "place_form", [(form, number) for form in forms], 2)


def write_postcodes(connection: sqlite3.Connection, postcodes: Iterable[PostcodeEntry]) -> None:
    write_rows(
        connection,
        "postcode",
        ((None, p.code, p.place, p.region, p.country, p.lon, p.lat) for p in postcodes),
        7,
    )


def write_streets(
    connection: sqlite3.Connection, streets: Iterable[tuple[int, str]], countries: Sequence[str]
) -> None:
    """Write the names of streets, numbered, with all forms by the rules of the countries."""
    names = StreetNames(formats_of(countries))
    for number, name in streets:
        write_rows(connection, "street", [(number, name)], 2)
        forms = sorted(names.forms(name))
        write_rows(connection, "street_form", [(form, number) for form in forms], 2)


def finish_tables(
    connection: sqlite3.Connection, source: str, attribution: str, countries: Sequence[str]
) -> None:
    """
    Write what is known of the whole, and the indices.

    Parameters
    ----------
    countries
        ISO codes of all that is in it, the one with most houses first.
    """
    meta = {
        "format": str(INDEX_FORMAT),
        "source": source,
        "attribution": attribution,
        "countries": " ".join(countries),
        "forms": json.dumps(form_versions(countries)),
    }
    write_rows(connection, "meta", meta.items(), 2)
    for statement in _INDICES:
        connection.execute(statement)
    connection.execute("commit")
