"""
As many paths as possible between two ends of a graph, no node on more than one of them.

They are as many as the fewest nodes that separate the ends (Menger 1927). Dinic's algorithm (1970)
on nodes that let one path through: a node is a way in and a way out, and what an arrow may do at
either of them follows from the paths found so far, so that only those are stored.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

NONE = -1
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
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]


class FlowState(NamedTuple):
    """
    What paths are written on; one set of arrays serves all searches of a dissection.

    The way into node v is the door 2v, the way out is the door 2v + 1.

    Parameters
    ----------
    cell
        (n,) int32, which part of the graph a node belongs to. Paths stay within one part.
    end
        (n,) int8, `SOURCE`, `SINK` or `FREE`.
    before, after
        (n,) int32, neighbours on the path through a node, or `NONE`.
    level
        (2n,) int64, distance of a door from the origin plus a stamp that grows from search to
        search, so that nothing has to be wiped.
    next_link
        (n,) int64, first link out of a node that the current search has not yet ruled out.
    rim
        (n,) int32, the nodes of one end that have a neighbour outside it.
    queue, trail
        (2n,) int64, doors.
    stamp
        (1,) int64, the highest level given out.
    """

    cell: NDArray[np.int32]
    end: NDArray[np.int8]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    level: NDArray[np.int64]
    next_link: NDArray[np.int64]
    rim: NDArray[np.int32]
    queue: NDArray[np.int64]
    trail: NDArray[np.int64]
    stamp: NDArray[np.int64]


def new_flow_state(nodes: int) -> FlowState:
    return FlowState(
        cell=np.zeros(nodes, np.int32),
        end=np.zeros(nodes, np.int8),
        before=np.zeros(nodes, np.int32),
        after=np.zeros(nodes, np.int32),
        level=np.zeros(2 * nodes, np.int64),
        next_link=np.zeros(nodes, np.int64),
        rim=np.zeros(nodes, np.int32),
        queue=np.zeros(2 * nodes, np.int64),
        trail=np.zeros(2 * nodes, np.int64),
        stamp=np.zeros(1, np.int64),
    )


@njit(cache=True, nogil=True)
def find_paths(
    links: Links,
    state: FlowState,
    nodes: NDArray[np.int32],
    cell: int,
    end_size: int,
    limit: float,
) -> tuple[int, int]:
    """
    Join the first and the last `end_size` of the nodes by disjoint paths.

    Returns their number, or `NONE` as soon as it would exceed `limit`, and the stamp that the
    levels of all doors exceed which the sources still reach.
    """
    for position, node in enumerate(nodes):
        if position < end_size:
            state.end[node] = SOURCE
        elif position >= len(nodes) - end_size:
            state.end[node] = SINK
        else:
            state.end[node] = FREE
        state.before[node] = NONE
        state.after[node] = NONE
    rim_size = find_rim(links, state, nodes[:end_size], cell, SOURCE)
    paths = 0
    while True:
        stamp = state.stamp[0]
        if not spread(links, state, rim_size, cell, SOURCE, SINK, state.before, state.after):
            return paths, stamp
        for root in state.rim[:rim_size]:
            if state.after[root] == NONE and _find_path(links, state, root):
                paths += 1
                if paths > limit:
                    return NONE, stamp


@njit(cache=True, nogil=True)
def find_rim(
    links: Links, state: FlowState, end_nodes: NDArray[np.int32], cell: int, end: int
) -> int:
    """Write the nodes of one end that have a neighbour outside it to `state.rim`; their number."""
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
def spread(
    links: Links,
    state: FlowState,
    rim_size: int,
    cell: int,
    origin: int,
    goal: int,
    back: NDArray[np.int32],
    forth: NDArray[np.int32],
) -> bool:
    """
    Level the doors by their distance from the origin, up to the goal; whether it was reached.

    Forwards, `back` is `state.before` and `forth` is `state.after`; backwards they change places,
    and ways in and ways out with them. A node that was entered but could not be left separates.
    """
    stamp = state.stamp[0]
    level, queue = state.level, state.queue
    waiting = 0
    for node in state.rim[:rim_size]:
        if forth[node] != NONE:
            level[2 * node] = stamp + 1
            continue
        level[2 * node + 1] = stamp + 1
        state.next_link[node] = links.first[node]
        queue[waiting] = 2 * node + 1
        waiting += 1
    done, last_level, is_found = 0, stamp + 1, False
    while done < waiting:
        door = queue[done]
        node = door // 2
        done += 1
        if is_found and level[door] == last_level:
            break
        if door % 2 == 0:
            # Through a node that is free; where a path passes, only back along that path.
            left = node if back[node] == NONE else back[node]
            if level[2 * left + 1] <= stamp:
                last_level = level[door] + 1
                level[2 * left + 1] = last_level
                state.next_link[left] = links.first[left]
                queue[waiting] = 2 * left + 1
                waiting += 1
            continue
        for link in range(links.first[node], links.first[node + 1]):
            to = links.head[link]
            if state.cell[to] != cell or state.end[to] == origin or level[2 * to] > stamp:
                continue
            last_level = level[door] + 1
            level[2 * to] = last_level
            if state.end[to] == goal and back[to] == NONE:
                is_found = True
            else:
                queue[waiting] = 2 * to
                waiting += 1
        if state.end[node] != origin and level[2 * node] <= stamp:
            # Reached against the path through it, which may also be taken away from it.
            last_level = level[door] + 1
            level[2 * node] = last_level
            queue[waiting] = 2 * node
            waiting += 1
    state.stamp[0] = last_level
    return is_found


@njit(cache=True, nogil=True)
def _find_path(links: Links, state: FlowState, root: int) -> bool:
    """Follow ascending levels from a source to a free sink, and store the path if there is one."""
    trail = state.trail
    depth = 0
    trail[0] = 2 * root + 1
    while depth >= 0:
        door = trail[depth]
        node = door // 2
        if door % 2 == 0 and state.end[node] == SINK and state.before[node] == NONE:
            _store_path(state, depth)
            return True
        following = _next_door(links, state, door)
        if following == NONE:
            state.level[door] = 0
            depth -= 1
        else:
            depth += 1
            trail[depth] = following
    return False


@njit(cache=True, nogil=True)
def _next_door(links: Links, state: FlowState, door: int) -> int:
    node = door // 2
    level = state.level[door] + 1
    if door % 2 == 0:
        left = node if state.before[node] == NONE else state.before[node]
        return 2 * left + 1 if state.level[2 * left + 1] == level else NONE
    end = links.first[node + 1]
    while state.next_link[node] <= end:
        link = state.next_link[node]
        to = links.head[link] if link < end else node
        if state.level[2 * to] == level:
            return 2 * to
        state.next_link[node] += 1
    return NONE


@njit(cache=True, nogil=True)
def _store_path(state: FlowState, depth: int) -> None:
    for step in range(depth):
        door, following = state.trail[step], state.trail[step + 1]
        if following % 2 == 1:
            continue
        node, to = door // 2, following // 2
        state.level[following] = 0  # one path a node
        if node == to:
            state.before[node] = NONE
            state.after[node] = NONE
        else:
            state.before[to] = node
            state.after[node] = to
