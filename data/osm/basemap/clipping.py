"""Cuts lines and surfaces to the box of a tile."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from data.osm.basemap.rings import Rings, offsets

Box = tuple[int, int, int, int]
"""West, north, east and south."""


def clip_lines(lines: Rings, box: Box) -> Rings:
    """What of the lines lies in the box; a line may fall into several."""
    shapes = shapely.from_ragged_array(GeometryType.LINESTRING, lines.points, (lines.first,))
    pieces, of = shapely.get_parts(shapely.clip_by_rect(shapes, *box), return_index=True)
    of_type = (shapely.get_type_id(pieces) == GeometryType.LINESTRING) & ~shapely.is_empty(pieces)
    pieces, of = pieces[of_type], of[of_type]
    points = shapely.get_coordinates(pieces)
    first = offsets(shapely.get_num_coordinates(pieces).astype(np.int64))
    return Rings(points, first, lines.feature[of], lines.polygon[of])


def join_lines(lines: Rings) -> Rings:
    """
    Lines of each feature joined where two of them meet.

    A street consists of many ways, and a name is written along one line: on short pieces there is
    no room for it, and dashes would begin anew on each.
    """
    whole = lines.pick(np.diff(lines.first) > 1)
    if not len(whole.feature):
        return whole
    pieces = shapely.from_ragged_array(GeometryType.LINESTRING, whole.points, (whole.first,))
    features, number = np.unique(whole.feature, return_inverse=True)
    joined, of = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings(pieces, indices=number)), return_index=True
    )
    feature = features[of]
    first = offsets(shapely.get_num_coordinates(joined).astype(np.int64))
    return Rings(shapely.get_coordinates(joined), first, feature, np.arange(len(feature)))


def clip_surfaces(rings: Rings, box: Box) -> Rings:
    """
    What of the surfaces lies in the box, after Sutherland and Hodgman (1974): side by side.

    A surface that reaches into the box twice stays one, joined along the edge, which lies in the
    buffer and is not seen. GEOS would cut it into two; but it fills the whole box where a ring
    touches itself, as simplified ones do.
    """
    count = np.diff(rings.first)
    is_closing = np.zeros(len(rings.points), dtype=bool)
    is_closing[rings.first[1:] - 1] = True
    points = rings.points[~is_closing].astype(np.float64)
    count = count - 1
    for axis, sign, bound in ((0, 1, box[0]), (1, 1, box[1]), (0, -1, box[2]), (1, -1, box[3])):
        points, count = _clip_side(points, count, axis, sign, float(bound))
    kept = count > 2
    points = points[np.repeat(kept, count)]
    count = count[kept]
    # Each ring ends with its first point again.
    first = offsets(count)
    index = np.insert(np.arange(len(points)), first[1:], first[:-1])
    return Rings(points[index], offsets(count + 1), rings.feature[kept], rings.polygon[kept])


def _clip_side(
    points: NDArray[Any], count: NDArray[np.int64], axis: int, sign: int, bound: float
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Of each point what is kept: itself if it is within, and where the next edge crosses."""
    if not len(points):
        return points, count
    first = offsets(count)
    following = np.arange(1, len(points) + 1)
    has_points = count > 0
    following[first[1:][has_points] - 1] = first[:-1][has_points]
    is_inside = sign * (points[:, axis] - bound) >= 0
    is_crossing = is_inside != is_inside[following]
    here, there = points[is_crossing], points[following[is_crossing]]
    share = (bound - here[:, axis]) / (there[:, axis] - here[:, axis])
    crossing = here + share[:, None] * (there - here)
    crossing[:, axis] = bound

    emitted = is_inside.astype(np.int64) + is_crossing
    at = offsets(emitted)
    out = np.empty((int(at[-1]), 2))
    out[at[:-1][is_inside]] = points[is_inside]
    out[at[1:][is_crossing] - 1] = crossing
    return out, at[first[1:]] - at[first[:-1]]
