"""Cuts ways where the extract lacks a node of theirs."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.osm.reading.ways import UsedWays

CUT = "A road leaves the extract, or lacks a node: what is left of it is taken."
GONE = "A road has no two neighbouring nodes in the extract: left out."


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """
    Runs of nodes with positions, in the order of their ways.

    Parameters
    ----------
    way
        (p,) int64, position of its way.
    is_whole
        (p,) bool, whether it is all of its way.
    first_ref
        (p + 1,) int64.
    ref
        (r,) int32, positions of nodes; two in a row are never the same.
    """

    way: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    first_ref: NDArray[np.int64]
    ref: NDArray[np.int32]


def cut_ways(ways: UsedWays, is_found: NDArray[np.bool_], report: Counter[str]) -> Pieces:
    """
    The pieces of all ways that have at least two nodes.

    Parameters
    ----------
    is_found
        (n,) whether the position of a node is known.
    report
        Told how many ways were cut or lost.
    """
    count = len(ways.way_id)
    starts_way = np.zeros(len(ways.ref), bool)
    starts_way[ways.first_ref[:-1]] = True
    # A node given twice in a row is one.
    is_kept = np.ones(len(ways.ref), bool)
    is_kept[1:] = (ways.ref[1:] != ways.ref[:-1]) | starts_way[1:]
    has_position = is_found[ways.ref]
    lacking = np.unique(np.searchsorted(ways.first_ref, np.flatnonzero(~has_position), "right") - 1)

    # A piece begins with a way, and after each node without a position.
    starts = starts_way
    starts[1:] |= ~has_position[:-1]
    starts[~has_position] = True
    piece = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    is_kept &= has_position
    size = np.bincount(piece[is_kept], minlength=len(first))
    is_long = size >= 2
    way = np.searchsorted(ways.first_ref, first[is_long], "right") - 1
    is_cut = np.zeros(count, bool)
    is_cut[lacking] = True
    has_piece = np.zeros(count, bool)
    has_piece[way] = True
    report[CUT] += int(np.count_nonzero(is_cut & has_piece))
    report[GONE] += int(np.count_nonzero(~has_piece))
    return Pieces(
        way,
        ~is_cut[way],
        np.concatenate(([0], np.cumsum(size[is_long]))).astype(np.int64),
        ways.ref[is_kept & is_long[piece]],
    )
