"""What the reader of an extract hands on: roads as drawn, before any junction is found."""

from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray


class NodeFlag(IntFlag):
    """
    What stands on a node and matters to a driver.

    A signal may hold for one direction of its way only; `SIGNAL` alone is both.
    """

    BLOCKED = 1
    BARRIER = 2
    SIGNAL_FORWARD = 4
    SIGNAL_BACKWARD = 8
    SIGNAL = 12


@dataclass(frozen=True, slots=True)
class TurnRestriction:
    """
    One forbidden way through a junction, or the only one allowed.

    Parameters
    ----------
    relation_id
        In OpenStreetMap. A relation with several `from` or `to` members gives several of these.
    is_only
        Whoever comes from `from_way` must turn into `to_way`; otherwise must not.
    via_node
        The OpenStreetMap node of the junction, or None where `via_ways` lead there.
    via_ways
        Ways between `from_way` and `to_way`, in order.
    """

    relation_id: int
    is_only: bool
    from_way: int
    to_way: int
    via_node: int | None
    via_ways: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RawRoads:
    """
    Ways that a vehicle of the profile may use.

    A way that leaves the extract, or misses a node, is cut into pieces of at least two nodes, which
    share its id. Only nodes of these ways are here.

    Parameters
    ----------
    node_id
        (n,) int64, ascending.
    node_lon, node_lat
        (n,) int32, in 1e-7 degrees.
    node_flags
        (n,) uint8, see `NodeFlag`.
    way_id
        (w,) int64.
    first_ref
        (w + 1,) int64, the nodes of way k are those from `first_ref[k]` to `first_ref[k + 1]`.
    ref
        (r,) int32, positions in the node arrays.
    kind
        (w,) uint8, index into `kinds`.
    kinds
        Highway classes of the profile, and `ferry`.
    forward_kmh, backward_kmh
        (w,) float32, speed to be driven along the nodes and against them; 0: not allowed.
    is_zone
        (w,) bool, may only be used to reach something in it (destination, private, customers).
    is_stop_allowed
        (w,) bool, whether a place may lie beside it: not at a motorway, not at a ferry.
    name
        (w,) int32, index into `names`, or -1.
    names
        Of streets; with its number, where a road has no name.
    restrictions
        Of turns.
    report
        What was left out or taken with a grain of salt, counted by a sentence that names it.
    """

    node_id: NDArray[np.int64]
    node_lon: NDArray[np.int32]
    node_lat: NDArray[np.int32]
    node_flags: NDArray[np.uint8]
    way_id: NDArray[np.int64]
    first_ref: NDArray[np.int64]
    ref: NDArray[np.int32]
    kind: NDArray[np.uint8]
    kinds: tuple[str, ...]
    forward_kmh: NDArray[np.float32]
    backward_kmh: NDArray[np.float32]
    is_zone: NDArray[np.bool_]
    is_stop_allowed: NDArray[np.bool_]
    name: NDArray[np.int32]
    names: tuple[str, ...]
    restrictions: tuple[TurnRestriction, ...] = ()
    report: dict[str, int] = field(default_factory=dict)
