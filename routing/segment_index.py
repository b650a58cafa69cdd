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
from routing.road_segments import DEGREES_PER_UNIT, RoadSegments

FANOUT = 8
"""Boxes in a box, and items in one of the lowest boxes."""

PIECES = 8
"""Straight pieces of a segment in an item; longer segments have several, so that no box gets wide
because of a single winding road."""

_KEY_BITS = 24
"""Of either coordinate, 2.4 m at the equator."""

_RADIANS_PER_UNIT = float(np.radians(DEGREES_PER_UNIT))


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
        for name, dtype in zip(self.__slots__, dtypes, strict=True):
            array = np.asarray(getattr(self, name), dtype=dtype).view()
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        items = len(self.item_segment)
        if not items or not (
            len(self.item_point) == items and self.box.shape == (_level_ends(items)[-1], 6)
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
    ends = _level_ends(len(item_segment))
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


def nearest_pieces(
    index: SegmentIndex, segments: RoadSegments, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]]:
    """
    The nearest piece of road to each place.

    Parameters
    ----------
    lon, lat
        (k,) degrees.

    Returns
    -------
    (k,) each: the segment, the point at which the piece begins, and where on the piece the nearest
    position is, from 0 to 1. Of pieces equally near, the one that comes first. Distances are taken
    on the plane at the middle latitude, good to a metre in 50 km.
    """
    segment, point, share = _nearest(
        np.array([0, *_level_ends(len(index.item_segment))]),
        index.item_segment,
        index.item_point,
        index.box,
        segments.first_point,
        segments.point_lon,
        segments.point_lat,
        lon,
        lat,
    )
    return segment, point, share


def nearest_piece_of(
    segments: RoadSegments, segment: int, lon: float, lat: float
) -> tuple[int, float]:
    """The same within one segment: where a piece begins, and where on it the position is."""
    first, end = segments.first_point[segment], segments.first_point[segment + 1]
    _, point, share = _nearest_in_run(
        segments.point_lon, segments.point_lat, first, end - 1, np.radians(lon), np.radians(lat)
    )
    return point, share


