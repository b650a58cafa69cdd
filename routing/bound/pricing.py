"""Price the routes of one kind of shift: the best there are at given duals, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.bound.columns import Column
from routing.bound.completion import bound_completions
from routing.bound.ground import Ground
from routing.bound.labelling import grow_labels
from routing.bound.labels import PARENT, ROW, START, Memory, Prices, new_completion, new_labels
from routing.bound.master import Duals
from routing.bound.shift_kinds import ShiftKind

MAX_COLUMNS = 100
"""Routes of one kind of shift that one pricing adds to the master."""


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
    is_exact
        Otherwise labels forget all when they are compared: quick, but routes may be missed.
    """

    kind: int
    start_value: NDArray[np.float64]
    end_value: NDArray[np.float64]
    cutoff: float
    is_backward: bool = False
    is_exact: bool = True


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


class Pricing:
    """Pricing of all kinds of shifts, with the work space for it."""

    def __init__(
        self, ground: Ground, kinds: tuple[ShiftKind, ...], words: int, max_labels: int
    ) -> None:
        self.ground = ground
        self.kinds = kinds
        self.max_labels = max_labels
        graphs = [graph for kind in kinds for graph in (kind.forward, kind.backward)]
        self._labels = new_labels(graphs, words, max_labels)
        self._completions = [(new_completion(k.forward), new_completion(k.backward)) for k in kinds]
        self._no_completion = new_completion(graphs[0]._replace(step_s=0.0))
        self.is_removed = np.zeros((len(kinds), len(ground.client_of)), dtype=np.bool_)

    def _prices(self, task: Task, duals: Duals) -> Prices:
        """Worth of the parts of a route at given duals, in the direction of the task."""
        ground, kind = self.ground, self.kinds[task.kind]
        gain = kind.prize_cents - duals.units[ground.unit_of]
        cost = ground.km_rate * ground.distance_m
        least = np.full(len(gain), -np.inf)
        can_skip = np.isfinite(ground.skip_m)
        least[can_skip] = -ground.km_rate * ground.skip_m[can_skip]
        if duals.travel > 0:
            cost = cost + duals.travel * ground.drive_s
            least[can_skip] -= duals.travel * ground.skip_s[can_skip]
        is_active = (kind.forward.last_s >= 0) & (gain > least) & ~self.is_removed[task.kind]
        active = np.flatnonzero(is_active)
        if task.is_backward:
            cost = np.ascontiguousarray(cost.T)
            return Prices(gain, cost, task.end_value, task.start_value, active)
        return Prices(gain, cost, task.start_value, task.end_value, active)

    def price(self, task: Task, duals: Duals, memory: Memory) -> Priced:
        """Price one kind of shift at given duals."""
        kind = self.kinds[task.kind]
        graph = kind.backward if task.is_backward else kind.forward
        prices = self._prices(task, duals)
        completion = self._no_completion
        if task.is_exact and task.cutoff > -np.inf:
            completion = self._completions[task.kind][task.is_backward]
            bound_completions(graph, prices, completion)
        w = self._labels
        count = grow_labels(
            graph,
            prices,
            memory,
            completion,
            w,
            task.cutoff,
            np.inf,
            task.is_exact,
            self.max_labels,
        )
        return Priced(
            columns=self._columns(task, duals, prices),
            far_values=w.done_value[:, : len(graph.ends)].max(axis=0),
            labels=count,
            rest=float(w.rest[0]),
        )

    def _columns(self, task: Task, duals: Duals, prices: Prices) -> list[Column]:
        """The best routes by their last client and end, and by their start and end."""
        w, starts, ends = self._labels, len(prices.start_value), len(prices.end_value)
        value = np.concatenate([w.done_value[:, :ends], w.pair_value[:starts, :ends]])
        label = np.concatenate([w.done_label[:, :ends], w.pair_label[:starts, :ends]])
        order = np.argsort(-value, axis=None, kind="stable")[:MAX_COLUMNS]
        columns: dict[tuple[int, int], Column] = {}
        for flat in order.tolist():
            row, end = divmod(flat, ends)
            worth = float(value[row, end])
            if worth <= task.cutoff or worth == -np.inf:
                break
            last = int(label[row, end])
            if (last, end) not in columns:
                columns[last, end] = self._column(task, duals, prices, last, end, worth)
        return list(columns.values())

    def _column(
        self, task: Task, duals: Duals, prices: Prices, label: int, end: int, worth: float
    ) -> Column:
        ground, graph, link = self.ground, self.kinds[task.kind].forward, self._labels.link
        start = int(link[label, START])
        value = worth - float(prices.start_value[start] + prices.end_value[end])
        rows: list[int] = []
        while link[label, PARENT] >= 0:
            rows.append(int(link[label, ROW]))
            label = int(link[label, PARENT])
        if task.is_backward:
            start, end = end, start
        else:
            rows.reverse()
        stops = [int(graph.starts[start]), *rows, int(graph.ends[end])]
        travel_s = float(ground.drive_s[stops[:-1], stops[1:]].sum())
        value += float(duals.units[ground.unit_of[rows]].sum()) + duals.travel * travel_s
        return Column(task.kind, start, end, tuple(rows), value, travel_s)
