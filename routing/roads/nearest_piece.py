"""The position on a road that is nearest to a place, and how far along its segment that is."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.roads.road_segments import RoadSegments
from routing.roads.segment_index import FANOUT, PIECES, RADIANS_PER_UNIT, SegmentIndex, level_ends


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
        np.array([0, *level_ends(len(index.item_segment))]),
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
    east = lon * RADIANS_PER_UNIT - lon_rad
    if east > np.pi:
        east -= 2 * np.pi
    elif east < -np.pi:
        east += 2 * np.pi
    north = lat * RADIANS_PER_UNIT - lat_rad
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
            lon = point_lon[piece] * RADIANS_PER_UNIT
            lat = point_lat[piece] * RADIANS_PER_UNIT
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
