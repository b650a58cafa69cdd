"""Roads that turn restrictions cut off, by mistake of the map or by the border of the extract."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from data.osm.graph.junctions import Stretches
from data.osm.graph.networks import is_large
from data.osm.graph.zones import NO_ROAD, Layers


def within_reach(layers: Layers, stretches: Stretches) -> NDArray[np.bool_]:
    """
    (s,) whether each stretch can be reached from one of the networks, and left to one.

    A place on any other would be unreachable, though a road nearby may not be.
    """
    label, cores = _cores(layers, stretches)
    can_leave = _reached(layers.arc_head, layers.arc_tail, label, cores)[layers.leave_node]
    can_enter = _reached(layers.arc_tail, layers.arc_head, label, cores)[layers.enter_node]
    leaves = (can_leave & (layers.leave_node >= 0)).reshape(-1, 2).any(axis=1)
    enters = (can_enter & (layers.enter_node >= 0)).reshape(-1, 2).any(axis=1)
    return np.asarray(leaves & enters)


def _cores(layers: Layers, stretches: Stretches) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The network of each node, now with zones and turns, and those that are large."""
    nodes = len(layers.node_junction)
    arcs = csr_array(
        (np.ones(len(layers.arc_tail), np.int8), (layers.arc_tail, layers.arc_head)),
        shape=(nodes, nodes),
    )
    networks, label = connected_components(arcs, directed=True, connection="strong")
    of_tail = label[layers.arc_tail]
    within = (of_tail == label[layers.arc_head]) & (layers.arc_road != NO_ROAD)
    length_m = stretches.length_m[layers.arc_road[within] // 2]
    total_m = np.bincount(of_tail[within], length_m, minlength=networks).astype(np.float64)
    return label, np.flatnonzero(is_large(total_m))


def _reached(
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    label: NDArray[np.int32],
    cores: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """(n,) which nodes can be reached from a core, by one search from a node before all of them."""
    nodes = len(label)
    _, first = np.unique(label, return_index=True)
    tails = np.concatenate((tail, np.full(len(cores), nodes, np.int32)))
    heads = np.concatenate((head, first[cores].astype(np.int32)))
    arcs = csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=(nodes + 1, nodes + 1))
    is_reached = np.zeros(nodes + 1, np.bool_)
    is_reached[breadth_first_order(arcs, nodes, return_predecessors=False)] = True
    return is_reached[:-1]
