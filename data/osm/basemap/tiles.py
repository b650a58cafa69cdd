"""Vector tiles of a map, made when they are asked for and kept for a while."""

import json
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidRoadMapError
from data.osm.basemap.clipping import Box, clip_lines, clip_surfaces, join_lines
from data.osm.basemap.features import BUFFER_SHARE, FILE, band_of
from data.osm.basemap.layers import SURFACES
from data.osm.basemap.rings import Rings, offsets
from data.osm.basemap.tile_encoding import Shape, add_layer, commands, new_tile
from data.osm.basemap.world_grid import EXTENT, TOP_ZOOM, keys_around, keys_within

LAYERS = ("landuse", "water", "waterway", "building", "boundary", "rail", "road", "place")
"""In the order in which they are in a tile."""

KEPT_TILES = 512
"""Some 20 MB."""

KEPT_ATTRIBUTES = 100_000
"""Some 50 MB; a country has names of streets by the million."""

FORMAT = 1
"""Raised when the same map gets other tiles, so that those kept by browsers are not used."""

_COLUMNS = "attribute, west, north, east, south, rings, points"
_BOX = (
    "min_zoom <= :zoom and west <= :east and east >= :west and north <= :south and south >= :north"
)


class TileSource:
    """
    Tiles of one map. The same map gives the same bytes. Safe to share between threads.

    Parameters
    ----------
    folder
        Of the map.

    Attributes
    ----------
    bounds
        West, south, east and north of what is drawn, None where nothing is.

    Raises
    ------
    InvalidRoadMapError
        When the folder has no basemap, or a damaged one.
    """

    def __init__(self, folder: Path, kept_tiles: int = KEPT_TILES) -> None:
        path = folder / FILE
        if not path.is_file():
            raise InvalidRoadMapError(
                f"The map {folder.name!r} in {folder.parent} holds no {FILE}, perhaps because it "
                "was built with --roads-only. Build the map again."
            )
        self._path, self._identity = path.resolve(), _identity(path)
        self._kept: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._kept_tiles = kept_tiles
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        # Opened now and kept, so that a map built anew under this name does not mix with it.
        self._connection, self._process = self._open(), os.getpid()
        try:
            bounds = self._read("select value from meta where key = 'bounds'", {})
        except sqlite3.DatabaseError as error:
            raise InvalidRoadMapError(
                f"The basemap in {path} is damaged: {error}. Build the map again."
            ) from error
        self.bounds: tuple[float, float, float, float] | None = (
            tuple(json.loads(bounds[0][0])) if bounds else None
        )
        self._attributes: dict[int, tuple[str, dict[str, Any]]] = {}

    def tile(self, z: int, x: int, y: int) -> bytes:
        """
        A tile in the Mapbox format, not compressed; empty where nothing is drawn.

        Raises
        ------
        ValueError
            When there is no such tile: zooms are 0 to 14, columns and rows 0 to 2**z - 1.
        InvalidRoadMapError
            When this process was forked, and the map was built anew since.
        """
        if not 0 <= z <= TOP_ZOOM:
            raise ValueError(f"There are tiles of zoom 0 to {TOP_ZOOM}, not {z}.")
        last = (1 << z) - 1
        if not (0 <= x <= last and 0 <= y <= last):
            raise ValueError(f"At zoom {z} columns and rows go from 0 to {last}, not {x}, {y}.")
        key = (z, x, y)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = self._make(z, x, y)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._kept_tiles:
                self._kept.popitem(last=False)
        return made

    def _make(self, z: int, x: int, y: int) -> bytes:
        width = EXTENT << (TOP_ZOOM - z)
        buffer = int(BUFFER_SHARE * width)
        west, north = x * width, y * width
        box = (west - buffer, north - buffer, west + width + buffer, north + width + buffer)
        by_layer: dict[str, list[tuple[Any, ...]]] = {}
        for row in self._rows(z, x, y, box):
            by_layer.setdefault(self._attribute(row[0])[0], []).append(row)
        tile = new_tile()
        for name in LAYERS:
            if name in by_layer:
                # In the order of attributes, so that what looks alike becomes one feature.
                rows = sorted(by_layer[name], key=lambda row: row[0])
                shape = _shape_of(name)
                numbers = {n: k for k, n in enumerate(dict.fromkeys(row[0] for row in rows))}
                feature = np.array([numbers[row[0]] for row in rows], dtype=np.int64)
                rings = _clipped(rows, feature, shape, box)
                if shape is Shape.LINE and band_of(z) == TOP_ZOOM:
                    rings = join_lines(rings)
                # Units of the tile; what is exactly between two goes to the even one, always.
                scaled = np.rint((rings.points - (west, north)) * (EXTENT / width))
                placed = Rings(scaled.astype(np.int64), rings.first, rings.feature, rings.polygon)
                properties = [self._attribute(n)[1] for n in numbers]
                add_layer(tile, name, shape, commands(placed, shape), properties)
        return bytes(tile.SerializeToString(deterministic=True))

    def _rows(self, z: int, x: int, y: int, box: tuple[int, ...]) -> list[tuple[Any, ...]]:
        """What reaches into the box: all of the tile's own keys, and what lies across its edges."""
        first, last = keys_within(z, x, y)
        names = dict(zip(("west", "north", "east", "south"), box, strict=True))
        asked = {"band": band_of(z), "zoom": z, "first": first, "last": last} | names
        around = ", ".join(map(str, keys_around(z, x, y)))
        found = self._read(
            f"select {_COLUMNS} from feature where band = :band "  # noqa: S608
            f"and key between :first and :last and {_BOX}",
            asked,
        )
        if around:
            found += self._read(
                f"select {_COLUMNS} from feature where band = :band "  # noqa: S608
                f"and key in ({around}) and {_BOX}",
                asked,
            )
        return found

    def _open(self) -> sqlite3.Connection:
        address = f"{self._path.as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def _read(self, query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self._reading:
            if self._process != os.getpid():
                # SQLite forbids to use a connection that came through a fork.
                if _identity(self._path) != self._identity:
                    raise InvalidRoadMapError(
                        f"The map {self._path.parent.name!r} was built anew while it was in use. "
                        "Start the service again."
                    )
                self._connection, self._process = self._open(), os.getpid()
            return self._connection.execute(query, values).fetchall()

    def _attribute(self, number: int) -> tuple[str, dict[str, Any]]:
        """Layer and properties."""
        known = self._attributes.get(number)
        if known is None:
            ((layer, text),) = self._read(
                "select layer, properties from attribute where id = :id", {"id": number}
            )
            if len(self._attributes) >= KEPT_ATTRIBUTES:
                self._attributes = {}
            known = self._attributes[number] = (layer, json.loads(text))
        return known


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _shape_of(layer: str) -> Shape:
    if layer == "place":
        return Shape.POINT
    return Shape.SURFACE if layer in SURFACES else Shape.LINE


