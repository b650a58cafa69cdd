"""Points and parts of a line of positions, by share of its length."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.distance import great_circle_m


def point_along(lonlat: NDArray[np.float64], share: float) -> tuple[float, float]:
    """
    Longitude and latitude of the point after a share of the length, 0 to 1.

    Parameters
    ----------
    lonlat
        (p, 2) float64, at least one point.
    """
    along_m = _along_m(lonlat)
    at_m = share * along_m[-1]
    lon, lat = (float(np.interp(at_m, along_m, lonlat[:, axis])) for axis in (0, 1))
    return lon, lat


def parts_of_line(
    lonlat: NDArray[np.float64], shares: Sequence[float]
) -> list[NDArray[np.float64]]:
    """
    A line cut after these shares of its length, ascending: one part more than there are shares.

    Each part begins where the one before it ends, and has at least two points.
    """
    along_m = _along_m(lonlat)
    cuts_m = [0.0, *(share * along_m[-1] for share in shares), float(along_m[-1])]
    points = [lonlat[0], *(np.array(point_along(lonlat, share)) for share in shares), lonlat[-1]]
    parts = []
    for k in range(len(cuts_m) - 1):
        between = lonlat[(along_m > cuts_m[k]) & (along_m < cuts_m[k + 1])]
        parts.append(np.vstack((points[k], between, points[k + 1])))
    return parts


def _along_m(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(p,) metres from the first point, along the line."""
    lon, lat = lonlat.T
    pieces_m = great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.concatenate(([0.0], np.cumsum(pieces_m)))
