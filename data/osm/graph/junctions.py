"""
Cuts ways at junctions, and joins what needs no junction.

A way is cut where it ends, where another way or it itself meets it, and where a turn is restricted.
Two pieces are joined again where nothing else meets and driving goes on as before, so that a street
drawn in ten ways, or crossed by a path that is not in the map, is one stretch.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from data.osm.raw_roads import NodeFlag, RawRoads
from geo import great_circle_m

NO_LINK = -1

_POINTS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class RoadPieces:
    """
    Parts of ways between two cuts.

    Nodes are called by their position in `RawRoads`; numbers above are dead ends at barriers, one
    for every road that ends there.

    Parameters
    ----------
    way
        (p,) int32, index of the way.
    begin, end
        (p,) int64, first and last position in `RawRoads.ref`, both inclusive.
    tail, head
        (p,) int32, nodes at the two ends.
    length_m
        (p,) float64, along the great circles between the points.
    forward_wait_s, backward_wait_s
        (p,) float32, at signals and barriers behind the first node, up to the last.
    is_zone
        (p,) bool, may only be used to reach something in it.
    """

    way: NDArray[np.int32]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length_m: NDArray[np.float64]
    forward_wait_s: NDArray[np.float32]
    backward_wait_s: NDArray[np.float32]
    is_zone: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.way)

    def __getitem__(self, pick: NDArray[np.bool_]) -> "RoadPieces":
        """The pieces picked by a mask."""
        return RoadPieces(*(getattr(self, name)[pick] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """
    Roads between two junctions, all their points in order.

    Parameters
    ----------
    way
        (s,) int32, index of the first of its ways, whose kind and name it has.
    begin
        (s,) int64, position in `RawRoads.ref` where its first piece begins.
    first_point
        (s + 1,) int64, the points of stretch k are those from `first_point[k]` to
        `first_point[k + 1]`.
    point
        (q,) int32, positions in the node arrays of `RawRoads`.
    tail, head
        (s,) int32, junctions, counted from 0 in the order of their nodes.
    junction_node
        (j,) int32, node of each junction as in `RoadPieces`, ascending.
    length_m
        (s,) float64.
    forward_kmh, backward_kmh
        (s,) float32, along the points and against them; 0: not allowed.
    forward_wait_s, backward_wait_s
        (s,) float32, at signals and barriers.
    is_zone
        (s,) bool.
    """

    way: NDArray[np.int32]
    begin: NDArray[np.int64]
    first_point: NDArray[np.int64]
    point: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    junction_node: NDArray[np.int32]
    length_m: NDArray[np.float64]
    forward_kmh: NDArray[np.float32]
    backward_kmh: NDArray[np.float32]
    forward_wait_s: NDArray[np.float32]
    backward_wait_s: NDArray[np.float32]
    is_zone: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.way)

    @property
    def junction_count(self) -> int:
        return len(self.junction_node)


def cut_at_junctions(raw: RawRoads, signal_s: float, barrier_s: float) -> RoadPieces:
    """
    All ways, cut wherever a junction may be.

    A barrier that nobody passes ends the road on each of its sides.
    """
    is_cut = np.bincount(raw.ref, minlength=len(raw.node_id)) >= 2
    is_blocked = (raw.node_flags & NodeFlag.BLOCKED) > 0
    is_cut |= is_blocked
    is_cut |= restricted_nodes(raw)
    at_cut = is_cut[raw.ref]
    at_cut[raw.first_ref[:-1]] = True
    at_cut[raw.first_ref[1:] - 1] = True
    cut = np.flatnonzero(at_cut)
    way = (np.searchsorted(raw.first_ref, cut, side="right") - 1).astype(np.int32)
    # A node that stands twice in a row makes no road.
    is_piece = (way[:-1] == way[1:]) & ~(
        (cut[1:] - cut[:-1] == 1) & (raw.ref[cut[:-1]] == raw.ref[cut[1:]])
    )
    is_piece &= (raw.forward_kmh[way[:-1]] > 0) | (raw.backward_kmh[way[:-1]] > 0)
    begin, end, way = cut[:-1][is_piece], cut[1:][is_piece], way[:-1][is_piece]
    tail, head = raw.ref[begin], raw.ref[end]
    next_node = len(raw.node_id)
    for side in (tail, head):
        at_barrier = np.flatnonzero(is_blocked[side])
        side[at_barrier] = np.arange(next_node, next_node + len(at_barrier))
        next_node += len(at_barrier)
    forward_wait_s, backward_wait_s = _waits(raw, begin, end, signal_s, barrier_s)
    return RoadPieces(
        way=way,
        begin=begin,
        end=end,
        tail=tail,
        head=head,
        length_m=_lengths(raw, begin, end),
        forward_wait_s=forward_wait_s,
        backward_wait_s=backward_wait_s,
        is_zone=raw.is_zone[way],
    )


def restricted_nodes(raw: RawRoads) -> NDArray[np.bool_]:
    """
    (n,) nodes that stay junctions for the sake of turn restrictions.

    Those where a turn is restricted, and both ends of the ways that are named, so that no stretch
    holds a part of one of these ways and a part of another.
    """
    is_restricted = np.zeros(len(raw.node_id), np.bool_)
    via = np.array([r.via_node for r in raw.restrictions if r.via_node is not None], dtype=np.int64)
    if len(raw.node_id):
        position = np.minimum(np.searchsorted(raw.node_id, via), len(raw.node_id) - 1)
        is_restricted[position[raw.node_id[position] == via]] = True
    way = np.flatnonzero(np.isin(raw.way_id, restricted_ways(raw)))
    is_restricted[raw.ref[raw.first_ref[way]]] = True
    is_restricted[raw.ref[raw.first_ref[way + 1] - 1]] = True
    return is_restricted


def restricted_ways(raw: RawRoads) -> NDArray[np.int64]:
    """Ids of all ways that a turn restriction names, ascending."""
    ids = {way for r in raw.restrictions for way in (r.from_way, r.to_way, *r.via_ways)}
    return np.array(sorted(ids), dtype=np.int64)


def join_pieces(raw: RawRoads, pieces: RoadPieces) -> Stretches:
    """
    Join pieces where exactly two meet and kind, speeds, name and access go on as before.

    Every junction that is left is the end of a stretch. Rings without a junction get one. There
    must be a piece.
    """
    order, is_reversed, first_piece = _chains(_links(raw, pieces))
    leader, is_turned = order[first_piece[:-1]], is_reversed[first_piece[:-1]]
    last, last_is_reversed = order[first_piece[1:] - 1], is_reversed[first_piece[1:] - 1]
    tail = np.where(is_turned, pieces.head[leader], pieces.tail[leader])
    head = np.where(last_is_reversed, pieces.tail[last], pieces.head[last])
    is_junction = np.zeros(int(max(tail.max(), head.max())) + 1, np.bool_)
    is_junction[tail] = is_junction[head] = True
    number = np.cumsum(is_junction, dtype=np.int32) - np.int32(1)
    first_point, point = _points(raw.ref, pieces.begin, pieces.end, order, is_reversed, first_piece)
    way = pieces.way[leader]
    there_kmh, back_kmh = raw.forward_kmh[way], raw.backward_kmh[way]
    there_s = np.where(is_reversed, pieces.backward_wait_s[order], pieces.forward_wait_s[order])
    back_s = np.where(is_reversed, pieces.forward_wait_s[order], pieces.backward_wait_s[order])
    starts = first_piece[:-1]
    return Stretches(
        way=way,
        begin=pieces.begin[leader],
        first_point=first_point,
        point=point,
        tail=number[tail],
        head=number[head],
        junction_node=np.flatnonzero(is_junction).astype(np.int32),
        length_m=np.add.reduceat(pieces.length_m[order], starts),
        forward_kmh=np.where(is_turned, back_kmh, there_kmh),
        backward_kmh=np.where(is_turned, there_kmh, back_kmh),
        forward_wait_s=np.add.reduceat(there_s, starts),
        backward_wait_s=np.add.reduceat(back_s, starts),
        is_zone=pieces.is_zone[leader],
    )


def _waits(
    raw: RawRoads,
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    signal_s: float,
    barrier_s: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    forward_s = np.zeros(len(begin), np.float32)
    backward_s = np.zeros(len(begin), np.float32)
    for flag, wait_s, total_s in (
        (NodeFlag.SIGNAL_FORWARD, signal_s, forward_s),
        (NodeFlag.SIGNAL_BACKWARD, signal_s, backward_s),
        (NodeFlag.BARRIER, barrier_s, forward_s),
        (NodeFlag.BARRIER, barrier_s, backward_s),
    ):
        passed = np.cumsum((raw.node_flags & flag > 0)[raw.ref], dtype=np.int32)
        if total_s is forward_s:
            count = passed[end] - passed[begin]
        else:
            # Coming from the end, the first node is met last; the one at the end is left behind.
            before = np.where(begin > 0, passed[begin - 1], 0)
            count = passed[end - 1] - before
        total_s += np.float32(wait_s) * count
    return forward_s, backward_s


def _lengths(
    raw: RawRoads, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Metres of each piece; distances in chunks, since a country has tens of millions of points."""
    along_m = np.zeros(len(raw.ref))
    for first in range(0, len(raw.ref) - 1, _POINTS_AT_ONCE):
        ref = raw.ref[first : first + _POINTS_AT_ONCE + 1]
        lon, lat = raw.node_lon[ref] / 1e7, raw.node_lat[ref] / 1e7
        along_m[first + 1 : first + len(ref)] = great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    # From the end of one way to the beginning of the next there is no road.
    along_m[raw.first_ref[:-1]] = 0.0
    np.cumsum(along_m, out=along_m)
    return along_m[end] - along_m[begin]


