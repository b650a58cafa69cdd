"""Areas that somebody drew on the map, and who lies within."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from api.schemas.account_filter import Polygon
from api.services.errors import Fault, RefusedRequestError
from api.state import Snapshot


def is_within(
    snapshot: Snapshot, rows: NDArray[np.intp], area: shapely.Geometry
) -> NDArray[np.bool_]:
    """Which of some rows of the table lie within; the edge counts, who has no position does not."""
    lon, lat = snapshot.table.lon[rows], snapshot.table.lat[rows]
    known = snapshot.has_location[rows]
    inside = np.zeros(len(rows), dtype=bool)
    inside[known] = shapely.intersects_xy(area, lon[known], lat[known])
    return inside


def area_of(polygon: Polygon) -> shapely.Geometry:
    """
    As it was drawn; where a lasso crosses itself, every part of it counts.

    Raises
    ------
    RefusedRequestError
        When a ring is open or the polygon has no extent.
    """
    rings = polygon.coordinates
    for k, ring in enumerate(rings):
        if ring[0] != ring[-1]:
            detail = "The ring is open. Repeat its first position as the last one."
            raise RefusedRequestError([Fault(f"/polygon/coordinates/{k}", "OPEN_RING", detail)])
    return _area(shapely.Polygon(rings[0], rings[1:]), "/polygon/coordinates")


def area_within(outline: Sequence[float]) -> shapely.Geometry:
    """
    The same from the corners of an outline, longitude and latitude in turn.

    Raises
    ------
    RefusedRequestError
        When a latitude is missing, a corner is not on Earth or the outline has no extent.
    """
    if len(outline) % 2:
        detail = f"{len(outline)} numbers are no corners. Give a longitude and a latitude of each."
        raise RefusedRequestError([Fault("/polygon", "INCOMPLETE_CORNER", detail)])
    corners = np.asarray(outline).reshape(-1, 2)
    if not (np.abs(corners) <= (180, 90)).all():
        detail = "A corner is not on Earth. Longitudes are -180 to 180, latitudes -90 to 90."
        raise RefusedRequestError([Fault("/polygon", "OUT_OF_RANGE", detail)])
    return _area(shapely.Polygon(corners), "/polygon")


def _area(drawn: shapely.Polygon, pointer: str) -> shapely.Geometry:
    area = shapely.make_valid(drawn)
    if not area.area:
        detail = "The polygon has no area. Draw around the accounts that are meant."
        raise RefusedRequestError([Fault(pointer, "EMPTY_AREA", detail)])
    shapely.prepare(area)
    return area
