"""
The light basemap of a map: what is drawn, generalised for five bands of zooms, ready for tiles.

One SQLite file per map, `basemap.sqlite`. Each band holds all it shows, simplified to less than
half a pixel of its closest zoom, so that a tile reads little. Far bands join the ways of a road
into long lines first, since a line of two points cannot be simplified.
"""

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from data.osm.basemap.layers import Look
from data.osm.basemap.world_grid import EXTENT, TOP_ZOOM, WORLD, box_keys, to_grid, to_lonlat
from data.osm.places.place_store import insert
from data.osm.way_lines import decode, to_bytes

FILE = "basemap.sqlite"

BANDS = (6, 8, 10, 12, TOP_ZOOM)
"""Closest zoom of each band."""

JOINED_BANDS = BANDS[:3]
"""Those whose lines are made of many ways. Only the closest band has names along lines."""

BUFFER_SHARE = 1 / 64
"""How far beyond its edge a tile is drawn, so that no edge is seen where lines are cut."""

TOLERANCE_PX = 0.4
UNITS_PER_PX = EXTENT / 512
"""A tile is 512 pixels wide on the screen."""

NEAR_TOLERANCE = 1.0
"""Units, for the closest band, which is enlarged on the screen."""

LEAST_SURFACE_PX2 = 20
"""A surface is shown once it is this large."""

LEAST_RING_DIGITS = 4 * 32
"""A ring of fewer points encloses nothing."""

TABLES = {
    "attribute": "id integer primary key, layer text not null, properties text not null",
    "feature": "id integer primary key, attribute integer not null, band integer not null, "
    "min_zoom integer not null, key integer not null, west integer not null, "
    "north integer not null, east integer not null, south integer not null, rings blob, "
    "points blob not null",
    "meta": "key text primary key, value text not null",
}
"""
`attribute`: what objects that look alike have in common; one of them makes one feature of a tile.
`feature`: `key` is that of the box and the buffer, see `world_grid`; `points` are int32 pairs in
units of the grid, `rings` the int32 numbers of points of each ring, null where there is one.
"""


@dataclass(slots=True)
class _Pending:
    """Lines of one batch that are drawn alike: as lines, or as what they enclose."""

    attribute: "array[int]" = field(default_factory=lambda: array("i"))
    far_attribute: "array[int]" = field(default_factory=lambda: array("i"))
    min_zoom: "array[int]" = field(default_factory=lambda: array("i"))
    lines: list[str] = field(default_factory=list)

    def add(self, attribute: int, far_attribute: int, min_zoom: int, line: str) -> None:
        self.attribute.append(attribute)
        self.far_attribute.append(far_attribute)
        self.min_zoom.append(min_zoom)
        self.lines.append(line)


