"""
Roads that may only be the beginning or the end of a way: private, for customers, for residents.

Nodes within a zone stand twice in the graph. A drive that begins in the zone is on the departing
side until it comes to a public road; one that ends in the zone is on the arriving side once it has
left the public roads. From the departing side one may go over to the arriving side, for a drive
that stays in the zone; never back. So no way leads through.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.osm.graph.junctions import Stretches

NO_ROAD = -1
"""In `Layers.arc_road`: the arc leads from the departing to the arriving side."""

PUBLIC, DEPARTING, ARRIVING = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """
    A graph of stretches in which zones have two sides.

    A road here is a stretch in one direction: 2k along stretch k, 2k + 1 against it. Nodes are
    numbered from 0; those below the number of junctions are the junctions, on the departing side
    if within a zone.

    Parameters
    ----------
    node_junction
        (n,) int32, where each node is.
    arc_tail, arc_head
        (m,) int32, nodes.
    arc_road
        (m,) int32, the road that an arc stands for, or `NO_ROAD`.
    arc_side
        (m,) uint8, `PUBLIC`, `DEPARTING` or `ARRIVING`.
    leave_node, enter_node
        (2s,) int32, the node after and before a place on each road, or -1 where there is no road.
    """

    node_junction: NDArray[np.int32]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_road: NDArray[np.int32]
    arc_side: NDArray[np.uint8]
    leave_node: NDArray[np.int32]
    enter_node: NDArray[np.int32]


def road_ends(stretches: Stretches) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(2s,) the junctions where each road begins and ends."""
    tail = np.column_stack((stretches.tail, stretches.head)).ravel()
    head = np.column_stack((stretches.head, stretches.tail)).ravel()
    return tail, head


def road_exists(stretches: Stretches) -> NDArray[np.bool_]:
    """(2s,) whether each road may be driven."""
    return np.column_stack((stretches.forward_kmh > 0, stretches.backward_kmh > 0)).ravel()


def within_zone(stretches: Stretches) -> NDArray[np.bool_]:
    """(j,) which junctions touch no public road."""
    is_within = np.ones(stretches.junction_count, np.bool_)
    for end in (stretches.tail, stretches.head):
        is_within[end[~stretches.is_zone]] = False
    return is_within


def layer_zones(stretches: Stretches) -> Layers:
    """
    One arc for each road, a second one where it lies within a zone, and those between the sides.

    A private stretch between two public junctions cannot be driven through, but its places need its
    times: its arcs begin at nodes of their own that nothing leads to.
    """
    junctions = stretches.junction_count
    is_within = within_zone(stretches)
    inner = np.flatnonzero(is_within).astype(np.int32)
    departing_node = np.arange(junctions, dtype=np.int32)
    arriving_node = departing_node.copy()
    arriving_node[inner] = junctions + np.arange(len(inner), dtype=np.int32)

    tail, head = road_ends(stretches)
    exists = road_exists(stretches)
    is_zone = np.repeat(stretches.is_zone, 2)
    from_within, to_within = is_within[tail], is_within[head]

    public = np.flatnonzero(exists & ~is_zone)
    departs = np.flatnonzero(exists & is_zone & from_within)
    arrives = np.flatnonzero(exists & is_zone & to_within)
    stranded = np.flatnonzero(exists & is_zone & ~from_within & ~to_within)
    stranded_node = junctions + len(inner) + np.arange(len(stranded), dtype=np.int32)
    parts = (
        (public, tail[public], head[public], PUBLIC),
        (departs, departing_node[tail[departs]], departing_node[head[departs]], DEPARTING),
        (arrives, arriving_node[tail[arrives]], arriving_node[head[arrives]], ARRIVING),
        (stranded, stranded_node, head[stranded], DEPARTING),
        (np.full(len(inner), NO_ROAD), departing_node[inner], arriving_node[inner], DEPARTING),
    )
    sides = [np.full(len(part[0]), part[3], np.uint8) for part in parts]
    return Layers(
        node_junction=np.concatenate((departing_node, inner, tail[stranded])),
        arc_tail=np.concatenate([part[1] for part in parts]),
        arc_head=np.concatenate([part[2] for part in parts]),
        arc_road=np.concatenate([part[0] for part in parts]).astype(np.int32),
        arc_side=np.concatenate(sides),
        leave_node=np.where(exists, departing_node[head], -1).astype(np.int32),
        enter_node=np.where(exists, arriving_node[tail], -1).astype(np.int32),
    )
