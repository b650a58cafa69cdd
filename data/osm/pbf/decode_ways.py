"""
Compiled decoding of the ways in a block: the used ones, and of their tags those that matter.

pyosmium hands each node of each way to Python as an object of its own: for the 51,000 roads of
Porto that alone takes as long as a speed of 9 MB/s leaves for everything.
https://github.com/openstreetmap/OSM-binary/blob/master/osmpbf/osmformat.proto
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from data.osm.pbf.messages import BYTES, VARINT, Bytes, next_field, read_varint, signed


class Ways(NamedTuple):
    """
    Ways of one group that carry a wanted value; w of them.

    Parameters
    ----------
    all_id
        (a,) int64, of all ways of the group.
    way_id
        (w,) int64.
    first_tag
        (w + 1,) int64.
    tag
        (t, 2) int32, mark of the key and place of the value in the string table.
    name, number
        (w,) int32, place of these two in the string table, or -1.
    first_ref
        (w + 1,) int64.
    ref
        (r,) int64, ids of nodes.
    """

    all_id: NDArray[np.int64]
    way_id: NDArray[np.int64]
    first_tag: NDArray[np.int64]
    tag: NDArray[np.int32]
    name: NDArray[np.int32]
    number: NDArray[np.int32]
    first_ref: NDArray[np.int64]
    ref: NDArray[np.int64]


@njit(cache=True, nogil=True)
def decode_ways(
    data: Bytes,
    bounds: NDArray[np.int64],
    key_mark: NDArray[np.uint8],
    value_mark: NDArray[np.uint8],
    name_mark: int,
    number_mark: int,
) -> Ways:
    """
    Those ways that have a wanted value under a wanted key.

    Parameters
    ----------
    bounds
        (a, 2) of the ways.
    key_mark
        (s,) for each string: what it is as a key. Only keys with a mark leave the block. Names and
        numbers have two marks of their own and are given apart, since they are mostly unique.
    value_mark
        (s,) for each string: the mark of the key under which it makes a way wanted, or 0.
    """
    count = len(bounds)
    size = 0
    if count:
        size = bounds[-1, 1] - bounds[0, 0]
    all_id = np.empty(count, np.int64)
    way_id = np.empty(count, np.int64)
    first_tag = np.zeros(count + 1, np.int64)
    # Every tag takes two bytes and every reference one at least.
    tag = np.empty((size // 2 + 1, 2), np.int32)
    name = np.empty(count, np.int32)
    number = np.empty(count, np.int32)
    first_ref = np.zeros(count + 1, np.int64)
    ref = np.empty(size, np.int64)
    ways = tags = refs = 0
    for way in range(count):
        identity = np.int64(0)
        key_at = key_end = value_at = value_end = ref_at = ref_end = 0
        position = bounds[way, 0]
        while position < bounds[way, 1]:
            field, wire, first, position = next_field(data, position, bounds[way, 1])
            if field == 1 and wire == VARINT:
                identity = np.int64(read_varint(data, first, position)[0])
            elif wire == BYTES:
                if field == 2:
                    key_at, key_end = first, position
                elif field == 3:
                    value_at, value_end = first, position
                elif field == 8:
                    ref_at, ref_end = first, position
        all_id[way] = identity
        is_wanted = False
        name[ways] = number[ways] = -1
        tags = first_tag[ways]
        while key_at < key_end:
            key, key_at = read_varint(data, key_at, key_end)
            value, value_at = read_varint(data, value_at, value_end)
            if key >= len(key_mark) or value >= len(key_mark):
                raise ValueError("a tag beyond the string table")
            mark = key_mark[key]
            if mark == 0:
                continue
            if mark == name_mark:
                name[ways] = value
            elif mark == number_mark:
                number[ways] = value
            else:
                tag[tags, 0] = mark
                tag[tags, 1] = value
                tags += 1
                is_wanted |= value_mark[value] == mark
        if not is_wanted:
            continue
        node = np.int64(0)
        while ref_at < ref_end:
            step, ref_at = read_varint(data, ref_at, ref_end)
            node += signed(step)
            ref[refs] = node
            refs += 1
        way_id[ways] = identity
        ways += 1
        first_tag[ways] = tags
        first_ref[ways] = refs
    tags = first_tag[ways]
    # Copies: a view would keep the memory of the whole block.
    return Ways(
        all_id,
        way_id[:ways].copy(),
        first_tag[: ways + 1].copy(),
        tag[:tags].copy(),
        name[:ways].copy(),
        number[:ways].copy(),
        first_ref[: ways + 1].copy(),
        ref[:refs].copy(),
    )
