"""
A made-up map of two towns of Liechtenstein, three kilometres apart, each with a Landstrasse.

    Nordheim (9490)  Landstrasse 1, 3, 7, 12a; Sonnengasse 2-6; Dr. Albert Kern-Strasse 5
    Südheim  (9495)  Landstrasse 1, 5; Bödastrasse 4; Bodastrasse 4

Houses of Landstrasse lie 0.0005 degrees of longitude (38 m) apart for each two numbers.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.geocoding.address_build import build_address_index
from data.osm.places import place_store
from data.osm.places.place_store import insert

LON, NORTH, SOUTH = 9.52, 47.15, 47.12

Row = tuple[str, str, str | None, str | None, float, float]
"""Street, number, postcode, city, longitude, latitude."""

ROWS: tuple[Row, ...] = (
    *(
        ("Landstrasse", str(n), "9490", "Nordheim", round(LON + n * 0.00025, 7), NORTH)
        for n in (1, 3, 7)
    ),
    ("Landstrasse", "12a", "9490", "Nordheim", LON + 0.003, NORTH),
    ("Sonnengasse", "2-6", "9490", "Nordheim", LON, NORTH + 0.001),
    ("Dr. Albert Kern-Strasse", "5", "9490", "Nordheim", LON, NORTH + 0.002),
    ("Landstrasse", "1", "9495", "Südheim", LON, SOUTH),
    ("Landstrasse", "5", "9495", "Südheim", LON + 0.001, SOUTH),
    ("Bödastrasse", "4", "9495", "Südheim", LON, SOUTH + 0.003),
    ("Bodastrasse", "4", "9495", "Südheim", LON, SOUTH + 0.006),
)


TOWNS = (("Nordheim", "9490", LON, NORTH), ("Südheim", "9495", LON, SOUTH))
"""Name, postcode, longitude, latitude."""


def write_map(
    folder: Path,
    rows: Iterable[Row] = ROWS,
    towns: Sequence[tuple[str, str, float, float]] = TOWNS,
) -> Path:
    """`places.sqlite` and the address index of the towns, in an existing folder."""
    connection = place_store.create(folder / place_store.FILE, place_store.TABLES)
    for number, (street, house, code, city, lon, lat) in enumerate(rows, start=1):
        facts = ("n", number, house, None, None, street, None, code, city, None, lon, lat)
        insert(connection, "address", [(None, *facts)])
    for number, (name, code, lon, lat) in enumerate(towns, start=1):
        place: tuple[Any, ...] = ("n", number, "town", name, "", 5000, None, None, None, None, None)
        insert(connection, "place", [(None, *place, lon, lat)])
        insert(connection, "postcode", [(None, code, name, 5, None, lon, lat)])
    connection.execute("commit")
    connection.close()
    build_address_index(folder)
    return folder