def _clipped(
    rows: Sequence[tuple[Any, ...]], feature: NDArray[np.int64], shape: Shape, box: Box
) -> Rings:
    """The rows' geometry as far as it lies in the box."""
    points = np.frombuffer(b"".join(row[6] for row in rows), dtype="<i4").reshape(-1, 2)
    counts = [len(row[6]) // 8 for row in rows]
    if shape is Shape.SURFACE:
        ring_counts = [
            np.frombuffer(row[5], dtype="<i4") if row[5] else [count]
            for row, count in zip(rows, counts, strict=True)
        ]
        row_of_ring = np.repeat(np.arange(len(rows)), [len(some) for some in ring_counts])
        first = offsets(np.concatenate(ring_counts))
    else:
        row_of_ring, first = np.arange(len(rows)), offsets(np.array(counts))
    whole = Rings(points, first, feature[row_of_ring], row_of_ring)
    edges = np.array([row[1:5] for row in rows])
    is_inside = np.all((edges[:, :2] >= box[:2]) & (edges[:, 2:] <= box[2:]), axis=1)
    if shape is Shape.POINT or is_inside.all():
        return whole
    # Most rows lie within the box and need no cutting.
    cut = clip_surfaces if shape is Shape.SURFACE else clip_lines
    within = is_inside[row_of_ring]
    return whole.pick(within).joined(cut(whole.pick(~within), box))
