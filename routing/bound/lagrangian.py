"""
The Lagrangian bound: what a plan is worth at most if visits are paid for at given duals.

Then shifts compete no more for clients, and the best plan is a longest way through the network: the
labels of a shift start with what a plan is worth so far at each place. So one labelling per shift
is enough for all places of the nights, and the node duals of the master serve as guesses of what
the rest of a plan is worth, to leave out what leads nowhere; wrong guesses make the bound weaker,
not wrong (Lübbecke, Desrosiers 2005, on such bounds).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.bound.columns import Column
from routing.bound.labels import BEST_ONLY, BY_MEMORY, Memory
from routing.bound.master import Duals
from routing.bound.network import SINK, Network
from routing.bound.pricing import Pricing, Task


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    Parameters
    ----------
    value
        No plan is worth more; infinite where that could not be told.
    duals
        Those evaluated, the nodes at what the rest of a plan is worth by this evaluation.
    so_far, worth
        (v + 1,) and (v,): what a plan is worth at most up to each node, and in all.
    columns
        Routes that may improve the master.
    labels
        Grown in all.
    is_whole
        Whether no limit on labels struck.
    """

    value: float
    duals: Duals
    so_far: NDArray[np.float64]
    worth: NDArray[np.float64]
    columns: list[Column]
    labels: int
    is_whole: bool


