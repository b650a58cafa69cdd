"""
Highways of a country from the package scgraph_data, whose source is OpenStreetMap.

The package is a Python module of 36 MB; importing it takes a minute and 4.7 GB, so it is read as
text. Roads are two-way, without class, in kilometres, their nodes to 0.001 degree.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from shapely.geometry import MultiPolygon

from data.samples.build.borders import buffered
from data.samples.build.sources import SourceError, read_member

MARGIN_KM = 50.0
"""Roads this far beyond the border are kept: the fastest way may leave the country."""


@dataclass(frozen=True, slots=True, eq=False)
class Highways:
    """
    Two-way roads.

    Parameters
    ----------
    lon, lat
        (n,) float64, degrees.
    tail, head
        (m,) int64, node indices, tail below head.
    length_m
        (m,) int64.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_m: NDArray[np.int64]

    def matrix(self) -> sp.csr_matrix:
        """(n, n) lengths in metres, both directions."""
        n = len(self.lon)
        half = sp.coo_matrix((self.length_m, (self.tail, self.head)), shape=(n, n))
        return (half + half.T).tocsr()


def read_world(packages: Path) -> Highways:
    """All highways of the world: 560,282 nodes, 3 s."""
    raw = read_member(packages, "scgraph_data-", "scgraph_data/world_highways.py")
    text = raw.decode("ascii")
    match = re.search(r"^graph=(\[.*\])\s*^nodes\s*=\s*(\[.*\])\s*$", text, re.MULTILINE)
    if match is None:
        raise SourceError("scgraph_data/world_highways.py does not assign a graph and its nodes.")
    graph, nodes = match[1], np.array(json.loads(match[2]))
    degree = np.array([part.count(":") for part in graph.split("}")[:-1]])
    pairs = np.array(re.sub(r"[^0-9.]+", " ", graph).split(), dtype=np.float64).reshape(-1, 2)
    if len(degree) != len(nodes) or degree.sum() != len(pairs):
        raise SourceError("Nodes and roads of scgraph_data/world_highways.py do not match.")
    tail, head = np.repeat(np.arange(len(nodes)), degree), pairs[:, 0].astype(np.int64)
    length_m = np.rint(pairs[:, 1] * 1000).astype(np.int64)
    # Every road is listed at both ends; a road that returns to its node leads nowhere.
    once = tail < head
    return Highways(nodes[:, 1], nodes[:, 0], tail[once], head[once], length_m[once])


def clip(world: Highways, country: MultiPolygon) -> Highways:
    """Roads within the country and `MARGIN_KM` around it, without pieces that never enter it."""
    area = buffered(country, MARGIN_KM)
    shapely.prepare(area)
    near = shapely.contains_xy(area, world.lon, world.lat)
    kept = _subset(world, near)
    _, piece = connected_components(kept.matrix(), directed=False)
    shapely.prepare(country)
    inside = shapely.contains_xy(country, kept.lon, kept.lat)
    return _subset(kept, np.isin(piece, np.unique(piece[inside])))


def _subset(roads: Highways, wanted: NDArray[np.bool_]) -> Highways:
    """Roads with both ends wanted, and the nodes that they touch."""
    keep = wanted[roads.tail] & wanted[roads.head]
    used, ends = np.unique(
        np.concatenate((roads.tail[keep], roads.head[keep])), return_inverse=True
    )
    tail, head = np.split(ends, 2)
    return Highways(roads.lon[used], roads.lat[used], tail, head, roads.length_m[keep])
