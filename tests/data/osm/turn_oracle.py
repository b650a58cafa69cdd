"""
What driving on roads as drawn would take, found without any of the code that compiles them.

Every piece between two neighbouring points of a way is a step; what a drive did lately is part of
its state: which piece, which side of a zone, how far into each forbidden sequence. networkx
searches the graph of these states.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

import networkx as nx

from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction
from data.osm.reading.profile import Profile

DEPARTING, PUBLIC, ARRIVING = "departing", "public", "arriving"

Node = int | tuple[int, str]
Position = tuple[int, int]


class Step(NamedTuple):
    """From one point of a way to the next; `begin` is a position in `RawRoads.ref`."""

    begin: int
    is_forward: bool

    @property
    def back(self) -> "Step":
        return Step(self.begin, not self.is_forward)


class State(NamedTuple):
    step: Step
    side: str
    progress: frozenset[tuple[int, int]]


class Oracle:
    """
    Parameters
    ----------
    turning
        Positions where one may turn round: elsewhere between junctions nobody does.
    """

    def __init__(self, raw: RawRoads, profile: Profile, turning: set[Position]) -> None:
        self.raw, self.profile, self.turning = raw, profile, turning
        self.tail: dict[Step, Node] = {}
        self.head: dict[Step, Node] = {}
        self.way: dict[Step, int] = {}
        self.is_zone: dict[Step, bool] = {}
        for way in range(len(raw.way_id)):
            for begin in range(int(raw.first_ref[way]), int(raw.first_ref[way + 1]) - 1):
                first, last = self._node(begin, "right"), self._node(begin + 1, "left")
                if raw.ref[begin] == raw.ref[begin + 1]:
                    continue
                for is_forward in (True, False):
                    step = Step(begin, is_forward)
                    self.way[step] = way
                    self.is_zone[step] = bool(raw.is_zone[way])
                    self.tail[step] = first if is_forward else last
                    self.head[step] = last if is_forward else first
        self.runs = self._runs()
        self._keep_networks()
        self.out_of: dict[Node, list[Step]] = defaultdict(list)
        self.into: dict[Node, list[Step]] = defaultdict(list)
        self.arms: dict[Node, int] = defaultdict(int)
        self.public: set[Node] = set()
        for step in self.tail:
            if step.is_forward:
                self.arms[self.tail[step]] += 1
                self.arms[self.head[step]] += 1
            if not self.is_zone[step]:
                self.public.add(self.tail[step])
            if self.kmh(step):
                self.out_of[self.tail[step]].append(step)
                self.into[self.head[step]].append(step)
        self.forbidden = [tuple(s) for r in raw.restrictions for s in self.sequences(r)]
        # Where turns are restricted, nobody turns round unless nothing else is allowed.
        self.apart = {self.head[step] for sequence in self.forbidden for step in sequence[:-1]}
        self._begins: dict[Step, list[int]] = defaultdict(list)
        for number, sequence in enumerate(self.forbidden):
            self._begins[sequence[0]].append(number)
        self.graph = nx.DiGraph()

    def _node(self, position: int, side: str) -> Node:
        """At a barrier that nobody passes every step has an end of its own."""
        node = int(self.raw.ref[position])
        is_blocked = bool(self.raw.node_flags[node] & NodeFlag.BLOCKED)
        return (position, side) if is_blocked else node

    def kmh(self, step: Step) -> float:
        speeds = self.raw.forward_kmh if step.is_forward else self.raw.backward_kmh
        return float(speeds[self.way[step]])

    def length_m(self, step: Step) -> float:
        lon1, lat1 = (radians(x / 1e7) for x in self._position(step.begin))
        lon2, lat2 = (radians(x / 1e7) for x in self._position(step.begin + 1))
        h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
        return 2 * 6_371_008.8 * asin(sqrt(h))

    def _position(self, position: int) -> Position:
        node = self.raw.ref[position]
        return int(self.raw.node_lon[node]), int(self.raw.node_lat[node])

    def head_position(self, step: Step) -> Position:
        return self._position(step.begin + step.is_forward)

    def duration_s(self, step: Step) -> float:
        node = int(self.raw.ref[step.begin + step.is_forward])
        flags = int(self.raw.node_flags[node])
        signal = NodeFlag.SIGNAL_FORWARD if step.is_forward else NodeFlag.SIGNAL_BACKWARD
        duration_s = self.length_m(step) / (self.kmh(step) / 3.6)
        duration_s += self.profile.signal_s * bool(flags & signal)
        duration_s += self.profile.barrier_s * bool(flags & NodeFlag.BARRIER)
        return duration_s + self.profile.junction_s * (self.arms[self.head[step]] >= 3)

    def _runs(self) -> list[list[Step]]:
        """Forward steps in a row with nothing else in between."""
        uses: dict[int, int] = defaultdict(int)
        for node in self.raw.ref.tolist():
            uses[node] += 1
        runs: list[list[Step]] = []
        last: Step | None = None
        for step in (step for step in self.tail if step.is_forward):
            node = self.tail[step]
            goes_on = last is not None and self.way[last] == self.way[step]
            if last is None or not goes_on or not isinstance(node, int) or uses[node] > 1:
                runs.append([])
            runs[-1].append(step)
            last = step
        return runs

    def _keep_networks(self) -> None:
        label, total_m = self._networks(self.runs)
        stays = {net for net, metres in total_m.items() if metres >= limit_m(total_m)}
        kept = [
            run
            for run in self.runs
            if label[self.tail[run[0]]] == label[self.head[run[-1]]]
            and label[self.tail[run[0]]] in stays
        ]
        left = {step for run in kept for step in run}
        for step in list(self.tail):
            if step not in left and step.back not in left:
                for values in (self.tail, self.head, self.way, self.is_zone):
                    del values[step]
        public_runs = [run for run in kept if not self.is_zone[run[0]]]
        if not public_runs:
            return
        public_label, public_m = self._networks(public_runs)
        open_ = {net for net, metres in public_m.items() if metres >= limit_m(public_m)}
        for run in public_runs:
            net = public_label[self.tail[run[0]]]
            if net not in open_ or net != public_label[self.head[run[-1]]]:
                for step in run:
                    self.is_zone[step] = self.is_zone[step.back] = True

    def _networks(self, runs: Iterable[list[Step]]) -> tuple[dict[Node, int], dict[int, float]]:
        graph = nx.DiGraph()
        for run in runs:
            tail, head = self.tail[run[0]], self.head[run[-1]]
            graph.add_nodes_from((tail, head))
            if self.kmh(run[0]):
                graph.add_edge(tail, head)
            if self.kmh(run[0].back):
                graph.add_edge(head, tail)
        label = {}
        for number, nodes in enumerate(nx.strongly_connected_components(graph)):
            label.update(dict.fromkeys(nodes, number))
        total_m: dict[int, float] = defaultdict(float)
        for run in runs:
            if label[self.tail[run[0]]] == label[self.head[run[-1]]]:
                total_m[label[self.tail[run[0]]]] += sum(map(self.length_m, run))
        return label, total_m

    def sequences(self, restriction: TurnRestriction) -> list[list[Step]]:
        """What a restriction forbids, step by step."""
        if restriction.via_ways:
            paths = self._via_paths(restriction)
            if len(paths) != 1:
                return []
            via = paths[0]
            first, last = self.tail[via[0]], self.head[via[-1]]
        else:
            via = []
            node = self.raw.node_id.tolist().index(restriction.via_node)
            first = last = node
        forbidden = []
        for before in self._of_way(restriction.from_way, self.into[first]):
            out = self.out_of[last]
            named = self._of_way(restriction.to_way, out)
            if restriction.from_way == restriction.to_way and not via:
                onwards = [step for step in named if step != before.back]
                if restriction.is_only:
                    named = onwards or named
                else:
                    named = [step for step in named if step == before.back]
            if restriction.is_only:
                named = [step for step in out if step not in named] if named else []
            forbidden += [[before, *via, after] for after in named]
        return forbidden

    def _of_way(self, way_id: int, steps: Iterable[Step]) -> list[Step]:
        return [step for step in steps if self.raw.way_id[self.way[step]] == way_id]

    def _via_paths(self, restriction: TurnRestriction) -> list[list[Step]]:
        paths: list[list[Step]] = [[]]
        for way_id in restriction.via_ways:
            longer = []
            for way in range(len(self.raw.way_id)):
                if self.raw.way_id[way] != way_id:
                    continue
                begins = range(int(self.raw.first_ref[way]), int(self.raw.first_ref[way + 1]) - 1)
                forward = [Step(begin, True) for begin in begins]
                backward = [Step(begin, False) for begin in reversed(begins)]
                for steps in (forward, backward):
                    if all(step in self.tail and self.kmh(step) for step in steps):
                        longer += [
                            [*path, *steps]
                            for path in paths
                            if not path or self.head[path[-1]] == self.tail[steps[0]]
                        ]
            paths = longer
        return [
            path
            for path in paths
            if all(self.head[a] == self.tail[b] for a, b in pairwise(path))
            and self._of_way(restriction.from_way, self.into[self.tail[path[0]]])
            and self._of_way(
                restriction.to_way,
                (*self.into[self.head[path[-1]]], *self.out_of[self.head[path[-1]]]),
            )
        ]

    def _after(self, state: State) -> list[State]:
        node = self.head[state.step]
        side = PUBLIC if state.side == DEPARTING and node in self.public else state.side
        if side == ARRIVING and node in self.public:
            return []
        states: list[State] = []
        round_: list[State] = []
        for step in self.out_of[node]:
            if step == state.step.back and self.head_position(state.step) not in self.turning:
                continue
            next_side = side
            if self.is_zone[step] and side == PUBLIC:
                next_side = ARRIVING
            progress = {
                (number, done + 1)
                for number, done in state.progress
                if self.forbidden[number][done] == step
            }
            if any(done == len(self.forbidden[number]) for number, done in progress):
                continue
            progress |= {(number, 1) for number in self._begins[step]}
            is_round = step == state.step.back and node in self.apart
            (round_ if is_round else states).append(State(step, next_side, frozenset(progress)))
        return states or round_

    def start(self, step: Step) -> State:
        progress = frozenset((number, 1) for number in self._begins[step])
        return State(step, DEPARTING if self.is_zone[step] else PUBLIC, progress)

    def enter_durations_s(self, leaving: Step) -> dict[Step, float]:
        """
        From the end of one step, on which the drive began, to the beginning of every other.
        """
        start = self.start(leaving)
        waiting = [start]
        while waiting:
            state = waiting.pop()
            if self.graph.has_node(state) and self.graph.nodes[state].get("is_done"):
                continue
            self.graph.add_node(state, is_done=True)
            for after in self._after(state):
                self.graph.add_edge(state, after, weight=self.duration_s(after.step))
                waiting.append(after)
        found: dict[Step, float] = {}
        length: dict[Any, float] = nx.single_source_dijkstra_path_length(self.graph, start)
        for state, duration_s in length.items():
            for after in self._after(state) if state == start else ():
                found[after.step] = 0.0
            if state != start:
                before_s = duration_s - self.duration_s(state.step)
                found[state.step] = min(found.get(state.step, before_s), before_s)
        # Coming back to the start of the drive is no path of length 0.
        for state in self.graph.predecessors(start):
            if state in length:
                found[leaving] = min(found.get(leaving, length[state]), length[state])
        return found


def limit_m(total_m: dict[int, float]) -> float:
    """A network of at least this length stays: 10 km, or a tenth of the longest."""
    return max(min(10_000.0, 0.1 * max(total_m.values(), default=0.0)), 1e-9)
