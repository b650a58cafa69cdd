"""
Takes a junction with restricted turns apart, so that every allowed turn is an arc.

Each road that arrives gets a node of its own, and so does each one that leaves. Nobody turns round
there unless nothing else is allowed, as elsewhere at the end of a road. A restriction over
several roads (no turning round by way of the link between two carriageways) needs memory: the road
in between stands once for those who came the forbidden way and once for all others. Aho and
Corasick's automaton (1975) says which copy a drive is on: the one for the longest part of what was
driven last that begins a forbidden sequence.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from data.osm.graph.junctions import Stretches
from data.osm.graph.turns import Roads
from data.osm.graph.zones import (
    ARRIVING,
    DEPARTING,
    NO_ROAD,
    PUBLIC,
    Layers,
    road_ends,
    road_exists,
    within_zone,
)

NONE = -1

_SIDES_AFTER = {
    PUBLIC: (PUBLIC, ARRIVING),
    DEPARTING: (DEPARTING, PUBLIC, ARRIVING),
    ARRIVING: (ARRIVING,),
}
"""On which side of a zone, or outside, a drive may go on."""


class _Copy(NamedTuple):
    """A road on one side of a zone, for those who drove `roads` last, itself included."""

    road: int
    side: int
    roads: Roads


def apply_restrictions(layers: Layers, stretches: Stretches, forbidden: set[Roads]) -> Layers:
    """The same graph without the forbidden sequences. Other junctions stay as they are."""
    if not forbidden:
        return layers
    return _Expansion(layers, stretches, forbidden).run()


@dataclass(slots=True)
class _Arcs:
    """Nodes and arcs that come on top of those there are."""

    next_node: int
    junction: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    road: list[int] = field(default_factory=list)
    side: list[int] = field(default_factory=list)

    def add_node(self, junction: int) -> int:
        self.junction.append(junction)
        self.next_node += 1
        return self.next_node - 1

    def add_arc(self, tail: int, head: int, road: int = NO_ROAD, side: int = PUBLIC) -> None:
        self.tail.append(tail)
        self.head.append(head)
        self.road.append(road)
        self.side.append(side)


class _Expansion:
    def __init__(self, layers: Layers, stretches: Stretches, forbidden: set[Roads]) -> None:
        self._layers, self._forbidden = layers, forbidden
        self._begun = {roads[:end] for roads in forbidden for end in range(2, len(roads))}
        tail, head = road_ends(stretches)
        passed = {road for roads in forbidden for road in roads[:-1]}
        self._sites = np.unique(head[sorted(passed)])
        self._is_site = np.zeros(stretches.junction_count, np.bool_)
        self._is_site[self._sites] = True
        is_within = within_zone(stretches)
        near = road_exists(stretches) & (self._is_site[tail] | self._is_site[head])
        self._tail: dict[int, int] = {}
        self._head: dict[int, int] = {}
        self._sides_there: dict[int, tuple[int, ...]] = {}
        self._sides_here: dict[int, tuple[int, ...]] = {}
        self._into: dict[int, list[int]] = defaultdict(list)
        self._out_of: dict[int, list[int]] = defaultdict(list)
        for road in np.flatnonzero(near).tolist():
            self._tail[road], self._head[road] = int(tail[road]), int(head[road])
            self._into[self._head[road]].append(road)
            self._out_of[self._tail[road]].append(road)
            is_zone = bool(stretches.is_zone[road // 2])
            self._sides_here[road] = _sides(is_zone, bool(is_within[tail[road]]), ARRIVING)
            self._sides_there[road] = _sides(is_zone, bool(is_within[head[road]]), DEPARTING)
        self._arc_tail, self._arc_head = layers.arc_tail.copy(), layers.arc_head.copy()
        is_road = layers.arc_road != NO_ROAD
        arcs = np.flatnonzero(is_road & near[layers.arc_road])
        self._arc = {
            (int(layers.arc_road[arc]), int(layers.arc_side[arc])): int(arc) for arc in arcs
        }
        self._new = _Arcs(len(layers.node_junction))
        self._exits: dict[_Copy, int] = {}
        self._arrived: deque[tuple[int, _Copy]] = deque()

    def run(self) -> Layers:
        leave_node = self._layers.leave_node.copy()
        for site in self._sites.tolist():
            for road in self._out_of[site]:
                for side in self._sides_here[road]:
                    self._exit(_Copy(road, side, (road,)))
            for road in self._into[site]:
                for side in self._sides_there[road]:
                    entry = self._new.add_node(site)
                    self._arrived.append((entry, _Copy(road, side, (road,))))
                    if (road, side) in self._arc:
                        self._arc_head[self._arc[road, side]] = entry
                    if side != ARRIVING:
                        leave_node[road] = entry
        while self._arrived:
            self._add_turns(*self._arrived.popleft())
        return self._result(leave_node)

    def _add_turns(self, entry: int, copy: _Copy) -> None:
        turns = [
            _Copy(after, side, roads)
            for after in self._out_of[self._head[copy.road]]
            if (roads := self._driven(copy.roads, after)) is not None
            for side in _SIDES_AFTER[copy.side]
            if side in self._sides_here[after]
        ]
        # To turn round on the spot would undo most restrictions: over the link, back, and over
        # it again as if one came from nowhere.
        onwards = [turn for turn in turns if turn.road != copy.road ^ 1]
        for turn in onwards or turns:
            self._new.add_arc(entry, self._exit(turn))

    def _driven(self, roads: Roads, after: int) -> Roads | None:
        """What must be remembered of having driven `roads` and then `after`; None if forbidden."""
        ends = [(*roads[first:], after) for first in range(len(roads))]
        if any(end in self._forbidden for end in ends):
            return None
        return next((end for end in ends if end in self._begun), (after,))

    def _exit(self, copy: _Copy) -> int:
        """The node where a copy of a road begins; what it leads to is made the first time."""
        if copy in self._exits:
            return self._exits[copy]
        node = self._exits[copy] = self._new.add_node(self._tail[copy.road])
        if len(copy.roads) == 1:
            # On the arriving side no arc leads to a public junction, yet its places are reached.
            if (copy.road, copy.side) in self._arc:
                self._arc_tail[self._arc[copy.road, copy.side]] = node
        elif copy.side in self._sides_there[copy.road]:
            entry = self._new.add_node(self._head[copy.road])
            self._new.add_arc(node, entry, copy.road, copy.side)
            self._arrived.append((entry, copy))
        return node

    def _result(self, leave_node: np.ndarray) -> Layers:
        enter_node = self._layers.enter_node.copy()
        starts: dict[int, list[int]] = defaultdict(list)
        for copy, node in self._exits.items():
            if copy.side != DEPARTING:
                starts[copy.road].append(node)
        for road, nodes in starts.items():
            if len(nodes) > 1:
                # Places on a road with memory are reached whatever was driven before.
                enter_node[road] = self._new.add_node(self._tail[road])
                for node in nodes:
                    self._new.add_arc(node, int(enter_node[road]))
            else:
                enter_node[road] = nodes[0]
        layers, new = self._layers, self._new
        at_site = self._is_site[layers.node_junction[layers.arc_tail]]
        stays = (layers.arc_road != NO_ROAD) | ~at_site
        return Layers(
            node_junction=_joined(layers.node_junction, new.junction),
            arc_tail=_joined(self._arc_tail[stays], new.tail),
            arc_head=_joined(self._arc_head[stays], new.head),
            arc_road=_joined(layers.arc_road[stays], new.road),
            arc_side=_joined(layers.arc_side[stays], new.side),
            leave_node=leave_node,
            enter_node=enter_node,
        )


def _sides(is_zone: bool, is_within: bool, at_border: int) -> tuple[int, ...]:
    """The sides on which a road has an end at a junction; one only at the border of its zone."""
    if not is_zone:
        return (PUBLIC,)
    return (DEPARTING, ARRIVING) if is_within else (at_border,)


def _joined(array: np.ndarray, more: list[int]) -> np.ndarray:
    return np.concatenate((array, np.array(more, dtype=array.dtype)))
