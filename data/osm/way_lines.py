"""Lines of ways as arrays: pyosmium hands on well-known binary, which is decoded many at a time."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

_HEADER = 18
"""Hex digits before the coordinates of a line string: byte order, type, number of points."""

_POINT = 32
"""Hex digits of a point, two doubles."""

_factory = osmium.geom.WKBFactory()


def whole_line(way: Any) -> str | None:
    """
    The points of a way as hex digits; None where a node is missing or all are one point.

    An extract that is clipped at a border has ways whose outer nodes it lacks.
    """
    try:
        return str(_factory.create_linestring(way))[_HEADER:]
    except (osmium.InvalidLocationError, RuntimeError):
        return None


def pieces(way: Any) -> list[str]:
    """What is there of a way that misses nodes: its stretches of at least two nodes."""
    found: list[str] = []
    run: list[tuple[float, float]] = []
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            point = (node.lon, node.lat)
            if not run or run[-1] != point:
                run.append(point)
            continue
        if len(run) > 1:
            found.append(b"".join(struct.pack("<dd", *point) for point in run).hex())
        run = []
    return found


def decode(lines: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Points of many lines, in one piece.

    Returns
    -------
    (n, 2) float64 lon and lat, and (k + 1,) int64: line k has those from `first[k]` to
    `first[k + 1]`.
    """
    points = np.frombuffer(bytes.fromhex("".join(lines)), dtype="<f8").reshape(-1, 2)
    first = np.zeros(len(lines) + 1, dtype=np.int64)
    np.cumsum([len(line) // _POINT for line in lines], out=first[1:])
    return points, first


def to_bytes(line: str) -> bytes:
    """A line to be kept for longer: half the size, decoded again by `from_bytes`."""
    return bytes.fromhex(line)


def from_bytes(line: bytes) -> NDArray[np.float64]:
    """(n, 2) float64 lon and lat."""
    return np.frombuffer(line, dtype="<f8").reshape(-1, 2)


def middles(points: NDArray[np.float64], first: NDArray[np.int64]) -> NDArray[np.float64]:
    """
    (k, 2) float64, the centroid of what each closed line encloses.

    Of a line that is open, or encloses nothing, the middle of its box.
    """
    count = len(first) - 1
    if not count:
        return np.zeros((0, 2))
    starts, ends = first[:-1], first[1:] - 1
    west_south = np.minimum.reduceat(points, starts)
    east_north = np.maximum.reduceat(points, starts)
    # Around its own first point, since a building is tiny beside its distance from 0, 0.
    around = points - np.repeat(points[starts], np.diff(first), axis=0)
    following = np.roll(around, -1, axis=0)
    following[ends] = 0.0
    cross = around[:, 0] * following[:, 1] - following[:, 0] * around[:, 1]
    doubled = np.add.reduceat(cross, starts)
    moment = np.add.reduceat((around + following) * cross[:, None], starts)
    is_ring = (points[starts] == points[ends]).all(axis=1) & (np.abs(doubled) > 1e-16)
    with np.errstate(divide="ignore", invalid="ignore"):
        centroid = points[starts] + moment / (3.0 * doubled[:, None])
    is_inside = ((west_south <= centroid) & (centroid <= east_north)).all(axis=1)
    middle = (west_south + east_north) / 2.0
    return np.where((is_ring & is_inside)[:, None], centroid, middle)
