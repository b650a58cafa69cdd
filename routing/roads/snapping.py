"""
Places off the road: the nearest road, and an estimate of the way to it.

The rule, with its reasons, stands in `docs/roads.md`.
"""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo import InvalidLocationError, chord_to_m, great_circle_m, unit_vectors
from routing.roads.access_rule import HIGHWAYS, AccessRule
from routing.roads.engine import SnappedPlaces
from routing.roads.road_graph import RoadGraph
from routing.roads.seeds import NO_NODE


class Snapper(Protocol):
    """Ties places to a road network."""

    @property
    def access_rule(self) -> AccessRule: ...

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces: ...


class JunctionIndex:
    """
    Finds the nearest junction of a road graph.

    Parameters
    ----------
    graph
        Its junctions are searched, all of them alike.
    access_rule
        What the way to them takes.
    """

    def __init__(self, graph: RoadGraph, access_rule: AccessRule = HIGHWAYS) -> None:
        self.access_rule = access_rule
        self._lon, self._lat = graph.node_lon, graph.node_lat
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
        lon, lat = checked_positions(lon, lat)
        chord, nearest = self._tree.query(unit_vectors(lon, lat))
        straight_m = chord_to_m(chord)
        access_s, access_m = self.access_rule.way(straight_m)
        junction = nearest.astype(np.int32)
        node = np.full((len(lon), 2), NO_NODE, np.int32)
        node[:, 0] = junction
        weight = np.zeros((len(lon), 2), np.int64)
        return SnappedPlaces(
            lon=lon,
            lat=lat,
            road_lon=self._lon[junction],
            road_lat=self._lat[junction],
            straight_m=straight_m,
            access_s=access_s + self.access_rule.terminal_s,
            access_m=access_m,
            is_off_road=straight_m > self.access_rule.max_access_m,
            spot=junction,
            leave_node=node,
            leave_weight=weight,
            enter_node=node,
            enter_weight=weight,
        )


def checked_positions(
    lon: ArrayLike, lat: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Positions as two (k,) arrays of their own.

    Raises
    ------
    InvalidLocationError
        When a coordinate is not a finite number within its range.
    """
    lon = np.atleast_1d(np.array(lon, dtype=np.float64))
    lat = np.atleast_1d(np.array(lat, dtype=np.float64))
    is_valid = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # False for NaN, too
    if not is_valid.all():
        bad = int(np.argmin(is_valid))
        raise InvalidLocationError(
            f"Place {bad} lies at lon {lon[bad]}, lat {lat[bad]}, which is not on the earth. "
            "Give positions as lon, lat in degrees."
        )
    return lon, lat


def is_same_position(sources: SnappedPlaces, targets: SnappedPlaces) -> NDArray[np.bool_]:
    """(p,) whether paired places are one: their positions are the same to the last digit."""
    return (sources.lon == targets.lon) & (sources.lat == targets.lat)


def way_at_same_junction(
    sources: SnappedPlaces, targets: SnappedPlaces, access_rule: AccessRule
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
    seconds, metres = access_rule.way(straight_m)
    is_same = is_same_position(sources, targets)
    seconds += 2 * access_rule.terminal_s
    return np.where(is_same, 0, seconds), np.where(is_same, 0, metres)
