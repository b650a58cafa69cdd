"""Great-circle distances and the unit vectors that nearest-neighbour searches need."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth, IUGG."""


def great_circle_m(
    from_lon: ArrayLike, from_lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike
) -> NDArray[np.float64]:
    """
    Great-circle distance by the haversine formula.

    The four arguments are degrees and broadcast against each other; the answer is in metres.
    """
    lon1, lat1, lon2, lat2 = (
        np.radians(np.asarray(x, dtype=np.float64)) for x in (from_lon, from_lat, to_lon, to_lat)
    )
    h = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """
    Positions as points on the unit sphere, (n, 3) float64.

    The nearest point by chord is also the nearest by great circle, everywhere on the earth, so a
    tree over these vectors needs no projection. Turn a chord into metres with `chord_to_m`.
    """
    lon_rad = np.radians(np.atleast_1d(np.asarray(lon, dtype=np.float64)))
    lat_rad = np.radians(np.atleast_1d(np.asarray(lat, dtype=np.float64)))
    cos_lat = np.cos(lat_rad)
    return np.column_stack((cos_lat * np.cos(lon_rad), cos_lat * np.sin(lon_rad), np.sin(lat_rad)))


def m_to_chord(distance_m: float) -> float:
    """Chord of the unit sphere that belongs to great-circle metres, at most half around."""
    return 2.0 * math.sin(distance_m / (2.0 * EARTH_RADIUS_M))


def chord_to_m(chord: ArrayLike) -> NDArray[np.float64]:
    """Great-circle metres that belong to a chord of the unit sphere."""
    half = np.clip(np.asarray(chord, dtype=np.float64) / 2, 0.0, 1.0)
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(half))
