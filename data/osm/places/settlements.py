"""Settlements and streets, and which lies in which."""

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data.osm.places.addresses import Get
from data.osm.places.areas import AreaIndex, population_of
from data.osm.places.place_store import insert
from geo import chord_to_m, great_circle_m, unit_vectors

KINDS = (
    "city",
    "town",
    "village",
    "hamlet",
    "suburb",
    "quarter",
    "neighbourhood",
    "borough",
    "isolated_dwelling",
    "farm",
    "island",
    "locality",
)
"""https://wiki.openstreetmap.org/wiki/Key:place, from the settlements down."""

TOWN_KINDS = ("city", "town", "village")
"""A street that no municipality encloses belongs to the nearest of these."""

TOWN_REACH_M = 10_000

CELL_DEG = 0.01
"""About a kilometre of latitude."""

MUNICIPALITY_LEVELS = (7, 8)
COUNTY_LEVELS = (6,)
REGION_LEVELS = (4,)

LANGUAGES = ("de", "en", "fr", "it", "es", "pt", "nl", "pl", "cs", "rm", "cy", "ca", "eu", "da")

OTHER_NAMES = (
    "alt_name",
    "old_name",
    "official_name",
    "short_name",
    "loc_name",
    "int_name",
    *(f"name:{language}" for language in LANGUAGES),
)

NOT_STREETS = frozenset(
    ("proposed", "construction", "platform", "elevator", "rest_area", "services", "corridor")
)


def other_names(get: Get, name: str) -> str:
    """Further names, each once, separated by semicolons."""
    names: dict[str, None] = {}
    for key in OTHER_NAMES:
        for other in (get(key) or "").split(";"):
            if other.strip() and other.strip() != name:
                names[other.strip()] = None
    return ";".join(names)


@dataclass(slots=True)
class PlaceRows:
    """Collects settlements. There are few enough to keep them all until the areas are known."""

    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, osm_type: str, osm_id: int, get: Get, lon: float, lat: float) -> None:
        kind, name = get("place"), get("name")
        if kind in KINDS and name:
            population = population_of(get("population"))
            code = get("postal_code") or get("addr:postcode")
            facts = (kind, name, other_names(get, name), population, code)
            self._rows.append((osm_type, osm_id, *facts, lon, lat))

    def __len__(self) -> int:
        return len(self._rows)

    def finish(self, connection: sqlite3.Connection, index: AreaIndex) -> None:
        """Write all, with what encloses them; a node and an area of one name are one place."""
        nodes = {
            (row[3], round(row[7], 1), round(row[8], 1)) for row in self._rows if row[0] == "n"
        }
        rows = [row for row in self._rows if row[0] == "n" or not _has_node(row, nodes)]
        lon = np.array([row[7] for row in rows])
        lat = np.array([row[8] for row in rows])
        names = dict(connection.execute("select id, name from area"))
        around = [
            index.innermost(lon, lat, levels).tolist()
            for levels in (MUNICIPALITY_LEVELS, COUNTY_LEVELS, REGION_LEVELS, index.admin_levels)
        ]
        insert(
            connection,
            "place",
            (
                (
                    None,
                    *row[:7],
                    *(names.get(area) for area in areas[:3]),
                    areas[3] or None,
                    *row[7:],
                )
                for row, *areas in zip(rows, *around, strict=True)
            ),
        )


def _has_node(row: tuple[Any, ...], nodes: set[tuple[str, float, float]]) -> bool:
    """Whether a node of the same name lies within about ten kilometres."""
    lon, lat = round(row[7], 1), round(row[8], 1)
    return any(
        (row[3], round(lon + dx, 1), round(lat + dy, 1)) in nodes
        for dx in (-0.1, 0.0, 0.1)
        for dy in (-0.1, 0.0, 0.1)
    )


