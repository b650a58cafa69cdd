"""Price the routes of one kind of shift: the best there are at given duals, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.bound.columns import Column
from routing.bound.completion import bound_completions
from routing.bound.ground import Ground
from routing.bound.joining import join_labels
from routing.bound.labelling import bound_the_rest, collect_routes, grow_labels
from routing.bound.labels import (
    BEST_ONLY,
    BY_MEMORY,
    BY_SET,
    PARENT,
    ROW,
    START,
    Completion,
    Labels,
    Memory,
    Prices,
    new_completion,
    new_labels,
)
from routing.bound.master import Duals
from routing.bound.shift_kinds import BUCKETS, ShiftGraph, ShiftKind

MAX_COLUMNS = 100
"""Routes of one kind of shift that one pricing finds for the master."""

MAX_QUICK_COLUMNS = 40
"""The same where not all labels are compared, which is done more often."""

MAX_ALL_LABELS, MAX_ALL_ROUTES = 300_000, 30_000
"""How many labels and routes of one kind of shift to look at when all routes are wanted."""

NEAR = 64
"""Clients that one is followed by in a quick pricing, where there are more than twice as many."""

STEPS = (32, 64, 128, 256)
"""Into how many stretches of time a shift may be cut for bounds on completions."""

WORK_OF_LABEL = 150
"""Time that a label takes, in steps from client to client of those bounds."""


@dataclass(frozen=True, slots=True)
class Task:
    """
    What is to be priced.

    Parameters
    ----------
    kind
        Number of the kind of shift.
    start_value, end_value
        What a plan is worth up to each start, and from each end on.
    cutoff
        Plans worth no more are not wanted.
    is_backward
        Whether labels grow from the ends; for one of many starts and few ends.
    compare
        How labels are compared: `BY_MEMORY`, or `BEST_ONLY`, which may miss routes.
    """

    kind: int
    start_value: NDArray[np.float64]
    end_value: NDArray[np.float64]
    cutoff: float
    is_backward: bool = False
    compare: int = BY_MEMORY


@dataclass(frozen=True, slots=True)
class Priced:
    """
    What pricing found.

    Parameters
    ----------
    columns
        Routes of plans worth more than the cutoff, best first.
    far_values
        The most a plan through each end (backwards: each start) is worth, or minus infinity where
        it is not above the cutoff.
    labels
        Grown.
    rest
        Upper bound on plans left out by the limit on labels; minus infinity without.
    """

    columns: list[Column]
    far_values: NDArray[np.float64]
    labels: int
    rest: float


class _Completions:
    """
    Bounds on completions as fine as they are worth it.

    Finer stretches of time make for fewer labels, up to a point; on the whole it is quickest where
    both take about the same time.
    """

    def __init__(self, graph: ShiftGraph) -> None:
        possible = [new_completion(graph, steps) for steps in STEPS]
        self._possible = [one for one in possible if one.unpaid.best.shape[1]] or possible[:1]
        self._position = min(1, len(self._possible) - 1)

    @property
    def chosen(self) -> Completion:
        return self._possible[self._position]

    @property
    def finest(self) -> Completion:
        return self._possible[-1]

    def learn(self, clients: int, labels: int) -> None:
        """Choose for next time by the work that these bounds and the labels took this time."""
        work = clients * clients * self.chosen.unpaid.best.shape[1]
        if labels * WORK_OF_LABEL > 4 * work:
            self._position = min(self._position + 1, len(self._possible) - 1)
        elif labels * WORK_OF_LABEL < work:
            self._position = max(self._position - 1, 0)


class Pricing:
    """Pricing of all kinds of shifts, with the work space for it."""

    def __init__(
        self, ground: Ground, kinds: tuple[ShiftKind, ...], words: int, max_labels: int
    ) -> None:
        self.ground = ground
        self.kinds = kinds
        self.max_labels = max_labels
        graphs = [graph for kind in kinds for graph in (kind.forward, kind.backward)]
        self._forth = new_labels(graphs, words, max_labels)
        self._back = new_labels(graphs, words, max_labels)
        self._completions = [
            [_Completions(graph) for graph in (kind.forward, kind.backward)] for kind in kinds
        ]
        self._no_completion = new_completion(graphs[0], 0)
        self._middle = [0.5] * len(kinds)
        shape = (len(ground.client_of), BUCKETS + 1)
        self._joined = (np.empty(shape), np.empty(shape, np.int32), np.empty(shape, np.int32))

    def price(self, task: Task, duals: Duals, memory: Memory) -> Priced:
        """Price one kind of shift at given duals."""
        kind = self.kinds[task.kind]
        if task.compare == BY_MEMORY and len(kind.forward.starts) == len(kind.forward.ends) == 1:
            return self._price_from_both_ends(task, duals, memory)
        prices = self._prices(task, duals, task.is_backward)
        graph = kind.backward if task.is_backward else kind.forward
        labels = self._back if task.is_backward else self._forth
        completion = self._completion(task, graph, prices, task.is_backward)
        count = grow_labels(
            graph,
            prices,
            memory,
            completion,
            labels,
            task.cutoff,
            np.inf,
            task.compare,
            self.max_labels,
        )
        self._learn(task, prices, task.is_backward, count)
        best = _best_complete(labels, prices, task.cutoff)
        if task.compare == BEST_ONLY:
            best = best[:MAX_QUICK_COLUMNS]
        columns = [
            self._column(task, duals, worth, *self._one_way(labels, label), end, task.is_backward)
            for worth, label, end in best
        ]
        return Priced(
            columns=columns,
            far_values=labels.done_value[:, : len(graph.ends)].max(axis=0),
            labels=count,
            rest=float(labels.rest[0]),
        )

    def _price_from_both_ends(self, task: Task, duals: Duals, memory: Memory) -> Priced:
        kind, limit = self.kinds[task.kind], self.max_labels
        g, h = kind.forward, kind.backward
        p, q = self._prices(task, duals, False), self._prices(task, duals, True)
        onward = self._completion(task, g, p, False)
        before = self._completion(task, h, q, True)
        until_s = self._middle[task.kind] * g.horizon_s
        forth, back = self._forth, self._back
        there = grow_labels(g, p, memory, onward, forth, task.cutoff, until_s, BY_MEMORY, limit)
        here = grow_labels(
            h, q, memory, before, back, task.cutoff, g.horizon_s - until_s, BY_MEMORY, limit
        )
        if back.rest[0] > -np.inf:
            bound_the_rest(g, onward, forth, there)
        value, forth_label, back_label = self._joined
        join_labels(g, p, forth, back, until_s, task.cutoff, value, forth_label, back_label)
        self._learn(task, p, False, there)
        self._learn(task, q, True, here)
        if max(there, here) > 1.2 * min(there, here):
            step = 0.03 if there < here else -0.03
            self._middle[task.kind] = min(max(self._middle[task.kind] + step, 0.2), 0.8)

        columns = [
            self._column(task, duals, worth, *self._one_way(forth, label), end, False)
            for worth, label, end in _best_complete(forth, p, task.cutoff)
        ]
        for flat in np.argsort(-value, axis=None, kind="stable")[:MAX_COLUMNS].tolist():
            at = divmod(flat, BUCKETS + 1)
            worth = float(value[at])
            if worth <= task.cutoff or worth == -np.inf:
                break
            start, rows = self._one_way(forth, int(forth_label[at]))
            end, onward_rows = self._one_way(back, int(back_label[at]))
            rows += onward_rows[-2::-1]
            columns.append(self._column(task, duals, worth, start, rows, end, False))
        best = max(float(forth.done_value[:, :1].max()), float(value.max(initial=-np.inf)))
        if best <= task.cutoff:
            best = -np.inf
        return Priced(columns, np.array([best]), there + here, float(forth.rest[0]))

    def all_routes(self, task: Task, duals: Duals) -> list[Column] | None:
        """
        Every route without repeated visits that a best plan worth more than the cutoff may need.

        Of those with the same visits and ends only the best. None where there are too many.
        """
        graph = self.kinds[task.kind].forward
        labels, limit = self._forth, min(MAX_ALL_LABELS, self.max_labels)
        everything = Memory(np.full((len(graph.service_s), labels.memory.shape[1]), ~np.uint64(0)))
        prices = self._prices(task, duals, False)
        prices = prices._replace(active=np.flatnonzero(self.kinds[task.kind].is_in_reach))
        completion = self._completions[task.kind][0].finest
        bound_completions(graph, prices, completion)
        count = grow_labels(
            graph, prices, everything, completion, labels, task.cutoff, np.inf, BY_SET, limit
        )
        if count >= limit:
            return None
        value = np.empty(MAX_ALL_ROUTES)
        label_end = np.empty((MAX_ALL_ROUTES, 2), dtype=np.int32)
        found = collect_routes(graph, prices, labels, count, task.cutoff, value, label_end)
        if found > MAX_ALL_ROUTES:
            return None
        best: dict[tuple[int, int, frozenset[int]], tuple[float, list[int]]] = {}
        for worth, (label, end) in zip(value[:found].tolist(), label_end.tolist(), strict=False):
            start, rows = self._one_way(labels, label)
            key = (start, end, frozenset(self.ground.unit_of[rows].tolist()))
            if key not in best or worth > best[key][0]:
                best[key] = (worth, rows)
        return [
            self._column(task, duals, worth, start, rows, end, False)
            for (start, end, _), (worth, rows) in best.items()
        ]

    def _prices(self, task: Task, duals: Duals, is_backward: bool) -> Prices:
        """Worth of the parts of a route at given duals, in one direction."""
        ground, kind = self.ground, self.kinds[task.kind]
        gain = kind.prize_cents - duals.units[ground.unit_of]
        cost = ground.km_rate * ground.distance_m
        least = np.full(len(gain), -np.inf)
        can_skip = np.isfinite(ground.skip_m)
        least[can_skip] = -ground.km_rate * ground.skip_m[can_skip]
        if duals.travel > 0:
            cost = cost + duals.travel * ground.drive_s
            least[can_skip] -= duals.travel * ground.skip_s[can_skip]
        active = np.flatnonzero(kind.is_in_reach & (gain > least))
        graph = kind.backward if is_backward else kind.forward
        if is_backward:
            cost = np.ascontiguousarray(cost.T)
        n = len(gain)
        net = gain - cost[:, :n] - ground.hour_rate * (graph.leg_s[:, :n] + graph.service_s)
        ends = (task.start_value, task.end_value)
        near = np.empty((n, 0), dtype=np.int64)
        if task.compare == BEST_ONLY and len(active) > 2 * NEAR:
            nearest = np.argpartition(graph.leg_s[:n, active], NEAR, axis=1)[:, :NEAR]
            near = np.ascontiguousarray(active[nearest])
        return Prices(gain, cost, net, *(ends[::-1] if is_backward else ends), active, near)

    def _completion(
        self, task: Task, graph: ShiftGraph, prices: Prices, is_backward: bool
    ) -> Completion:
        if task.compare == BEST_ONLY or task.cutoff == -np.inf:
            return self._no_completion
        completion = self._completions[task.kind][is_backward].chosen
        bound_completions(graph, prices, completion)
        return completion

    def _learn(self, task: Task, prices: Prices, is_backward: bool, labels: int) -> None:
        if task.compare == BY_MEMORY:
            self._completions[task.kind][is_backward].learn(len(prices.active), labels)

    def _one_way(self, labels: Labels, label: int) -> tuple[int, list[int]]:
        """Number of the start of a label, and its clients in the order of its direction."""
        link = labels.link
        start, rows = int(link[label, START]), []
        while link[label, PARENT] >= 0:
            rows.append(int(link[label, ROW]))
            label = int(link[label, PARENT])
        rows.reverse()
        return start, rows

    def _column(
        self,
        task: Task,
        duals: Duals,
        worth: float,
        start: int,
        rows: list[int],
        end: int,
        is_backward: bool,
    ) -> Column:
        """The column of a route that makes a plan worth so much."""
        if is_backward:
            start, rows, end = end, rows[::-1], start
        ground, graph = self.ground, self.kinds[task.kind].forward
        stops = [int(graph.starts[start]), *rows, int(graph.ends[end])]
        travel_s = float(ground.drive_s[stops[:-1], stops[1:]].sum())
        value = worth - float(task.start_value[start] + task.end_value[end])
        value += float(duals.units[ground.unit_of[rows]].sum()) + duals.travel * travel_s
        return Column(task.kind, start, end, tuple(rows), value, travel_s)


def _best_complete(labels: Labels, prices: Prices, cutoff: float) -> list[tuple[float, int, int]]:
    """Worth, label and end of the best routes by last client and end, and by start and end."""
    starts, ends = len(prices.start_value), len(prices.end_value)
    value = np.concatenate([labels.done_value[:, :ends], labels.pair_value[:starts, :ends]])
    label = np.concatenate([labels.done_label[:, :ends], labels.pair_label[:starts, :ends]])
    best: dict[tuple[int, int], float] = {}
    for flat in np.argsort(-value, axis=None, kind="stable")[:MAX_COLUMNS].tolist():
        row, end = divmod(flat, ends)
        worth = float(value[row, end])
        if worth <= cutoff or worth == -np.inf:
            break
        best.setdefault((int(label[row, end]), end), worth)
    return [(worth, label, end) for (label, end), worth in best.items()]
