"""
The nearest road to a place: a tree of boxes over pieces of segments.

The boxes hold points of the unit sphere in three dimensions, so that neither the 180th meridian nor
the poles need attention. They are sorted along a Hilbert curve and packed without gaps (Kamel and
Faloutsos 1993, "On Packing R-trees"), which makes the tree a few plain arrays.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError
from routing.roads.frozen_arrays import freeze_arrays
from routing.roads.road_segments import DEGREES_PER_UNIT, RoadSegments

FANOUT = 8
"""Boxes in a box, and items in one of the lowest boxes."""

PIECES = 8
"""Straight pieces of a segment in an item; longer segments have several, so that no box gets wide
because of a single winding road."""

_KEY_BITS = 24
"""Of either coordinate, 2.4 m at the equator."""

RADIANS_PER_UNIT = float(np.radians(DEGREES_PER_UNIT))


@dataclass(frozen=True, slots=True, eq=False)
class SegmentIndex:
    """
    A tree over the segments where one may stop.

    About 17 bytes per segment of a city, 170 MB for ten million. All arrays are made read-only;
    they may lie in files mapped into memory.

    Parameters
    ----------
    item_segment
        (i,) int32, the segment that an item is part of.
    item_point
        (i,) int64, its first point; it ends `PIECES` points later or with the segment.
    box
        (b, 6) float32, least and greatest x, y and z of the points: first the boxes of `FANOUT`
        consecutive items each, then those of `FANOUT` consecutive boxes, up to a single one.

    Raises
    ------
    InvalidRoadGraphError
        When the arrays do not fit together.
    """

    item_segment: NDArray[np.int32]
    item_point: NDArray[np.int64]
    box: NDArray[np.float32]

    def __post_init__(self) -> None:
        dtypes = (np.int32, np.int64, np.float32)
        freeze_arrays(self, dict(zip(self.__slots__, dtypes, strict=True)))
        items = len(self.item_segment)
        if not items or not (
            len(self.item_point) == items and self.box.shape == (level_ends(items)[-1], 6)
        ):
            raise InvalidRoadGraphError(
                f"The arrays of an index of {items} parts of segments contradict each other. "
                "Build it anew."
            )

    def check_belongs_to(self, segments: RoadSegments) -> None:
        """
        Raises
        ------
        InvalidRoadGraphError
            When the index was built for other segments.
        """
        # Compiled code does not check its indices: a damaged file must not get past this point.
        if not _fits(self.item_segment, self.item_point, segments.first_point):
            raise InvalidRoadGraphError(
                f"The index of nearest roads was built for other segments than these "
                f"{len(segments)}. Build it anew."
            )


def build_segment_index(segments: RoadSegments) -> SegmentIndex:
    """
    Index the segments where one may stop; takes 0.3 s per million.

    Raises
    ------
    InvalidRoadGraphError
        When there is no such segment.
    """
    is_usable = segments.is_stop_allowed & (segments.arc >= 0).any(axis=1)
    usable = np.flatnonzero(is_usable).astype(np.int32)
    if not len(usable):
        raise InvalidRoadGraphError("There is no road where one may stop, so no place has one.")
    first, last = segments.first_point[usable], segments.first_point[usable + 1] - 1
    count = -(-(last - first) // PIECES)
    item_segment = np.repeat(usable, count)
    within = np.arange(len(item_segment)) - np.repeat(np.cumsum(count) - count, count)
    item_point = np.repeat(first, count) + PIECES * within
    middle = np.minimum(item_point + PIECES // 2, np.repeat(last, count))
    key = _hilbert_keys(segments.point_lon[middle], segments.point_lat[middle])
    order = np.argsort(key, kind="stable")
    item_segment, item_point = item_segment[order], item_point[order]
    ends = level_ends(len(item_segment))
    box = np.empty((ends[-1], 6), np.float32)
    _bound_items(
        item_segment,
        item_point,
        segments.first_point,
        segments.point_lon,
        segments.point_lat,
        box[: ends[0]],
    )
    for begin, end, top in zip([0, *ends], ends, ends[1:], strict=False):
        lower = box[begin:end]
        groups = np.arange(0, len(lower), FANOUT)
        box[end:top, :3] = np.minimum.reduceat(lower[:, :3], groups)
        box[end:top, 3:] = np.maximum.reduceat(lower[:, 3:], groups)
    return SegmentIndex(item_segment, item_point, box)


def level_ends(items: int) -> list[int]:
    """For each level of boxes from the lowest: how many boxes there are up to its end."""
    size = -(-items // FANOUT)
    ends = [size]
    while size > 1:
        size = -(-size // FANOUT)
        ends.append(ends[-1] + size)
    return ends


@njit(cache=True, nogil=True)
def _fits(
    item_segment: NDArray[np.int32], item_point: NDArray[np.int64], first_point: NDArray[np.int64]
) -> bool:
    for item in range(len(item_segment)):
        segment = item_segment[item]
        if segment < 0 or segment >= len(first_point) - 1:
            return False
        if not first_point[segment] <= item_point[item] < first_point[segment + 1] - 1:
            return False
    return True


@njit(cache=True, nogil=True)
def _hilbert_keys(lon: NDArray[np.int32], lat: NDArray[np.int32]) -> NDArray[np.int64]:
    keys = np.empty(len(lon), np.int64)
    for k in range(len(lon)):
        x = (np.int64(lon[k]) + 1_800_000_000) >> 8
        y = (np.int64(lat[k]) + 1_800_000_000) >> 8
        key = np.int64(0)
        bit = np.int64(1) << (_KEY_BITS - 1)
        while bit > 0:
            is_east, is_north = (x & bit) != 0, (y & bit) != 0
            quarter = (3 if is_east else 0) ^ (1 if is_north else 0)
            key = (key << 2) | quarter
            if not is_north:
                if is_east:
                    x, y = bit - 1 - (x & (bit - 1)), bit - 1 - (y & (bit - 1))
                x, y = y, x
            bit >>= 1
        keys[k] = key
    return keys


@njit(cache=True, nogil=True)
def _bound_items(
    item_segment: NDArray[np.int32],
    item_point: NDArray[np.int64],
    first_point: NDArray[np.int64],
    point_lon: NDArray[np.int32],
    point_lat: NDArray[np.int32],
    box: NDArray[np.float32],
) -> None:
    low, high = np.empty(3), np.empty(3)
    for here in range(len(box)):
        low[:] = np.inf
        high[:] = -np.inf
        for item in range(here * FANOUT, min((here + 1) * FANOUT, len(item_segment))):
            last = min(item_point[item] + PIECES, first_point[item_segment[item] + 1] - 1)
            for point in range(item_point[item], last + 1):
                lon = point_lon[point] * RADIANS_PER_UNIT
                lat = point_lat[point] * RADIANS_PER_UNIT
                vector = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
                for axis in range(3):
                    low[axis] = min(low[axis], vector[axis])
                    high[axis] = max(high[axis], vector[axis])
        # Half a metre wider, since a float32 near 1 is only good to a third of one.
        for axis in range(3):
            box[here, axis] = low[axis] - 8e-8
            box[here, 3 + axis] = high[axis] + 8e-8
