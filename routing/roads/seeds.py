"""Where ways begin and end between junctions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NO_NODE = -1
"""In `Seeds.node`: the place has fewer ways out, or in, than there are columns."""


class Seeds(NamedTuple):
    """
    The nodes that ways from, or to, places lead over first, or last.

    Parameters
    ----------
    node
        (k, c) int32, nodes of a graph or their ranks in a hierarchy, or `NO_NODE`.
    weight
        (k, c) int64, packed weight of the way between place and node.
    """

    node: NDArray[np.int32]
    weight: NDArray[np.int64]


class Way(NamedTuple):
    """
    A fastest way from one place to another.

    Parameters
    ----------
    weight
        Packed, from place to place.
    leave_column, enter_column
        Of the two seeds that the way uses.
    arcs
        (p,) int64, the arcs between the two nodes in order, or None if the way leads straight along
        the segment on which both places lie, in the direction `leave_column`.
    """

    weight: int
    leave_column: int
    enter_column: int
    arcs: NDArray[np.int64] | None
