"""
A plane for the sample's country, in kilometres.

Lambert's azimuthal equal-area projection of the sphere about the middle of Germany. Within 450 km
of it lengths are off by less than 0.07 %, which no step that builds the sample can notice.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.distance import EARTH_RADIUS_M

CENTRE_LON = 10.5
CENTRE_LAT = 51.0

_RADIUS_KM = EARTH_RADIUS_M / 1000
_SIN = math.sin(math.radians(CENTRE_LAT))
_COS = math.cos(math.radians(CENTRE_LAT))


def to_plane_km(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Positions in degrees as (n, 2) float64, kilometres east and north of the centre."""
    dlon = np.radians(np.asarray(lon, dtype=np.float64) - CENTRE_LON)
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    sin, cos = np.sin(phi), np.cos(phi)
    scale = _RADIUS_KM * np.sqrt(2 / (1 + _SIN * sin + _COS * cos * np.cos(dlon)))
    x = scale * cos * np.sin(dlon)
    y = scale * (_COS * sin - _SIN * cos * np.cos(dlon))
    return np.stack((x, y), axis=-1)


def to_degrees(xy_km: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Inverse of `to_plane_km`: (n, 2) kilometres to longitudes and latitudes in degrees."""
    x, y = xy_km[..., 0], xy_km[..., 1]
    rho = np.hypot(x, y)
    angle = 2 * np.arcsin(rho / (2 * _RADIUS_KM))
    ratio = np.divide(np.sin(angle), rho, out=np.full_like(rho, 1 / _RADIUS_KM), where=rho > 0)
    lat = np.arcsin(np.cos(angle) * _SIN + y * ratio * _COS)
    lon = np.arctan2(x * ratio, _COS * np.cos(angle) - y * ratio * _SIN)
    return CENTRE_LON + np.degrees(lon), np.degrees(lat)