@dataclass(slots=True)
class StreetRows:
    """
    Collects named ways as numbers, and makes one street of those that lie together in one place.

    A country has millions of such ways, so each costs some 100 bytes and no object.
    """

    _number_of: dict[tuple[str, str, str | None], int] = field(default_factory=dict)
    _name: "array[int]" = field(default_factory=lambda: array("i"))
    _lines: list[str] = field(default_factory=list)
    _parts: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, get: Get, name: str, line: str) -> None:
        alternates = ";".join(
            other
            for key in ("alt_name", "old_name", "name:de", "name:fr", "name:it", "name:en")
            if (other := get(key)) is not None and other != name
        )
        key = (name, alternates, get("ref"))
        self._name.append(self._number_of.setdefault(key, len(self._number_of)))
        self._lines.append(line)

    def flush(self, points: NDArray[np.float64], first: NDArray[np.int64]) -> None:
        """Measure the lines collected since the last call; `points` and `first` are decoded."""
        starts, count = first[:-1], np.diff(first)
        length = np.zeros(len(points))
        length[:-1] = great_circle_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
        length[first[1:] - 1] = 0.0
        self._parts.append(
            np.column_stack(
                (
                    points[starts + count // 2],
                    np.minimum.reduceat(points, starts),
                    np.maximum.reduceat(points, starts),
                    np.add.reduceat(length, starts),
                    points[starts],
                    points[first[1:] - 1],
                )
            )
        )
        self._lines = []

    @property
    def lines(self) -> list[str]:
        """Lines collected since the last flush."""
        return self._lines

    def finish(self, connection: sqlite3.Connection, index: AreaIndex) -> None:
        """Write one row per name and place."""
        if not self._parts:
            return
        part = np.concatenate(self._parts)
        keys = list(self._number_of)
        names = {name: k for k, name in enumerate(dict.fromkeys(key[0] for key in keys))}
        name_of_key = np.array([names[key[0]] for key in keys])
        key = np.frombuffer(self._name, dtype=np.int32)
        name = name_of_key[key]
        area, town, towns = _localities(connection, index, part[:, 0], part[:, 1])

        cluster = _clusters(part, name)
        order = np.lexsort((town, area, cluster, name))
        identity = np.column_stack((name, cluster, area, town))[order]
        is_new = np.ones(len(order), dtype=bool)
        is_new[1:] = (identity[1:] != identity[:-1]).any(axis=1)
        starts = np.flatnonzero(is_new)
        group = np.cumsum(is_new) - 1
        part, key, area, town = part[order], key[order], area[order], town[order]
        box = np.column_stack(
            (
                np.minimum.reduceat(part[:, 2:4], starts),
                np.maximum.reduceat(part[:, 4:6], starts),
            )
        )
        length = np.add.reduceat(part[:, 6], starts)
        middle = _middle_parts(part, starts, group)
        area_names = dict(connection.execute("select id, name from area"))
        rows = []
        ends = np.append(starts[1:], len(order)).tolist()
        for k, (first, last) in enumerate(zip(starts.tolist(), ends, strict=True)):
            used = [keys[n] for n in dict.fromkeys(key[first:last].tolist())]
            refs = dict.fromkeys(ref for _, _, ref in used if ref)
            others = dict.fromkeys(o for _, some, _ in used for o in some.split(";") if o)
            place = towns[town[first]] if town[first] >= 0 else area_names.get(int(area[first]))
            rows.append(
                (
                    None,
                    used[0][0],
                    ";".join(others),
                    ";".join(refs) or None,
                    place,
                    int(area[first]) or None,
                    round(float(length[k])),
                    *part[middle[k], :2].tolist(),
                    *box[k].tolist(),
                )
            )
        insert(connection, "street", rows)


def _clusters(part: NDArray[np.float64], name: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    (k,) int64, the same for parts of one name with no gap of more than two kilometres.

    Both ends and the middle of a part lie in cells of about a kilometre; parts that share a cell,
    or have cells side by side, belong together.
    """
    count = len(part)
    lon, lat = part[:, [0, 7, 9]].ravel(), part[:, [1, 8, 10]].ravel()
    y = np.floor(lat / CELL_DEG).astype(np.int64)
    # Columns must be the same for neighbours, so they go by a latitude for several rows.
    x = np.floor(lon * np.cos(np.radians(np.round(lat))) / CELL_DEG).astype(np.int64)
    owner = np.repeat(np.arange(count), 3)
    code = (name[owner] << 32) + ((x + (1 << 15)) << 16) + (y + (1 << 15))
    cells, cell = np.unique(code, return_inverse=True)
    links = [np.column_stack((owner, count + cell))]
    for dx, dy in ((1, 0), (0, 1), (1, 1), (1, -1)):
        beside = cells + (dx << 16) + dy
        found = np.minimum(np.searchsorted(cells, beside), len(cells) - 1)
        here = np.flatnonzero(cells[found] == beside)
        links.append(count + np.column_stack((here, found[here])))
    a, b = np.concatenate(links).T
    size = count + len(cells)
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    return component[:count].astype(np.int64)


def _localities(
    connection: sqlite3.Connection,
    index: AreaIndex,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """
    The municipality around each point, or where there is none, the nearest town.

    Of towns only those count that lie in the same area, as far as areas are known, so that a
    street at the edge of a city is not given to the village beyond.
    """
    marks = ", ".join("?" * len(TOWN_KINDS))
    towns = connection.execute(
        f"select name, lon, lat from place where kind in ({marks}) order by id",  # noqa: S608
        TOWN_KINDS,
    ).fetchall()
    area = index.innermost(lon, lat, index.admin_levels)
    is_municipal = index.innermost(lon, lat, (8,)) > 0
    area[is_municipal] = index.innermost(lon[is_municipal], lat[is_municipal], (8,))
    town = np.full(len(lon), -1, dtype=np.int64)
    if towns:
        town_lon = np.array([t[1] for t in towns])
        town_lat = np.array([t[2] for t in towns])
        town_area = index.innermost(town_lon, town_lat, index.admin_levels)
        for around in np.unique(area[~is_municipal]).tolist():
            here = np.flatnonzero(~is_municipal & (area == around))
            within = np.flatnonzero(town_area == around)
            if len(within):
                tree = cKDTree(unit_vectors(town_lon[within], town_lat[within]))
                distance, nearest = tree.query(unit_vectors(lon[here], lat[here]))
                is_near = chord_to_m(distance) <= TOWN_REACH_M
                town[here[is_near]] = within[nearest[is_near]]
    return area, town, [t[0] for t in towns]


def _middle_parts(
    part: NDArray[np.float64], starts: NDArray[np.int64], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Of each street the part nearest to its centre, which is a point on the street itself."""
    weight = np.maximum(part[:, 6], 1.0)[:, None]
    centre = np.add.reduceat(part[:, :2] * weight, starts) / np.add.reduceat(weight, starts)
    offset = part[:, :2] - centre[group]
    far = (offset[:, 0] * np.cos(np.radians(part[:, 1]))) ** 2 + offset[:, 1] ** 2
    order = np.lexsort((far, group))
    return order[starts]


def write_postcodes(connection: sqlite3.Connection, areas: Sequence[tuple[Any, ...]]) -> None:
    """
    One row per postcode: in the middle of its addresses, or of its area where it has none.

    Parameters
    ----------
    areas
        (id, code, name of the enclosing municipality, lon, lat) of each postcode area.
    """
    counted = connection.execute(
        "select postcode, city, count(*), avg(lon), avg(lat) from address "
        "where postcode is not null group by postcode, city order by postcode, count(*) desc, city"
    ).fetchall()
    area_of = {code: (area_id, place) for area_id, code, place, _, _ in areas}
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for code, *facts in counted:
        groups.setdefault(code, []).append(tuple(facts))
    rows = []
    for code, groups_of_code in groups.items():
        total = sum(n for _, n, _, _ in groups_of_code)
        named = next((city for city, _, _, _ in groups_of_code if city), None)
        area_id, place = area_of.pop(code, (None, None))
        lon = sum(n * x for _, n, x, _ in groups_of_code) / total
        lat = sum(n * y for _, n, _, y in groups_of_code) / total
        rows.append((None, code, named or place, total, area_id, round(lon, 7), round(lat, 7)))
    rows += [
        (None, code, place, 0, area_id, lon, lat)
        for area_id, code, place, lon, lat in areas
        if code in area_of
    ]
    insert(connection, "postcode", sorted(rows, key=lambda row: (row[1], -row[3])))
