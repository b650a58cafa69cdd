"""Largest flow between the two ends of a part of the graph, every link one unit wide."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FREE, SOURCE, SINK = 0, 1, 2


class Links(NamedTuple):
    """
    Who is next to whom, both ways, in compressed rows.

    Parameters
    ----------
    first
        (n + 1,) int64.
    head
        (2m,) int32.
    opposite
        (2m,) int32, the same link seen from its other node.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    opposite: NDArray[np.int32]


class FlowState(NamedTuple):
    """
    What a flow is written on; one set of arrays serves all flows of a dissection.

    Parameters
    ----------
    cell
        (n,) int32, which part of the graph a node belongs to. Flows stay within one part.
    end
        (n,) int8, `SOURCE`, `SINK` or `FREE`.
    flow
        (2m,) int8, units along a link; what flows one way counts negative the other way.
    level
        (n,) int64, distance from the sources plus a stamp that grows from search to search, so
        that nothing has to be wiped.
    next_link
        (n,) int64, first link that the current search has not yet ruled out.
    rim
        (n,) int32, the sources, or sinks, with a neighbour that is none.
    queue, trail
        (n,) int32 and (n,) int64.
    stamp
        (1,) int64, the highest level given out.
    """

    cell: NDArray[np.int32]
    end: NDArray[np.int8]
    flow: NDArray[np.int8]
    level: NDArray[np.int64]
    next_link: NDArray[np.int64]
    rim: NDArray[np.int32]
    queue: NDArray[np.int32]
    trail: NDArray[np.int64]
    stamp: NDArray[np.int64]


@njit(cache=True, nogil=True)
def max_flow(
    links: Links, state: FlowState, nodes: NDArray[np.int32], cell: int, end_size: int, limit: float
) -> tuple[int, int]:
    """
    Send as much as possible from the first to the last `end_size` of the nodes (Dinic 1970).

    Returns the flow, or -1 as soon as it would exceed `limit`. Afterwards the nodes that the
    sources still reach are those with `state.level > stamp`, the stamp being the second result.
    """
    first, head, opposite = links.first, links.head, links.opposite
    level, next_link, trail, flow = state.level, state.next_link, state.trail, state.flow
    for position, node in enumerate(nodes):
        if position < end_size:
            state.end[node] = SOURCE
        elif position >= len(nodes) - end_size:
            state.end[node] = SINK
        else:
            state.end[node] = FREE
        for link in range(first[node], first[node + 1]):
            flow[link] = 0
    rim_size = _rim(links, state, nodes[:end_size], cell, SOURCE)
    total = 0
    while True:
        stamp = state.stamp[0]
        if not _spread_from_sources(links, state, rim_size, cell):
            return total, stamp
        for position in range(rim_size):
            root = state.rim[position]
            node, depth = root, 0
            while True:
                if state.end[node] == SINK:
                    total += 1
                    if total > limit:
                        return -1, stamp
                    for step in range(depth):
                        flow[trail[step]] += 1
                        flow[opposite[trail[step]]] -= 1
                    node, depth = root, 0
                    continue
                link = next_link[node]
                if link < first[node + 1]:
                    to = head[link]
                    if state.cell[to] == cell and flow[link] < 1 and level[to] == level[node] + 1:
                        trail[depth] = link
                        depth += 1
                        node = to
                    else:
                        next_link[node] += 1
                    continue
                if depth == 0:
                    break
                depth -= 1
                node = head[opposite[trail[depth]]]
                next_link[node] += 1


@njit(cache=True, nogil=True)
def spread_from_sinks(
    links: Links, state: FlowState, nodes: NDArray[np.int32], cell: int, end_size: int
) -> tuple[int, int]:
    """
    How many nodes could still send to the sinks, and the stamp their levels exceed.

    Counts the sinks, of which only some have a level.
    """
    rim_size = _rim(links, state, nodes[len(nodes) - end_size :], cell, SINK)
    stamp = state.stamp[0]
    level, queue = state.level, state.queue
    for position in range(rim_size):
        queue[position] = state.rim[position]
        level[queue[position]] = stamp + 1
    done, waiting, count = 0, rim_size, end_size
    while done < waiting:
        node = queue[done]
        done += 1
        for link in range(links.first[node], links.first[node + 1]):
            to = links.head[link]
            if (
                state.cell[to] == cell
                and state.end[to] != SINK
                and level[to] <= stamp
                and state.flow[link] > -1
            ):
                level[to] = stamp + 1
                queue[waiting] = to
                waiting += 1
                count += 1
    state.stamp[0] = stamp + 1
    return count, stamp


@njit(cache=True, nogil=True)
def _rim(links: Links, state: FlowState, end_nodes: NDArray[np.int32], cell: int, end: int) -> int:
    """Write the nodes of one end that have a neighbour outside it to `state.rim`."""
    size = 0
    for node in end_nodes:
        for link in range(links.first[node], links.first[node + 1]):
            to = links.head[link]
            if state.cell[to] == cell and state.end[to] != end:
                state.rim[size] = node
                size += 1
                break
    return size


@njit(cache=True, nogil=True)
def _spread_from_sources(links: Links, state: FlowState, rim_size: int, cell: int) -> bool:
    """Level the nodes by their distance from the sources; False if no sink is reached."""
    stamp = state.stamp[0]
    level, queue = state.level, state.queue
    for position in range(rim_size):
        node = state.rim[position]
        queue[position] = node
        level[node] = stamp + 1
        state.next_link[node] = links.first[node]
    done, waiting = 0, rim_size
    last_level = stamp + 1
    found = False
    while done < waiting:
        node = queue[done]
        done += 1
        if found and level[node] == last_level:
            break
        for link in range(links.first[node], links.first[node + 1]):
            to = links.head[link]
            if (
                state.cell[to] != cell
                or state.end[to] == SOURCE
                or level[to] > stamp
                or state.flow[link] > 0
            ):
                continue
            last_level = level[node] + 1
            level[to] = last_level
            if state.end[to] == SINK:
                found = True
            else:
                queue[waiting] = to
                waiting += 1
                state.next_link[to] = links.first[to]
    state.stamp[0] = last_level
    return found
