"""
The grid of the basemap: Web Mercator in whole numbers, and keys that find what lies in a tile.

A tile of the closest zoom is 4096 units wide, so the world is 2**26 units wide; y grows southwards,
as in tiles. One unit is 0.6 m at the equator.
"""

import math

import numpy as np
from numpy.typing import NDArray

TOP_ZOOM = 14
"""Closest zoom that has tiles of its own; clients enlarge them beyond."""

EXTENT = 4096
"""Units across a tile."""

WORLD = EXTENT << TOP_ZOOM

MAX_LAT = 85.051128779806604
"""Where Web Mercator ends, so that the world is a square."""

_DEPTH_BITS = 4


def to_grid(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) float64 in units, not rounded, of (n, 2) lon and lat."""
    lat = np.radians(np.clip(lonlat[:, 1], -MAX_LAT, MAX_LAT))
    x = lonlat[:, 0] / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(lat)) / (2.0 * math.pi)
    return np.column_stack((x, y)) * WORLD


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    """The position of a point of the grid."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y / WORLD))))
    return x / WORLD * 360.0 - 180.0, lat


def box_keys(boxes: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Keys of boxes: the smallest tile that holds each, in the order of a curve through all tiles.

    Parameters
    ----------
    boxes
        (n, 4): west, north, east, south in units.

    Returns
    -------
    (n,) int64. Tiles within a tile follow it without a gap, see `keys_within`.
    """
    inside = np.clip(boxes, 0, WORLD - 1)
    differing = (inside[:, 0] ^ inside[:, 2]) | (inside[:, 1] ^ inside[:, 3])
    bits = np.frexp(differing.astype(np.float64))[1]
    depth = np.minimum(WORLD.bit_length() - 1 - bits, TOP_ZOOM).astype(np.int64)
    shift = EXTENT.bit_length() - 1
    curve = _interleaved(inside[:, 0] >> shift) | (_interleaved(inside[:, 1] >> shift) << 1)
    below = 2 * (TOP_ZOOM - depth)
    return (((curve >> below) << below) << _DEPTH_BITS) | depth


def keys_within(z: int, x: int, y: int) -> tuple[int, int]:
    """The first and the last key of boxes that lie in a tile as a whole."""
    first = _curve(z, x, y)
    after = first + (1 << 2 * (TOP_ZOOM - z))
    return (first << _DEPTH_BITS) | z, (after << _DEPTH_BITS) - 1


def keys_around(z: int, x: int, y: int) -> list[int]:
    """Keys of the larger tiles around a tile, whose boxes may reach into it."""
    return [
        (_curve(depth, x >> (z - depth), y >> (z - depth)) << _DEPTH_BITS) | depth
        for depth in range(z)
    ]


def _curve(z: int, x: int, y: int) -> int:
    within = np.array([x, y], dtype=np.int64) << (TOP_ZOOM - z)
    along = _interleaved(within)
    return int(along[0] | (along[1] << 1))


def _interleaved(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """A zero bit after each of the lower 16 bits."""
    spread = values.astype(np.int64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << shift)) & mask
    return spread
