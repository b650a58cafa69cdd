"""
Local roads, made up where the source has none.

The highways pass a postcode at a median of 4 km. So postcodes become nodes and are joined to their
neighbours, to the highways around them, and highways to their own continuation where the source
has a hole. A made-up road is `DETOUR` times as long as the air line. It may cross a river where no
bridge is; it never crosses the sea, a wide estuary or Lake Constance, and it never reaches an
island that only ferries or car trains serve.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, cKDTree
from shapely.geometry import MultiLineString, MultiPolygon

from data.samples.build.highways import Highways
from data.samples.build.places import PostcodeRow
from data.samples.plane import to_plane_km

DETOUR = 1.3
MAX_LINK_KM = 25.0

ISLANDS = {
    "Amrum": ("25946",),
    "Baltrum": ("26579",),
    "Borkum": ("26757",),
    "Fraueninsel": ("83256",),
    "Föhr": ("25938",),
    "Gröde": ("25869",),
    "Helgoland": ("27498",),
    "Hiddensee": ("18565",),
    "Hooge": ("25859",),
    "Juist": ("26571",),
    "Langeoog": ("26465",),
    "Neuwerk": ("27499",),
    "Norderney": ("26548",),
    "Pellworm": ("25849",),
    "Spiekeroog": ("26474",),
    "Sylt": ("25980", "25992", "25996", "25997", "25999"),
    "Wangerooge": ("26486",),
}
"""Postcodes that no road reaches."""

DAMS = (
    ("18311", "18347"),
    ("18356", "18374"),
    ("18551", "18556"),
    ("25813", "25845"),
)
"""Pairs of postcodes whose road runs along a dam or spit that the outline does not show."""

BARRIERS = MultiLineString(
    [
        # Elbe below the tunnel of Hamburg.
        [(9.86, 53.545), (9.70, 53.56), (9.53, 53.63), (9.37, 53.80), (9.15, 53.88), (8.5, 53.97)],
        # Weser below its tunnel at Dedesdorf.
        [(8.50, 53.43), (8.53, 53.50), (8.53, 53.56), (8.35, 53.65)],
        # Lake Constance with the arm of Überlingen.
        [
            (9.045, 47.81),
            (9.10, 47.785),
            (9.145, 47.758),
            (9.19, 47.72),
            (9.23, 47.685),
            (9.30, 47.655),
            (9.45, 47.60),
            (9.65, 47.53),
        ],
    ]
)
"""Waters too wide for a made-up road that the outline of the country counts as land."""

WATER_STEP_KM = 0.5
MAX_WATER_KM = 2.0
"""Coast lines are generalised and inlets are bridged; a longer stretch off the land is sea."""

MIN_ACCESS_KM, ACCESS_RATIO, ACCESS_CANDIDATES = 4.0, 1.8, 40
"""A postcode is joined to a highway within `ACCESS_RATIO` times the distance to the nearest one,
or within `MIN_ACCESS_KM` if that is more."""

MAX_GAP_KM, MIN_GAP_DETOUR_KM, GAP_DETOUR_RATIO = 2.5, 8.0, 15.0
"""Two ends of highways face each other across a hole of the source when they are this near and the
way around is this long."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Two-way made-up roads: (k,) int64 node indices, tail below head, and length in metres."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_m: NDArray[np.int64]


