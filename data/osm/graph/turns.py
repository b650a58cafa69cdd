"""
What turn restrictions forbid, as sequences of roads that may not be driven one after the other.

A road here is a stretch in one direction, as in `zones`.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from data.osm.graph.junctions import Stretches, restricted_ways
from data.osm.graph.zones import road_ends, road_exists
from data.osm.raw_roads import RawRoads, TurnRestriction

Roads = tuple[int, ...]

APPLIED = "Turn restrictions applied."
NEEDLESS = "Turn restrictions that forbid what cannot be driven anyway."
NO_JUNCTION = "Turn restrictions left out: their junction is not on a road of the map."
NO_FROM = "Turn restrictions left out: the road they come from does not lead there."
NO_TO = "Turn restrictions left out: the only road they allow cannot be driven from there."
NO_VIA = "Turn restrictions left out: the roads in between are broken or not to be driven so."
AMBIGUOUS = "Turn restrictions left out: the roads in between can be driven in two ways."


def forbidden_sequences(raw: RawRoads, stretches: Stretches, report: dict[str, int]) -> set[Roads]:
    """
    All restrictions as sequences of two or more roads.

    Where a way passes straight through the junction, both of its roads there are meant. A way
    named as the way to itself means turning round, or going straight on where that is the only
    thing allowed.

    What could not be applied is added to the report, by the reason.
    """
    roads = _RestrictedRoads(raw, stretches)
    forbidden: set[Roads] = set()
    for restriction in raw.restrictions:
        sequences, sentence = _sequences_of(restriction, roads)
        forbidden |= sequences
        report[sentence] = report.get(sentence, 0) + 1
    return forbidden


class _RestrictedRoads:
    """The roads around the junctions of restricted ways, by way and by junction."""

    def __init__(self, raw: RawRoads, stretches: Stretches) -> None:
        self._node_id, self._junction_node = raw.node_id, stretches.junction_node
        self._runs: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.tail: dict[int, int] = {}
        self.head: dict[int, int] = {}
        self.into: dict[int, list[int]] = defaultdict(list)
        self.out_of: dict[int, list[int]] = defaultdict(list)
        self._way_id: dict[int, int] = {}
        tail, head = road_ends(stretches)
        way_id = raw.way_id[stretches.way]
        named = np.flatnonzero(np.isin(way_id, restricted_ways(raw)))
        # These stretches run as their ways are drawn: other ways are never joined to them.
        for stretch in named[np.argsort(stretches.begin[named])].tolist():
            self._runs[int(way_id[stretch])][int(stretches.way[stretch])].append(2 * stretch)
        is_near = np.zeros(stretches.junction_count, np.bool_)
        is_near[stretches.tail[named]] = is_near[stretches.head[named]] = True
        near = road_exists(stretches) & (is_near[tail] | is_near[head])
        for road in np.flatnonzero(near).tolist():
            self._way_id[road] = int(way_id[road // 2])
            self.tail[road], self.head[road] = int(tail[road]), int(head[road])
            self.into[self.head[road]].append(road)
            self.out_of[self.tail[road]].append(road)

    def junction(self, node_id: int) -> int | None:
        """The junction at a node of OpenStreetMap; none where a barrier ends all roads."""
        node = int(np.searchsorted(self._node_id, node_id))
        if node == len(self._node_id) or self._node_id[node] != node_id:
            return None
        # Of the same type as the array, which would be converted every time.
        junction = int(np.searchsorted(self._junction_node, np.int32(node)))
        if junction == len(self._junction_node) or self._junction_node[junction] != node:
            return None
        return junction

    def of_way_into(self, way_id: int, junction: int) -> list[int]:
        return [road for road in self.into[junction] if self._way_id[road] == way_id]

    def of_way_out_of(self, way_id: int, junction: int) -> list[int]:
        return [road for road in self.out_of[junction] if self._way_id[road] == way_id]

    def has_way_at(self, way_id: int, junction: int) -> bool:
        """Whether the way touches the junction, in whatever direction it may be driven."""
        return bool(self.of_way_into(way_id, junction) or self.of_way_out_of(way_id, junction))

    def runs(self, way_id: int) -> Iterator[Roads]:
        """A way from one end to the other and back; each of its parts if the border cuts it."""
        for roads in self._runs[way_id].values():
            for run in (roads, [road ^ 1 for road in reversed(roads)]):
                if all(road in self.tail for road in run) and all(
                    self.head[road] == self.tail[after] for road, after in pairwise(run)
                ):
                    yield tuple(run)


def _sequences_of(restriction: TurnRestriction, roads: _RestrictedRoads) -> tuple[set[Roads], str]:
    """The sequences that one restriction forbids, and what to say of it in the report."""
    if restriction.via_ways:
        paths = _via_paths(restriction, roads)
        if len(paths) != 1:
            return set(), AMBIGUOUS if paths else NO_VIA
        (via,) = paths
        first_junction, last_junction = roads.tail[via[0]], roads.head[via[-1]]
    else:
        junction = None if restriction.via_node is None else roads.junction(restriction.via_node)
        if junction is None:
            return set(), NO_JUNCTION
        via, first_junction, last_junction = (), junction, junction
    arriving = roads.of_way_into(restriction.from_way, first_junction)
    if not arriving and not roads.has_way_at(restriction.from_way, first_junction):
        return set(), NO_FROM
    leaving = roads.of_way_out_of(restriction.to_way, last_junction)
    forbidden: set[Roads] = set()
    is_dead_end = False
    for road in arriving:
        meant = _turns_into(restriction, road, via, leaving)
        if restriction.is_only and not meant:
            is_dead_end = True
        elif restriction.is_only:
            others = (after for after in roads.out_of[last_junction] if after not in meant)
            forbidden.update((road, *via, after) for after in others)
        else:
            forbidden.update((road, *via, after) for after in meant)
    if forbidden:
        return forbidden, APPLIED
    return set(), NO_TO if is_dead_end else NEEDLESS


def _turns_into(
    restriction: TurnRestriction, road: int, via: Roads, leaving: list[int]
) -> list[int]:
    """Of the roads of the way to turn into, those that are meant when coming from a road."""
    if restriction.from_way != restriction.to_way or via:
        return leaving
    if restriction.is_only:
        # Straight on where the way goes on, else what `only_u_turn` says.
        return [after for after in leaving if after != road ^ 1] or leaving
    return [after for after in leaving if after == road ^ 1]


def _via_paths(restriction: TurnRestriction, roads: _RestrictedRoads) -> list[Roads]:
    """All ways to drive along the ways in between, from the first road to the last."""
    paths: list[Roads] = [
        run
        for run in roads.runs(restriction.via_ways[0])
        if roads.of_way_into(restriction.from_way, roads.tail[run[0]])
    ]
    for way_id in restriction.via_ways[1:]:
        paths = [
            (*path, *run)
            for path in paths
            for run in roads.runs(way_id)
            if roads.tail[run[0]] == roads.head[path[-1]]
        ]
    return [path for path in paths if roads.has_way_at(restriction.to_way, roads.head[path[-1]])]