class Lagrangian:
    """Evaluates duals on one network."""

    def __init__(self, network: Network, pricing: Pricing) -> None:
        self.network = network
        self.pricing = pricing
        self._arcs_out: list[list[int]] = [[] for _ in network.supply]
        for number, arc in enumerate(network.arcs):
            self._arcs_out[arc.tail].append(number)
        self._kind_after = {nodes[-1]: kind for kind, nodes in enumerate(network.start_nodes)}

    def evaluate(self, duals: Duals, memory: Memory) -> Evaluation:
        """The bound at given duals, and the routes of plans worth more than the duals tell."""
        return self._forwards(duals, memory, BY_MEMORY, 0.0)

    def estimate(self, duals: Duals, memory: Memory) -> Evaluation:
        """About the same in less time. The value bounds nothing, the routes are any good ones."""
        return self._forwards(duals, memory, BEST_ONLY, np.inf)

    def guess(self, duals: Duals, memory: Memory) -> tuple[Duals, list[Column]]:
        """The same duals with a good guess for those of the nodes, and the routes it comes from."""
        nowhere = np.zeros(len(self.network.supply))
        least = np.full(len(self.network.supply), -np.inf)
        onward, columns, _ = self._backwards(duals, memory, BEST_ONLY, nowhere, least)
        onward[~np.isfinite(onward)] = 0.0  # leads nowhere: any guess will do
        return Duals(duals.units, onward, duals.limits, duals.travel), columns

    def routes_of_plans_within(
        self, spare_cents: float, duals: Duals, memory: Memory
    ) -> list[Column] | None:
        """
        All routes that plans may need that are worth less than the bound by no more than to spare.

        Found by how far a plan over each node falls short of the bound at given duals, which are
        those of an evaluation (Baldacci, Christofides, Mingozzi 2008). None where they are too
        many.
        """
        there = self._forwards(duals, memory, BY_MEMORY, spare_cents)
        least = there.worth - spare_cents
        onward, _, is_whole = self._backwards(duals, memory, BY_MEMORY, there.so_far, least)
        if not (there.is_whole and is_whole):
            return None
        columns: list[Column] = []
        for node, kind in self._kind_after.items():
            starts = list(self.network.start_nodes[kind])
            ends = list(self.network.end_nodes[kind])
            task = Task(kind, there.so_far[starts], onward[ends], least[node])
            of_kind = self.pricing.all_routes(task, duals)
            if of_kind is None:
                return None
            columns += of_kind
        return columns

    def reduced_value(self, column: Column, duals: Duals) -> float:
        """What a route brings beyond the duals of all that it takes up."""
        value = column.value_cents - duals.travel * column.travel_s
        value -= float(duals.units[self.pricing.ground.unit_of[list(column.rows)]].sum())
        value -= float(duals.nodes[self.network.start_nodes[column.kind][column.start]])
        return value + float(duals.nodes[self.network.end_nodes[column.kind][column.end]])

    def _forwards(self, duals: Duals, memory: Memory, compare: int, spare: float) -> Evaluation:
        """
        The best plan from the first shift on, where nodes are worth their duals at the end.

        Routes of plans that are worth less than their first node, by more than is to spare, are
        left out.
        """
        network = self.network
        arc_values = self._arc_values(duals)
        so_far = np.full(len(network.supply) + 1, -np.inf)
        columns: list[Column] = []
        total, labels, is_whole, is_bounded = self._constant(duals), 0, True, True
        worth_of_flow = np.zeros(len(network.supply))
        source, least = 0, 0.0
        for node, supply in enumerate(network.supply):
            if supply:
                so_far[node], so_far[SINK] = 0.0, -np.inf
                source, least = node, float(duals.nodes[node]) - spare
            for number in self._arcs_out[node]:
                head = network.arcs[number].head
                so_far[head] = max(so_far[head], so_far[node] + arc_values[number])
            if node in self._kind_after:
                kind = self._kind_after[node]
                starts = list(network.start_nodes[kind])
                ends = list(network.end_nodes[kind])
                task = Task(kind, so_far[starts], duals.nodes[ends], least, compare=compare)
                priced = self.pricing.price(task, duals, memory)
                columns += priced.columns
                labels += priced.labels
                is_whole = is_whole and priced.rest == -np.inf
                is_bounded = is_bounded and priced.rest < np.inf
                rest = priced.rest if priced.rest < np.inf else least
                worth = np.maximum(priced.far_values, max(least, rest))
                so_far[ends] = np.maximum(so_far[ends], worth - duals.nodes[ends])
            worth_of_flow[source:] = so_far[SINK]
        for node, supply in enumerate(network.supply):
            total += supply * float(worth_of_flow[node]) if supply else 0.0
        onward = duals.nodes.copy()
        is_reached = so_far[:-1] > -np.inf
        onward[:-1][is_reached] = worth_of_flow[is_reached] - so_far[:-1][is_reached]
        return Evaluation(
            value=total if is_bounded else np.inf,
            duals=Duals(duals.units, onward, duals.limits, duals.travel),
            so_far=so_far,
            worth=worth_of_flow,
            columns=columns,
            labels=labels,
            is_whole=is_whole,
        )

    def _backwards(
        self,
        duals: Duals,
        memory: Memory,
        compare: int,
        so_far: NDArray[np.float64],
        least: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], list[Column], bool]:
        """
        What the rest of a plan is worth from each node on, the routes, and if no limit struck.

        Minus infinity where a plan over a node, worth `so_far` up to it, is not worth more than the
        least that is wanted.
        """
        network = self.network
        arc_values = self._arc_values(duals)
        onward = np.full(len(network.supply) + 1, -np.inf)
        onward[SINK] = 0.0
        columns: list[Column] = []
        is_whole = True
        for node in range(len(network.supply) - 1, -1, -1):
            if node in self._kind_after:
                kind = self._kind_after[node]
                starts = list(network.start_nodes[kind])
                ends = list(network.end_nodes[kind])
                task = Task(kind, so_far[starts], onward[ends], float(least[node]), True, compare)
                priced = self.pricing.price(task, duals, memory)
                columns += priced.columns
                is_whole = is_whole and priced.rest == -np.inf
                is_reached = so_far[starts] > -np.inf
                onward[starts] = -np.inf
                reached = np.array(starts)[is_reached]
                onward[reached] = priced.far_values[is_reached] - so_far[reached]
            for number in self._arcs_out[node]:
                head = network.arcs[number].head
                onward[node] = max(onward[node], arc_values[number] + onward[head])
        return onward, columns, is_whole

    def _arc_values(self, duals: Duals) -> NDArray[np.float64]:
        return np.array(
            [-arc.cost_cents - duals.limits[list(arc.limits)].sum() for arc in self.network.arcs]
        )

    def _constant(self, duals: Duals) -> float:
        """What the rows themselves are worth."""
        max_travel_s = self.pricing.ground.problem.max_travel_s
        total = float(duals.units.sum())
        total += float((duals.limits * np.array(self.network.limits, dtype=np.float64)).sum())
        return total + (0.0 if max_travel_s is None else duals.travel * max_travel_s)