def _links(raw: RawRoads, pieces: RoadPieces) -> NDArray[np.int32]:
    """
    (2p,) the end of another piece that each end is joined to, or `NO_LINK`.

    The tail of piece k is end 2k, its head is end 2k + 1.
    """
    node = np.column_stack((pieces.tail, pieces.head)).ravel()
    link = np.full(len(node), NO_LINK, np.int32)
    if not len(node):
        return link
    size = int(node.max()) + 1
    degree = np.bincount(node, minlength=size)
    may_join = degree == 2
    may_join[: len(raw.node_id)] &= ~restricted_nodes(raw)[:size]
    # Of two ends that meet, the sum less one is the other; sums of two indices are exact.
    number = np.arange(len(node))
    end_sum = np.bincount(node, weights=number, minlength=size).astype(np.int64)
    one = number[may_join[node]]
    other = end_sum[node[one]] - one
    is_pair = one < other
    one, other = one[is_pair], other[is_pair]
    goes_on = (one // 2 != other // 2) & _goes_on(raw, pieces, one, other)
    one, other = one[goes_on], other[goes_on]
    link[one], link[other] = other, one
    return link


def _goes_on(
    raw: RawRoads, pieces: RoadPieces, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether driving over from one end of a piece to one end of another changes nothing."""
    way, next_way = pieces.way[one // 2], pieces.way[other // 2]
    is_same = pieces.is_zone[one // 2] == pieces.is_zone[other // 2]
    for values in (raw.kind, raw.name, raw.is_stop_allowed):
        is_same &= values[way] == values[next_way]
    # Head to tail both are driven forwards; head to head the second is driven backwards.
    is_turned = one % 2 == other % 2
    forward, backward = raw.forward_kmh, raw.backward_kmh
    is_same &= forward[way] == np.where(is_turned, backward[next_way], forward[next_way])
    is_same &= backward[way] == np.where(is_turned, forward[next_way], backward[next_way])
    return is_same


@njit(cache=True, nogil=True)
def _chains(
    link: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int64]]:
    """
    Pieces in the order of the stretches, which are passed head first, and where stretches begin.

    Stretches begin at tails where possible, so that most run as their ways are drawn; then at
    heads; what is left are rings, which begin anywhere.
    """
    pieces = len(link) // 2
    order = np.empty(pieces, np.int32)
    is_reversed = np.empty(pieces, np.bool_)
    first = np.empty(pieces + 1, np.int64)
    is_done = np.zeros(pieces, np.bool_)
    placed = 0
    count = 0
    for phase in range(3):
        for start in range(pieces):
            end = 2 * start + (phase == 1)
            if is_done[start] or (phase < 2 and link[end] != NO_LINK):
                continue
            first[count] = placed
            count += 1
            while end != NO_LINK and not is_done[end // 2]:
                is_done[end // 2] = True
                order[placed] = end // 2
                is_reversed[placed] = end % 2 == 1
                placed += 1
                end = link[end ^ 1]
    first[count] = placed
    return order, is_reversed, first[: count + 1].copy()


@njit(cache=True, nogil=True)
def _points(
    ref: NDArray[np.int32],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    order: NDArray[np.int32],
    is_reversed: NDArray[np.bool_],
    first_piece: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The points of each stretch; where two pieces meet, their common point once."""
    total = len(first_piece) - 1
    for piece in order:
        total += end[piece] - begin[piece]
    point = np.empty(total, np.int32)
    first_point = np.zeros(len(first_piece), np.int64)
    place = 0
    for stretch in range(len(first_piece) - 1):
        for position in range(first_piece[stretch], first_piece[stretch + 1]):
            piece = order[position]
            length = end[piece] - begin[piece]
            for step in range(0 if position == first_piece[stretch] else 1, length + 1):
                if is_reversed[position]:
                    point[place] = ref[end[piece] - step]
                else:
                    point[place] = ref[begin[piece] + step]
                place += 1
        first_point[stretch + 1] = place
    return first_point, point