def shares_along(
    segments: RoadSegments,
    segment: NDArray[np.int32],
    point: NDArray[np.int64],
    share: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(k,) where positions on pieces are on their segments, as a share of the length."""
    along: NDArray[np.float64] = _shares_along(
        segments.first_point, segments.point_lon, segments.point_lat, segment, point, share
    )
    return along


def _level_ends(items: int) -> list[int]:
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
                lon = point_lon[point] * _RADIANS_PER_UNIT
                lat = point_lat[point] * _RADIANS_PER_UNIT
                vector = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
                for axis in range(3):
                    low[axis] = min(low[axis], vector[axis])
                    high[axis] = max(high[axis], vector[axis])
        # Half a metre wider, since a float32 near 1 is only good to a third of one.
        for axis in range(3):
            box[here, axis] = low[axis] - 8e-8
            box[here, 3 + axis] = high[axis] + 8e-8


@njit(cache=True, nogil=True)
def _nearest(
    level_first: NDArray[np.int64],
    item_segment: NDArray[np.int32],
    item_point: NDArray[np.int64],
    box: NDArray[np.float32],
    first_point: NDArray[np.int64],
    point_lon: NDArray[np.int32],
    point_lat: NDArray[np.int32],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]]:
    levels = len(level_first) - 1
    found_segment = np.zeros(len(lon), np.int32)
    found_point = np.zeros(len(lon), np.int64)
    found_share = np.zeros(len(lon), np.float64)
    # Boxes still to be looked at, the nearest one last: level, number within it, distance.
    waiting = np.empty((levels * FANOUT + 1, 2), np.int64)
    bound = np.empty(levels * FANOUT + 1, np.float64)
    for k in range(len(lon)):
        lon_rad, lat_rad = np.radians(lon[k]), np.radians(lat[k])
        x = np.cos(lat_rad) * np.cos(lon_rad)
        y = np.cos(lat_rad) * np.sin(lon_rad)
        z = np.sin(lat_rad)
        best = np.inf
        waiting[0] = levels - 1, 0
        bound[0] = 0.0
        size = 1
        while size > 0:
            size -= 1
            level, number = waiting[size]
            if bound[size] > best:
                continue
            if level == 0:
                for item in range(number * FANOUT, min((number + 1) * FANOUT, len(item_segment))):
                    segment, first = item_segment[item], item_point[item]
                    last = min(first + PIECES, first_point[segment + 1] - 1)
                    distance, point, share = _nearest_in_run(
                        point_lon, point_lat, first, last, lon_rad, lat_rad
                    )
                    if distance < best or (distance == best and point < found_point[k]):
                        best = distance
                        found_segment[k], found_point[k], found_share[k] = segment, point, share
                continue
            begin = level_first[level - 1] + number * FANOUT
            end = min(begin + FANOUT, level_first[level])
            bottom = size
            for child in range(begin, end):
                away = (
                    max(box[child, 0] - x, x - box[child, 3], 0.0) ** 2
                    + max(box[child, 1] - y, y - box[child, 4], 0.0) ** 2
                    + max(box[child, 2] - z, z - box[child, 5], 0.0) ** 2
                )
                if away > best:
                    continue
                at = size
                while at > bottom and bound[at - 1] < away:
                    waiting[at] = waiting[at - 1]
                    bound[at] = bound[at - 1]
                    at -= 1
                waiting[at] = level - 1, child - level_first[level - 1]
                bound[at] = away
                size += 1
    return found_segment, found_point, found_share


@njit(cache=True, nogil=True)
def _nearest_in_run(
    point_lon: NDArray[np.int32],
    point_lat: NDArray[np.int32],
    first: int,
    last: int,
    lon_rad: float,
    lat_rad: float,
) -> tuple[float, int, float]:
    """Square of the distance in radians, first point and share of the nearest piece of a line."""
    cos_lat, sin_lat = np.cos(lat_rad), np.sin(lat_rad)
    best, best_point, best_share = np.inf, first, 0.0
    x0, y0 = _offset(point_lon[first], point_lat[first], lon_rad, lat_rad, cos_lat, sin_lat)
    for point in range(first, last):
        x1, y1 = _offset(
            point_lon[point + 1], point_lat[point + 1], lon_rad, lat_rad, cos_lat, sin_lat
        )
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        share = 0.0
        if square > 0.0:
            share = min(max(-(x0 * dx + y0 * dy) / square, 0.0), 1.0)
        distance = (x0 + share * dx) ** 2 + (y0 + share * dy) ** 2
        if distance < best:
            best, best_point, best_share = distance, point, share
        x0, y0 = x1, y1
    return best, best_point, best_share


@njit(cache=True, nogil=True)
def _offset(
    lon: int, lat: int, lon_rad: float, lat_rad: float, cos_lat: float, sin_lat: float
) -> tuple[float, float]:
    """How far east and north of a place a point is, in radians of a great circle."""
    east = lon * _RADIANS_PER_UNIT - lon_rad
    if east > np.pi:
        east -= 2 * np.pi
    elif east < -np.pi:
        east += 2 * np.pi
    north = lat * _RADIANS_PER_UNIT - lat_rad
    half = 0.5 * north
    if abs(half) < 0.01:
        # The cosine of the middle latitude, by series: a third of the time.
        middle = cos_lat * (1.0 - 0.5 * half * half) - sin_lat * half * (1.0 - half * half / 6.0)
    else:
        middle = np.cos(lat_rad + half)
    return east * middle, north


@njit(cache=True, nogil=True)
def _shares_along(
    first_point: NDArray[np.int64],
    point_lon: NDArray[np.int32],
    point_lat: NDArray[np.int32],
    segment: NDArray[np.int32],
    point: NDArray[np.int64],
    share: NDArray[np.float64],
) -> NDArray[np.float64]:
    along = np.zeros(len(segment), np.float64)
    for k in range(len(segment)):
        before, total = 0.0, 0.0
        for piece in range(first_point[segment[k]], first_point[segment[k] + 1] - 1):
            lon = point_lon[piece] * _RADIANS_PER_UNIT
            lat = point_lat[piece] * _RADIANS_PER_UNIT
            x, y = _offset(
                point_lon[piece + 1], point_lat[piece + 1], lon, lat, np.cos(lat), np.sin(lat)
            )
            length = np.sqrt(x * x + y * y)
            if piece == point[k]:
                before = total + share[k] * length
            total += length
        if total > 0.0:
            along[k] = min(before / total, 1.0)
    return along
