"""Towns of a gazetteer: those listed, and those that only postcodes know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.geocoding.names import base_name, spellings
from data.geocoding.places import CityRow, PostcodeRow
from geo import chord_to_m, unit_vectors

SAME_PLACE_M = 15_000
REACH_PER_ROOT_M = 10
"""A postcode's place and a town of the same name are the same when they are this near, and the
root of the town's population times that much farther: 18 km for Berlin."""

PEOPLE_PER_CODE = 10_000
"""Guessed size of a place known from its postcodes alone, for each of them beyond the first. It
only ranks: a suburb with six codes comes before a hamlet of the same name."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town with the size that ranks it; `population` is None where it is not known."""

    name: str
    alternates: tuple[str, ...]
    region: str
    lon: float
    lat: float
    population: int | None
    size: int

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.alternates)


def collect_towns(cities: Iterable[CityRow], postcodes: Sequence[PostcodeRow]) -> list[Town]:
    """All towns, largest first."""
    towns = [
        Town(c.name, c.alternates, c.region, c.lon, c.lat, c.population, c.population or c.size)
        for c in cities
    ]
    by_place: dict[tuple[str, str], list[PostcodeRow]] = defaultdict(list)
    for row, is_town in zip(postcodes, _is_town(postcodes, towns), strict=True):
        if not is_town:
            by_place[row.place, row.region].append(row)
    for (name, region), rows in by_place.items():
        for near in _clusters(rows):
            lon = sum(row.lon for row in near) / len(near)
            lat = sum(row.lat for row in near) / len(near)
            size = PEOPLE_PER_CODE * (len(near) - 1)
            towns.append(Town(name, (), region, lon, lat, None, size))
    return sorted(towns, key=lambda t: (-t.size, t.name, t.region, t.lon, t.lat))


def _is_town(postcodes: Sequence[PostcodeRow], towns: Sequence[Town]) -> list[bool]:
    """Which postcodes belong to a town listed."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, town in enumerate(towns):
        for form in {
            f for name in town.names for n in (name, base_name(name)) for f in spellings(n)
        }:
            by_name[form].append(number)
    pairs = [
        (k, number)
        for k, row in enumerate(postcodes)
        for form in spellings(row.place) | spellings(base_name(row.place))
        for number in by_name.get(form, ())
    ]
    is_town = np.zeros(len(postcodes), dtype=bool)
    if pairs:
        code, number = np.array(pairs).T
        distance_m = _distance_m(_vectors(postcodes)[code], _vectors(towns)[number])
        size = np.array([town.size for town in towns])[number]
        is_town[code[distance_m <= SAME_PLACE_M + REACH_PER_ROOT_M * np.sqrt(size)]] = True
    return [bool(x) for x in is_town]


def _clusters(rows: Sequence[PostcodeRow]) -> list[list[PostcodeRow]]:
    """Rows of one name apart by where they lie: a region may have two places of it."""
    vectors = _vectors(rows)
    clusters: list[list[int]] = []
    for k in range(len(rows)):
        for cluster in clusters:
            if _distance_m(vectors[k], vectors[cluster[0]]) <= SAME_PLACE_M:
                cluster.append(k)
                break
        else:
            clusters.append([k])
    return [[rows[k] for k in cluster] for cluster in clusters]


def _vectors(rows: Sequence[Town] | Sequence[PostcodeRow]) -> NDArray[np.float64]:
    return unit_vectors([row.lon for row in rows], [row.lat for row in rows])


def _distance_m(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return chord_to_m(np.linalg.norm(a - b, axis=-1))
