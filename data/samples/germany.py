"""
Reads the committed files of the German sample.

Real: highways, postcodes, towns and borders, all coarse. Made up: the local roads, of which
`docs/sample.md` says how.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, shape

FOLDER = Path(__file__).parent / "germany"

MAP_NAME = "german-highways"
"""What data sets on these roads name as their map."""

KIND_HIGHWAY, KIND_LOCAL, KIND_ACCESS = 0, 1, 2
"""Values of `SampleRoads.edge_kind`: from the source; made up between postcodes or across a hole
of the source; made up from a postcode to a highway."""

ROAD_KINDS = ("highway", "local", "access")
"""Names of the kinds, by value."""


@dataclass(frozen=True, slots=True, eq=False)
class SampleRoads:
    """
    Two-way roads; each stands once.

    Parameters
    ----------
    lon, lat
        (n,) float64, degrees. Highway nodes first, then one node per postcode.
    edge_tail, edge_head
        (m,) int32, node indices.
    edge_length_m
        (m,) int32, positive.
    edge_kind
        (m,) uint8, index into `ROAD_KINDS`.
    postcode_node
        (p,) int32, the node of each row of `read_postcodes`.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    edge_tail: NDArray[np.int32]
    edge_head: NDArray[np.int32]
    edge_length_m: NDArray[np.int32]
    edge_kind: NDArray[np.uint8]
    postcode_node: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Postcodes:
    """
    Postcodes in ascending order.

    Parameters
    ----------
    code, place, state
        Of length n. The place is the most populous one of the code.
    lon, lat
        (n,) float64, degrees.
    accuracy
        (n,) uint8, of GeoNames: 6 centre of the addresses, 4 of the place, 1 estimated.
    is_spread
        (n,) bool, whether the source puts several codes at one position, from which they were
        moved apart.
    """

    code: tuple[str, ...]
    place: tuple[str, ...]
    state: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    accuracy: NDArray[np.uint8]
    is_spread: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True, eq=False)
class Towns:
    """
    Towns, largest first, without boroughs.

    Parameters
    ----------
    name, state
        Of length n.
    alternates
        Of length n, further names by which people look for the town.
    lon, lat
        (n,) float64, degrees.
    population
        (n,) int64.
    """

    name: tuple[str, ...]
    alternates: tuple[tuple[str, ...], ...]
    state: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    population: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.name)


@cache
def read_roads() -> SampleRoads:
    """The road network."""
    with np.load(FOLDER / "roads.npz") as file:
        arrays = {name: file[name] for name in file.files}
    return SampleRoads(
        lon=_frozen(arrays["lon_e5"] / 1e5),
        lat=_frozen(arrays["lat_e5"] / 1e5),
        **{
            name: _frozen(arrays[name])
            for name in (
                "edge_tail",
                "edge_head",
                "edge_length_m",
                "edge_kind",
                "postcode_node",
            )
        },
    )


@cache
def read_postcodes() -> Postcodes:
    """All postcodes."""
    rows = list(_read_csv("postcodes.csv.gz"))
    return Postcodes(
        code=tuple(row["code"] for row in rows),
        place=tuple(row["place"] for row in rows),
        state=tuple(row["state"] for row in rows),
        lon=_frozen(np.array([float(row["lon"]) for row in rows])),
        lat=_frozen(np.array([float(row["lat"]) for row in rows])),
        accuracy=_frozen(np.array([int(row["accuracy"]) for row in rows], dtype=np.uint8)),
        is_spread=_frozen(np.array([row["is_spread"] == "1" for row in rows])),
    )


@cache
def read_towns() -> Towns:
    """All towns."""
    rows = list(_read_csv("cities.csv.gz"))
    return Towns(
        name=tuple(row["name"] for row in rows),
        alternates=tuple(
            tuple(row["alternates"].split("|")) if row["alternates"] else () for row in rows
        ),
        state=tuple(row["state"] for row in rows),
        lon=_frozen(np.array([float(row["lon"]) for row in rows])),
        lat=_frozen(np.array([float(row["lat"]) for row in rows])),
        population=_frozen(np.array([int(row["population"]) for row in rows])),
    )


@cache
def read_outline() -> MultiPolygon:
    """Germany, degrees."""
    return next(geometry for kind, _, geometry in _read_shapes() if kind == "outline")


@cache
def read_neighbours() -> dict[str, MultiPolygon]:
    """The countries around it by English name, degrees, clipped and lightly simplified."""
    return {name: geometry for kind, name, geometry in _read_shapes() if kind == "neighbour"}


def _read_shapes() -> Iterator[tuple[str, str, MultiPolygon]]:
    with gzip.open(FOLDER / "outline.geojson.gz", "rt", encoding="utf-8") as file:
        collection = json.load(file)
    for feature in collection["features"]:
        properties = feature["properties"]
        yield properties["kind"], properties["name"], shape(feature["geometry"])


def _read_csv(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