class BasemapRows:
    """Collects what is drawn and writes it in batches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._attributes: dict[tuple[str, str], int] = {}
        self._by_look: dict[Look, int] = {}
        self._lines = _Pending()
        self._surfaces = _Pending()
        self._shapes: list[tuple[int, int, Any]] = []
        self._places: list[tuple[int, int, float, float]] = []
        self._joined: dict[Look, list[bytes]] = defaultdict(list)
        self._bounds = [WORLD, WORLD, 0, 0]

    def add_line(self, look: Look, line: str) -> None:
        far = look._replace(name=None, structure=None)
        self._lines.add(self._attribute(look), self._attribute(far), look.min_zoom, line)
        if look.min_zoom <= JOINED_BANDS[-1]:
            self._joined[far].append(to_bytes(line))

    def add_surface(self, look: Look, line: str) -> None:
        """What a closed line encloses."""
        if len(line) < LEAST_RING_DIGITS:
            return
        attribute = self._attribute(look)
        self._surfaces.add(attribute, attribute, look.min_zoom, line)

    def add_shape(self, look: Look, shape: Any) -> None:
        """A Polygon or MultiPolygon in lon and lat."""
        self._shapes.append((self._attribute(look), look.min_zoom, shape))

    def add_place(self, look: Look, population: int | None, lon: float, lat: float) -> None:
        attribute = self._attribute(look, population=population)
        self._places.append((attribute, look.min_zoom, lon, lat))

    def flush(self) -> None:
        """Write what was collected since the last call."""
        lines, self._lines = self._lines, _Pending()
        surfaces, self._surfaces = self._surfaces, _Pending()
        if lines.lines:
            points, first = decode(lines.lines)
            shapes = shapely.from_ragged_array(GeometryType.LINESTRING, to_grid(points), (first,))
            min_zoom = np.array(lines.min_zoom)
            for band in BANDS[len(JOINED_BANDS) :]:
                shown = min_zoom <= band
                attribute = lines.attribute if band == TOP_ZOOM else lines.far_attribute
                self._write(
                    shapely.simplify(shapes[shown], _tolerance(band), preserve_topology=False),
                    np.array(attribute)[shown],
                    min_zoom[shown],
                    band,
                )
        if surfaces.lines:
            points, first = decode(surfaces.lines)
            shapes = shapely.from_ragged_array(
                GeometryType.POLYGON, to_grid(points), (first, np.arange(len(first)))
            )
            self._write_surfaces(shapes, np.array(surfaces.attribute), np.array(surfaces.min_zoom))

        if self._shapes:
            attributes, zooms, areas = zip(*self._shapes, strict=True)
            self._shapes = []
            polygons, of = shapely.get_parts(areas, return_index=True)
            self._write_surfaces(
                shapely.transform(polygons, to_grid), np.array(attributes)[of], np.array(zooms)[of]
            )
        if self._places:
            attributes, zooms, lon, lat = zip(*self._places, strict=True)
            self._places = []
            marks = shapely.points(to_grid(np.column_stack((lon, lat))))
            min_zoom = np.array(zooms)
            for band in BANDS:
                shown = min_zoom <= band
                self._write(marks[shown], np.array(attributes)[shown], min_zoom[shown], band)

    def finish(self) -> dict[str, int]:
        """Write what needs the whole file, and the index. Rows by table."""
        self.flush()
        for look, lines in self._joined.items():
            points = np.frombuffer(b"".join(lines), dtype="<f8").reshape(-1, 2)
            index = np.repeat(np.arange(len(lines)), [len(line) // 16 for line in lines])
            joined = shapely.get_parts(
                shapely.line_merge(
                    shapely.multilinestrings(shapely.linestrings(to_grid(points), indices=index))
                )
            )
            attribute = np.full(len(joined), self._attribute(look))
            min_zoom = np.full(len(joined), look.min_zoom)
            for band in JOINED_BANDS:
                if look.min_zoom <= band:
                    simple = shapely.simplify(joined, _tolerance(band), preserve_topology=False)
                    self._write(simple, attribute, min_zoom, band)
        self._joined = {}
        insert(
            self._connection,
            "attribute",
            ((number, *facts) for facts, number in self._attributes.items()),
        )
        if self._bounds[0] <= self._bounds[2]:
            west, south = to_lonlat(self._bounds[0], self._bounds[3])
            east, north = to_lonlat(self._bounds[2], self._bounds[1])
            bounds = json.dumps([round(degrees, 5) for degrees in (west, south, east, north)])
            insert(self._connection, "meta", [("bounds", bounds)])
        self._connection.execute("create index feature_key on feature (band, key)")
        return {
            table: self._connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
            for table in ("attribute", "feature")
        }

    def _attribute(self, look: Look, **more: int | None) -> int:
        if not more and look in self._by_look:
            return self._by_look[look]
        said = {
            "class": look.kind,
            "name": look.name,
            "ref": look.ref,
            "structure": look.structure,
            **more,
        }
        properties = json.dumps(
            {key: value for key, value in said.items() if value is not None}, ensure_ascii=False
        )
        number = self._attributes.setdefault((look.layer, properties), len(self._attributes) + 1)
        if not more:
            self._by_look[look] = number
        return number

    def _write_surfaces(
        self, shapes: NDArray[Any], attribute: NDArray[Any], min_zoom: NDArray[Any]
    ) -> None:
        """Polygons by band, the small ones only where they can be seen."""
        size = np.sqrt(np.maximum(shapely.area(shapes), 1.0) / LEAST_SURFACE_PX2) / UNITS_PER_PX
        seen = np.ceil(TOP_ZOOM - np.log2(size)).astype(np.int64)
        min_zoom = np.minimum(np.maximum(min_zoom, seen), TOP_ZOOM)
        for band in BANDS:
            shown = np.flatnonzero(min_zoom <= band)
            simple = shapely.simplify(shapes[shown], _tolerance(band), preserve_topology=False)
            # What is simplified without regard to its topology may fall apart, or vanish.
            parts, of = shapely.get_parts(simple, return_index=True)
            whole = (shapely.get_type_id(parts) == GeometryType.POLYGON) & ~shapely.is_empty(parts)
            parts, of = parts[whole], shown[of[whole]]
            self._write(parts, attribute[of], min_zoom[of], band)

    def _write(
        self, shapes: NDArray[Any], attribute: NDArray[Any], min_zoom: NDArray[Any], band: int
    ) -> None:
        if not len(shapes):
            return
        kind, points, offsets = shapely.to_ragged_array(shapes)
        units = np.rint(points).astype(np.int32)
        rings: Sequence[bytes | None] = [None] * len(shapes)
        if kind == GeometryType.POINT:
            first = np.arange(len(shapes) + 1)
        elif kind == GeometryType.LINESTRING:
            (first,) = offsets
        else:
            ring_first, polygon_first = offsets
            first = ring_first[polygon_first]
            rings = _ring_counts(ring_first, polygon_first)
        starts = first[:-1]
        boxes = np.hstack((np.minimum.reduceat(units, starts), np.maximum.reduceat(units, starts)))
        self._bounds[:2] = np.minimum(self._bounds[:2], boxes[:, :2].min(axis=0)).tolist()
        self._bounds[2:] = np.maximum(self._bounds[2:], boxes[:, 2:].max(axis=0)).tolist()
        keys = box_keys(_with_buffer(boxes.astype(np.int64), band))
        packed = units.astype("<i4").tobytes()
        insert(
            self._connection,
            "feature",
            (
                (None, a, band, zoom, key, *box, ring, packed[8 * begin : 8 * end])
                for a, zoom, key, box, ring, (begin, end) in zip(
                    attribute.tolist(),
                    min_zoom.tolist(),
                    keys.tolist(),
                    boxes.tolist(),
                    rings,
                    pairwise(first.tolist()),
                    strict=True,
                )
            ),
        )


def band_of(zoom: int) -> int:
    """The band that tiles of a zoom are made of."""
    return next(band for band in BANDS if zoom <= band)


def _tolerance(band: int) -> float:
    if band == TOP_ZOOM:
        return NEAR_TOLERANCE
    return TOLERANCE_PX * UNITS_PER_PX * 2.0 ** (TOP_ZOOM - band)


def _with_buffer(boxes: NDArray[np.int64], band: int) -> NDArray[np.int64]:
    """Boxes made so much larger that their tile also draws what lies in its buffer."""
    farthest = (0, *(closest + 1 for closest in BANDS))[BANDS.index(band)]
    buffer = int(BUFFER_SHARE * (EXTENT << (TOP_ZOOM - farthest)))
    return boxes + np.array([-buffer, -buffer, buffer, buffer])


def _ring_counts(
    ring_first: NDArray[np.int64], polygon_first: NDArray[np.int64]
) -> list[bytes | None]:
    counts = np.diff(ring_first).astype("<i4").tobytes()
    return [
        counts[4 * begin : 4 * end] if end - begin > 1 else None
        for begin, end in pairwise(polygon_first.tolist())
    ]