class LocalRoads:
    """
    Makes up local roads between highways and postcodes.

    Nodes are the highways' first and the postcodes' after them.

    Parameters
    ----------
    land
        The country and its neighbours, degrees.
    """

    def __init__(
        self, highways: Highways, postcodes: list[PostcodeRow], land: MultiPolygon
    ) -> None:
        self._highways = highways
        self._highway_count = len(highways.lon)
        self.lon = np.concatenate((highways.lon, [row.lon for row in postcodes]))
        self.lat = np.concatenate((highways.lat, [row.lat for row in postcodes]))
        self._xy = to_plane_km(self.lon, self.lat)
        self._land = land
        shapely.prepare(self._land)
        island = {code: i for i, codes in enumerate(ISLANDS.values(), 1) for code in codes}
        # 0 is the mainland and whatever a bridge or dam joins to it.
        on_island = [island.get(row.code, 0) for row in postcodes]
        self._island = np.array([0] * self._highway_count + on_island)
        self._node = {row.code: self._highway_count + i for i, row in enumerate(postcodes)}

    def between_postcodes(self) -> Links:
        """
        Gabriel graph of the postcodes: joined where no third one lies in the circle between two.

        Gabriel & Sokal (1969), A new statistical approach to geographic variation analysis.
        """
        xy = self._xy[self._highway_count :]
        triangles = Delaunay(xy).simplices
        pairs = np.concatenate((triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]))
        pairs = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
        a, b = xy[pairs[:, 0]], xy[pairs[:, 1]]
        half_km = np.hypot(*(a - b).T) / 2
        nearest_km = cKDTree(xy).query((a + b) / 2)[0]
        empty = nearest_km >= half_km - 1e-6
        pairs = pairs[empty & (2 * half_km < MAX_LINK_KM)] + self._highway_count
        return self._links(pairs[:, 0], pairs[:, 1])

    def to_highways(self) -> Links:
        """From each postcode the nearest highway node in each of four sectors."""
        tree = cKDTree(self._xy[: self._highway_count])
        postcode = np.arange(self._highway_count, len(self._xy))
        distance_km, node = tree.query(self._xy[postcode], k=ACCESS_CANDIDATES)
        limit_km = np.maximum(MIN_ACCESS_KM, ACCESS_RATIO * distance_km[:, 0])
        within = distance_km <= np.minimum(limit_km, MAX_LINK_KM)[:, None]
        east, north = np.moveaxis(self._xy[node] - self._xy[postcode][:, None], -1, 0)
        sector = np.floor((np.arctan2(north, east) + np.pi) / (np.pi / 2)).astype(int) % 4
        tails, heads = [], []
        for quarter in range(4):
            match = within & (sector == quarter)
            row = np.flatnonzero(match.any(axis=1))
            heads.append(postcode[row])
            tails.append(node[row, match[row].argmax(axis=1)])
        return self._links(np.concatenate(tails), np.concatenate(heads))

    def along_dams(self) -> Links:
        """The pairs of `DAMS`."""
        pairs = np.array([[self._node[code] for code in pair] for pair in DAMS])
        return self._links(pairs[:, 0], pairs[:, 1], check_land=False)

    def across_gaps(self) -> Links:
        """From dead ends of highways to the road that continues them behind a hole."""
        lengths = self._highways.matrix()
        dead = np.flatnonzero(np.diff(lengths.indptr) == 1)
        tree = cKDTree(self._xy[: self._highway_count])
        gap_km, node = tree.query(self._xy[dead], k=6, distance_upper_bound=MAX_GAP_KM)
        road_km = np.full(gap_km.shape, np.inf)
        found = np.isfinite(gap_km)
        limit_m = 1000 * max(MIN_GAP_DETOUR_KM, GAP_DETOUR_RATIO * MAX_GAP_KM)
        for k, start in enumerate(dead):
            around_m = dijkstra(lengths, indices=start, limit=limit_m)
            road_km[k, found[k]] = around_m[node[k, found[k]]] / 1000
        hole = found & (road_km > np.maximum(MIN_GAP_DETOUR_KM, GAP_DETOUR_RATIO * gap_km))
        row = np.flatnonzero(hole.any(axis=1))
        other = node[row, hole[row].argmax(axis=1)]
        pairs = np.unique(np.sort(np.stack((dead[row], other), axis=1), axis=1), axis=0)
        return self._links(pairs[:, 0], pairs[:, 1], check_land=False)

    def _links(
        self, tail: NDArray[np.int64], head: NDArray[np.int64], check_land: bool = True
    ) -> Links:
        keep = self._island[tail] == self._island[head]
        segments = shapely.linestrings(
            np.stack((self.lon[[tail, head]].T, self.lat[[tail, head]].T), axis=-1)
        )
        keep &= ~shapely.intersects(segments, BARRIERS)
        air_km = np.hypot(*(self._xy[tail] - self._xy[head]).T)
        if check_land:
            keep &= self._water_km(tail, head, air_km) <= MAX_WATER_KM
        order = np.lexsort((head[keep], tail[keep]))
        tail, head, air_km = tail[keep][order], head[keep][order], air_km[keep][order]
        return Links(tail, head, np.maximum(1, np.rint(air_km * DETOUR * 1000)).astype(np.int64))

    def _water_km(
        self, tail: NDArray[np.int64], head: NDArray[np.int64], air_km: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Length of each straight line that is not over land, to `WATER_STEP_KM`."""
        steps = int(np.ceil(MAX_LINK_KM / WATER_STEP_KM))
        share = (np.arange(steps) + 0.5) / steps
        lon = self.lon[tail, None] * (1 - share) + self.lon[head, None] * share
        lat = self.lat[tail, None] * (1 - share) + self.lat[head, None] * share
        wet = ~shapely.contains_xy(self._land, lon, lat)
        return np.asarray(wet.mean(axis=1) * air_km)
