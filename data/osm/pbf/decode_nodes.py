"""Compiled decoding of the nodes in a block: the positions of those that are looked for."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from data.osm.pbf.messages import BYTES, VARINT, Bytes, next_field, read_varint, signed


class Sought(NamedTuple):
    """
    Nodes that are looked for, filled in as they are found.

    Parameters
    ----------
    node_id
        (n,) int64 ascending.
    lon, lat
        (n,) int32, in 1e-7 degrees.
    is_found
        (n,) bool.
    """

    node_id: NDArray[np.int64]
    lon: NDArray[np.int32]
    lat: NDArray[np.int32]
    is_found: NDArray[np.bool_]


class Grid(NamedTuple):
    """How a block writes positions: in `granularity` nanodegrees from an offset in nanodegrees."""

    granularity: int
    lat_offset: int
    lon_offset: int


@njit(cache=True, nogil=True)
def locate_dense_nodes(
    data: Bytes, start: int, end: int, grid: Grid, key_mark: NDArray[np.uint8], sought: Sought
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """
    Fill in the positions in one group of nodes, and give the tags of those that are looked for.

    Parameters
    ----------
    start, end
        Of the message of dense nodes.
    key_mark
        (s,) for each string: what it is as a key; 0: does not matter.

    Returns
    -------
    (t,) position in `sought` of each tag, and (t, 2) mark of its key and place of its value in the
    string table.
    """
    id_at = id_end = lat_at = lat_end = lon_at = lon_end = tag_at = tag_end = 0
    position = start
    while position < end:
        field, wire, first, position = next_field(data, position, end)
        if wire != BYTES:
            continue
        if field == 1:
            id_at, id_end = first, position
        elif field == 8:
            lat_at, lat_end = first, position
        elif field == 9:
            lon_at, lon_end = first, position
        elif field == 10:
            tag_at, tag_end = first, position
    owner = np.empty((tag_end - tag_at) // 2 + 1, np.int64)
    tag = np.empty((len(owner), 2), np.int32)
    tags = 0
    node, lat, lon = np.int64(0), np.int64(0), np.int64(0)
    at = 0
    is_first = True
    while id_at < id_end:
        step, id_at = read_varint(data, id_at, id_end)
        node += signed(step)
        step, lat_at = read_varint(data, lat_at, lat_end)
        lat += signed(step)
        step, lon_at = read_varint(data, lon_at, lon_end)
        lon += signed(step)
        # Ids ascend almost always, so the next one looked for is near.
        if is_first or (at > 0 and sought.node_id[at - 1] >= node):
            at = int(np.searchsorted(sought.node_id, node))
            is_first = False
        while at < len(sought.node_id) and sought.node_id[at] < node:
            at += 1
        matters = at < len(sought.node_id) and sought.node_id[at] == node
        if matters:
            _put(sought, at, lon, lat, grid)
        while tag_at < tag_end:
            key, tag_at = read_varint(data, tag_at, tag_end)
            if key == 0:
                break
            value, tag_at = read_varint(data, tag_at, tag_end)
            if key >= len(key_mark) or value >= len(key_mark):
                raise ValueError("a tag beyond the string table")
            if matters and key_mark[key] != 0:
                owner[tags] = at
                tag[tags, 0] = key_mark[key]
                tag[tags, 1] = value
                tags += 1
    return owner[:tags].copy(), tag[:tags].copy()


@njit(cache=True, nogil=True)
def locate_plain_nodes(
    data: Bytes,
    bounds: NDArray[np.int64],
    grid: Grid,
    key_mark: NDArray[np.uint8],
    sought: Sought,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same for nodes that are messages of their own, within bounds (a, 2)."""
    size = 0
    if len(bounds):
        size = bounds[-1, 1] - bounds[0, 0]
    owner = np.empty(size // 2 + 1, np.int64)
    tag = np.empty((len(owner), 2), np.int32)
    tags = 0
    for message in range(len(bounds)):
        node, lat, lon = np.int64(0), np.int64(0), np.int64(0)
        key_at = key_end = value_at = value_end = 0
        position = bounds[message, 0]
        while position < bounds[message, 1]:
            field, wire, first, position = next_field(data, position, bounds[message, 1])
            if wire == VARINT:
                number = signed(read_varint(data, first, position)[0])
                if field == 1:
                    node = number
                elif field == 8:
                    lat = number
                elif field == 9:
                    lon = number
            elif field == 2:
                key_at, key_end = first, position
            elif field == 3:
                value_at, value_end = first, position
        at = int(np.searchsorted(sought.node_id, node))
        if at == len(sought.node_id) or sought.node_id[at] != node:
            continue
        _put(sought, at, lon, lat, grid)
        while key_at < key_end:
            key, key_at = read_varint(data, key_at, key_end)
            value, value_at = read_varint(data, value_at, value_end)
            if key >= len(key_mark) or value >= len(key_mark):
                raise ValueError("a tag beyond the string table")
            if key_mark[key] != 0:
                owner[tags] = at
                tag[tags, 0] = key_mark[key]
                tag[tags, 1] = value
                tags += 1
    return owner[:tags].copy(), tag[:tags].copy()


@njit(cache=True, nogil=True)
def _put(sought: Sought, at: int, lon: np.int64, lat: np.int64, grid: Grid) -> None:
    """Nodes beyond the poles or the date line count as missing."""
    lon_nano = grid.lon_offset + grid.granularity * lon
    lat_nano = grid.lat_offset + grid.granularity * lat
    if abs(lon_nano) <= 180_000_000_000 and abs(lat_nano) <= 90_000_000_000:
        sought.lon[at] = np.rint(lon_nano / 100)
        sought.lat[at] = np.rint(lat_nano / 100)
        sought.is_found[at] = True
