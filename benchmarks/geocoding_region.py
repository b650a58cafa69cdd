"""
How long the address index of a large region takes to build, and how fast it answers.

    python -m benchmarks.geocoding_region --copies 100 --json

There is no large extract at hand, so the region is made up: Liechtenstein many times over Germany,
with towns and postcodes of other names. Two streets of five keep their name in every copy, as Dorf-
and Bahnhofstrasse would. Addresses are asked in fields, as accounts have them. Seeds are fixed.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.geocoding import NEAR_M, SEED, Written, written_addresses
from benchmarks.instances import data_folder
from data.geocoding.address import AddressQuery
from data.geocoding.address_build import build_address_index
from data.geocoding.address_tables import FILE
from data.geocoding.geocoder import Geocoder
from data.geocoding.places import Level
from data.osm.places import place_store
from data.osm.places.place_store import PlaceStore, insert
from data.osm.rest import write_rest
from geo import great_circle_m

QUERIES = 20_000
HARD_QUERIES = 2_000
"""Asked without the postcode, and with a letter of the street and one of the town missing."""

SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "ru")
WEST, SOUTH, SIDE_DEG = 8.2, 48.7, 0.42
PER_ROW = 10
"""Where the first copy lies, how far apart they are, and how many lie side by side."""

HOME = (9.4, 47.0)
"""South-west of Liechtenstein."""

FIRST_CODE = 10_000


def write_region(store: PlaceStore, folder: Path, copies: int) -> None:
    """`places.sqlite` of the made-up region, in an empty folder."""
    addresses = written_addresses(store, number_first=False)
    codes = {code: k for k, code in enumerate(sorted({a.postcode for a in addresses} - {""}))}
    towns = sorted({a.place for a in addresses} - {""})
    middle = {
        town: np.mean([(a.lon, a.lat) for a in addresses if a.place == town], axis=0)
        for town in towns
    }
    connection = place_store.create(folder / place_store.FILE, place_store.TABLES)
    for copy in range(copies):
        east, north = _shift(copy)
        rows = []
        for k, a in enumerate(_renamed(addresses, copy, codes)):
            facts = ("n", k, a.number, None, None, a.street, None, a.postcode, a.place, None)
            rows.append((None, *facts, a.lon, a.lat))
        insert(connection, "address", rows)
        insert(
            connection,
            "place",
            [
                (
                    *(None, "n", k, "town", town + _ending(copy), "", 4_000),
                    *(None, None, None, None, None),
                    *(float(middle[town][0]) + east, float(middle[town][1]) + north),
                )
                for k, town in enumerate(towns)
            ],
        )
    connection.execute("commit")
    connection.close()


def _renamed(addresses: list[Written], copy: int, codes: dict[str, int]) -> Iterator[Written]:
    east, north = _shift(copy)
    for a in addresses:
        is_everywhere = sum(map(ord, a.street)) % 5 < 2
        code = str(FIRST_CODE + copy * len(codes) + codes[a.postcode]) if a.postcode else ""
        yield Written(
            a.street if is_everywhere else _ending(copy).capitalize() + a.street.casefold(),
            a.number,
            code,
            a.place + _ending(copy),
            a.lon + east,
            a.lat + north,
            a.number_first,
        )


def _shift(copy: int) -> tuple[float, float]:
    row, column = divmod(copy, PER_ROW)
    return WEST - HOME[0] + column * SIDE_DEG, SOUTH - HOME[1] + row * SIDE_DEG


def _ending(copy: int) -> str:
    return "".join(SYLLABLES[int(digit)] for digit in f"{copy:03d}")


def measure(copies: int) -> dict[str, object]:
    """All figures of a region."""
    extract = data_folder() / "osm" / "liechtenstein-2024.osm.pbf"
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        write_rest(extract, Path(home))
        store = PlaceStore(Path(home))
        write_region(store, Path(folder), copies)
        addresses = written_addresses(store, number_first=False)
        codes = {code: k for k, code in enumerate(sorted({a.postcode for a in addresses} - {""}))}
        started_s = time.process_time()
        counts = build_address_index(Path(folder))
        built_s = time.process_time() - started_s
        started_s = time.process_time()
        geocoder = Geocoder.open(Path(folder))
        opened_s = time.process_time() - started_s
        random = np.random.default_rng(SEED)
        asked = [
            one
            for copy, count in zip(
                *np.unique(random.integers(copies, size=QUERIES), return_counts=True), strict=True
            )
            for one in _some(list(_renamed(addresses, int(copy), codes)), int(count), random)
        ]
        order = random.permutation(len(asked))
        started_s = time.process_time()
        hits = sum(_is_hit(geocoder, asked[int(k)]) for k in order)
        took_s = time.process_time() - started_s
        started_s = time.process_time()
        hard = [_hardened(asked[int(k)]) for k in order[:HARD_QUERIES]]
        hard_hits = sum(_is_hit(geocoder, one) for one in hard)
        hard_s = time.process_time() - started_s
        store.close()
        return {
            "set": f"made-up region of {copies}",
            "houses": counts["address_houses"],
            "streets": counts["address_streets"],
            "localities": counts["localities"],
            "index_mb": round((Path(folder) / FILE).stat().st_size / 1e6),
            "built_s": round(built_s, 1),
            "opened_s": round(opened_s, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "queries": len(asked),
            "found_pct": round(100 * hits / len(asked), 2),
            "queries_per_s": round(len(asked) / took_s),
            "hard_queries": len(hard),
            "hard_found_pct": round(100 * hard_hits / len(hard), 2),
            "hard_queries_per_s": round(len(hard) / hard_s),
        }


def _some(addresses: list[Written], count: int, random: np.random.Generator) -> list[Written]:
    return [addresses[int(k)] for k in random.integers(len(addresses), size=count)]


def _hardened(asked: Written) -> Written:
    street = asked.street[:3] + asked.street[4:]
    return replace(asked, street=street, place=asked.place[:2] + asked.place[3:], postcode="")


def _is_hit(geocoder: Geocoder, asked: Written) -> bool:
    query = AddressQuery(
        street=f"{asked.street} {asked.number}",
        postcode=asked.postcode,
        place=asked.place,
        country="DE",
    )
    match = geocoder.find(query)
    if match is None or match.best.level is not Level.HOUSE:
        return False
    at = match.best.location
    return bool(great_circle_m(at.lon, at.lat, asked.lon, asked.lat) <= NEAR_M)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    if not 1 <= options.copies <= 999:
        raise SystemExit("--copies is a number from 1 to 999.")
    figures = measure(options.copies)
    if options.json:
        print(json.dumps(figures), flush=True)
    else:
        print("\n".join(f"{key:14} {value}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
