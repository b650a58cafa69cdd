"""
Geometry of vector tiles: lines and surfaces of a whole layer as commands, all at once in numpy.

Format: https://github.com/mapbox/vector-tile-spec/tree/master/2.1. The messages are those of
mapbox-vector-tile; its own encoder walks through every point in Python.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from data.osm.basemap.rings import Rings
from data.osm.basemap.world_grid import EXTENT

MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
ONE_MOVE = 1 << 3 | MOVE_TO
ONE_CLOSE = 1 << 3 | CLOSE_PATH


class Shape(IntEnum):
    """Types of geometry, with their numbers in the format."""

    POINT = 1
    LINE = 2
    SURFACE = 3


def commands(rings: Rings, shape: Shape) -> list[tuple[int, list[int]]]:
    """The geometry of each feature that has something to be seen, in the order of features."""
    rings = _without_repeats(rings)
    if shape is Shape.SURFACE:
        rings = _oriented(rings)
    elif shape is Shape.LINE:
        rings = rings.pick(np.diff(rings.first) > 1)
    if not len(rings.feature):
        return []
    count = np.diff(rings.first)
    starts = rings.first[:-1]
    is_first_ring = np.ones(len(count), dtype=bool)
    is_first_ring[1:] = rings.feature[1:] != rings.feature[:-1]

    step = np.zeros_like(rings.points)
    step[1:] = rings.points[1:] - rings.points[:-1]
    begin = starts[is_first_ring]
    step[begin] = rings.points[begin]
    zigzag = (step << 1) ^ (step >> 63)

    # Of each run: a move, its first point, a number of lines, the other points, and a close.
    has_lines = count > 1
    before = 1 + has_lines.astype(np.int64)
    after = np.full(len(count), int(shape is Shape.SURFACE))
    size = before + 2 * count + after
    at = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(size, out=at[1:])
    out = np.zeros(int(at[-1]), dtype=np.int64)
    position = np.arange(len(step)) - np.repeat(starts, count)
    slot = np.repeat(at[:-1] + 1, count) + 2 * position + (position > 0)
    out[slot], out[slot + 1] = zigzag[:, 0], zigzag[:, 1]
    out[at[:-1]] = ONE_MOVE
    out[at[:-1][has_lines] + 3] = (count[has_lines] - 1) << 3 | LINE_TO
    if shape is Shape.SURFACE:
        out[at[1:] - 1] = ONE_CLOSE
    bounds = [*at[:-1][is_first_ring].tolist(), len(out)]
    values = out.tolist()
    numbers = rings.feature[is_first_ring].tolist()
    return [(number, values[a:b]) for number, (a, b) in zip(numbers, pairwise(bounds), strict=True)]


def add_layer(
    tile: Any,
    name: str,
    shape: Shape,
    features: Iterable[tuple[int, Sequence[int]]],
    properties: Sequence[Mapping[str, Any]],
) -> None:
    """
    Add a layer to a tile, unless it is empty.

    Parameters
    ----------
    features
        Number and geometry of each.
    properties
        By the number of the feature; strings and whole numbers.
    """
    layer = None
    keys: dict[str, int] = {}
    values: dict[Any, int] = {}
    for number, geometry in features:
        if layer is None:
            layer = tile.layers.add(name=name, version=2, extent=EXTENT)
        feature = layer.features.add(type=int(shape))
        tags: list[int] = []
        for key, value in properties[number].items():
            tags += (keys.setdefault(key, len(keys)), values.setdefault(value, len(values)))
        feature.tags.extend(tags)
        feature.geometry.extend(geometry)
    if layer is not None:
        layer.keys.extend(keys)
        for value in values:
            if isinstance(value, str):
                layer.values.add(string_value=value)
            else:
                layer.values.add(int_value=value)


def new_tile() -> Any:
    return vector_tile_pb2.tile()


def _without_repeats(rings: Rings) -> Rings:
    """Runs without points that fell together when they were rounded."""
    is_kept = np.ones(len(rings.points), dtype=bool)
    is_kept[1:] = (rings.points[1:] != rings.points[:-1]).any(axis=1)
    is_kept[rings.first[:-1]] = True
    first = np.zeros(len(rings.first), dtype=np.int64)
    np.cumsum(np.add.reduceat(is_kept.astype(np.int64), rings.first[:-1]), out=first[1:])
    return Rings(rings.points[is_kept], first, rings.feature, rings.polygon)


def _oriented(rings: Rings) -> Rings:
    """
    Rings without the closing point: the outer clockwise on the screen, holes the other way.

    A ring without an area is dropped, with its holes if it is an outer one.
    """
    following = np.roll(rings.points, -1, axis=0)
    cross = rings.points[:, 0] * following[:, 1] - following[:, 0] * rings.points[:, 1]
    cross[rings.first[1:] - 1] = 0
    area = np.add.reduceat(cross, rings.first[:-1])
    is_outer = np.ones(len(area), dtype=bool)
    is_outer[1:] = rings.polygon[1:] != rings.polygon[:-1]
    has_area = area != 0
    outer_has_area = has_area[is_outer][np.cumsum(is_outer) - 1]
    kept = has_area & outer_has_area
    rings, is_turned = rings.pick(kept), ((area > 0) != is_outer)[kept]

    count = np.diff(rings.first)
    if not len(count):
        return rings
    index = np.arange(len(rings.points))
    ends = np.repeat(rings.first[:-1] + rings.first[1:] - 1, count)
    index = np.where(np.repeat(is_turned, count), ends - index, index)
    is_closing = np.zeros(len(index), dtype=bool)
    is_closing[rings.first[1:] - 1] = True
    first = rings.first - np.arange(len(rings.first))
    return Rings(rings.points[index][~is_closing], first, rings.feature, rings.polygon)
