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
from routing.bound.labels import Memory
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
    columns
        Routes that may improve the master.
    labels
        Grown in all.
    is_whole
        Whether no limit on labels struck.
    """

    value: float
    duals: Duals
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
        """The bound at given duals."""
        network = self.network
        arc_values = self._arc_values(duals)
        so_far = np.full(len(network.supply) + 1, -np.inf)
        columns: list[Column] = []
        total, labels, is_whole = self._constant(duals), 0, True
        worth_of_flow = np.zeros(len(network.supply))
        source, guess, is_bounded = 0, 0.0, True
        for node, supply in enumerate(network.supply):
            if supply:
                so_far[node], so_far[SINK] = 0.0, -np.inf
                source, guess = node, float(duals.nodes[node])
            for number in self._arcs_out[node]:
                head = network.arcs[number].head
                so_far[head] = max(so_far[head], so_far[node] + arc_values[number])
            if node in self._kind_after:
                kind = self._kind_after[node]
                starts = list(network.start_nodes[kind])
                ends = list(network.end_nodes[kind])
                task = Task(kind, so_far[starts], duals.nodes[ends], guess)
                priced = self.pricing.price(task, duals, memory)
                columns += priced.columns
                labels += priced.labels
                is_whole = is_whole and priced.rest == -np.inf
                is_bounded = is_bounded and priced.rest < np.inf
                rest = priced.rest if priced.rest < np.inf else guess
                worth = np.maximum(priced.far_values, max(guess, rest))
                so_far[ends] = np.maximum(so_far[ends], worth - duals.nodes[ends])
            worth_of_flow[source:] = so_far[SINK]
        for node, supply in enumerate(network.supply):
            total += supply * float(worth_of_flow[node]) if supply else 0.0
        onward = duals.nodes.copy()
        is_reached = so_far[:-1] > -np.inf
        onward[:-1][is_reached] = worth_of_flow[is_reached] - so_far[:-1][is_reached]
        evaluated = Duals(duals.units, onward, duals.limits, duals.travel)
        total = total if is_bounded else np.inf
        return Evaluation(total, evaluated, columns, labels, is_whole)

    def guess(self, duals: Duals, memory: Memory) -> tuple[Duals, list[Column]]:
        """
        The same duals with a good guess for those of the nodes, and the routes it comes from.

        Found backwards, with labels that forget what they have visited when they are compared.
        """
        network = self.network
        arc_values = self._arc_values(duals)
        onward = np.full(len(network.supply) + 1, -np.inf)
        onward[SINK] = 0.0
        columns: list[Column] = []
        for node in range(len(network.supply) - 1, -1, -1):
            if node in self._kind_after:
                kind = self._kind_after[node]
                starts = list(network.start_nodes[kind])
                ends = list(network.end_nodes[kind])
                task = Task(kind, np.zeros(len(starts)), onward[ends], -np.inf, True, False)
                priced = self.pricing.price(task, duals, memory)
                columns += priced.columns
                onward[starts] = priced.far_values
            for number in self._arcs_out[node]:
                head = network.arcs[number].head
                onward[node] = max(onward[node], arc_values[number] + onward[head])
        onward[~np.isfinite(onward)] = 0.0  # leads nowhere: any guess will do
        return Duals(duals.units, onward, duals.limits, duals.travel), columns

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
