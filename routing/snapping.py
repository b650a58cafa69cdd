"""
Places off the road: the nearest junction, and an estimate of the way to it.

The rule, with its reasons, stands in `docs/roads.md`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo import InvalidLocationError, chord_to_m, great_circle_m, unit_vectors
from routing.engine import MAX_ACCESS_M, SnappedPlaces
from routing.road_graph import RoadGraph

CIRCUITY = 1.3
"""Length of an unknown way over its straight line; road networks have 1.2 to 1.4."""

ACCESS_KMH = 40.0
"""Speed on an unknown way."""

TERMINAL_S = 300
"""Time at either end of a leg: parking, the walk to the door, the way out of the yard."""


class JunctionIndex:
    """
    Finds the nearest junction of a road graph.

    Parameters
    ----------
    graph
        Its junctions are searched, all of them alike.
    terminal_s
        Charged once for each end of a leg, as part of `SnappedPlaces.access_s`.
    """

    def __init__(self, graph: RoadGraph, terminal_s: int = TERMINAL_S) -> None:
        if terminal_s < 0:
            raise ValueError(f"terminal_s is {terminal_s}; it must not be negative.")
        self.terminal_s = terminal_s
        self._tree = cKDTree(unit_vectors(graph.node_lon, graph.node_lat))

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        """
        Tie places to their nearest junctions.

        Parameters
        ----------
        lon, lat
            Numbers or (k,) arrays, degrees.

        Raises
        ------
        InvalidLocationError
            When a coordinate is not a finite number within its range.
        """
        lon = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        lat = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        is_valid = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # False for NaN, too
        if not is_valid.all():
            bad = int(np.argmin(is_valid))
            raise InvalidLocationError(
                f"Place {bad} lies at lon {lon[bad]}, lat {lat[bad]}, which is not on the earth. "
                "Give positions as lon, lat in degrees."
            )
        chord, node_index = self._tree.query(unit_vectors(lon, lat))
        straight_m = chord_to_m(chord)
        access_s, access_m = estimated_way(straight_m)
        return SnappedPlaces(
            lon=lon,
            lat=lat,
            node_index=node_index.astype(np.int32),
            straight_m=straight_m,
            access_s=access_s + self.terminal_s,
            access_m=access_m,
            is_off_road=straight_m > MAX_ACCESS_M,
        )


def estimated_way(
    straight_m: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Seconds, rounded up, and metres of ways of which only the straight line is known."""
    way_m = straight_m * CIRCUITY
    seconds = np.ceil(way_m / (ACCESS_KMH / 3.6)).astype(np.int64)
    return seconds, np.rint(way_m).astype(np.int64)


def way_at_same_junction(
    sources: SnappedPlaces, targets: SnappedPlaces, terminal_s: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Seconds and metres between pairs of places that share their junction.

    No road is known between them, so the way is estimated in the same manner as an access, straight
    across instead of through the junction. It is never longer than that, so the triangle
    inequality of the travel times holds. Places at the very same position are the same place:
    0 s, 0 m.

    Parameters
    ----------
    sources, targets
        (p,) each, paired by position.
    """
    straight_m = great_circle_m(sources.lon, sources.lat, targets.lon, targets.lat)
    seconds, metres = estimated_way(straight_m)
    is_same = (sources.lon == targets.lon) & (sources.lat == targets.lat)
    return np.where(is_same, 0, seconds + 2 * terminal_s), np.where(is_same, 0, metres)
