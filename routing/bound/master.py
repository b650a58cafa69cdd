"""
The master: which routes together are worth most, as a linear program.

Rows are the units (at most one visit), the nodes of the network (flow in is flow out), the limits
on nights and the limit on driving. GLOP goes on from the last basis when columns are added.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from routing.bound.columns import Column
from routing.bound.ground import Ground
from routing.bound.network import SINK, Network


@dataclass(frozen=True, slots=True, eq=False)
class Duals:
    """
    Prices of the master's rows, in cents.

    Parameters
    ----------
    units
        (u,) of a visit; zero or more but for required units.
    nodes
        (v + 1,) of a unit of flow out of a node; the last is that of the sink, zero.
    limits
        (l,) of a night under each limit.
    travel
        Of a second of driving.
    """

    units: NDArray[np.float64]
    nodes: NDArray[np.float64]
    limits: NDArray[np.float64]
    travel: float

    def toward(self, other: "Duals", share: float) -> "Duals":
        """Between these duals and others: a share of 0 is these, one of 1 the others."""
        keep = 1.0 - share
        return Duals(
            keep * self.units + share * other.units,
            keep * self.nodes + share * other.nodes,
            keep * self.limits + share * other.limits,
            keep * self.travel + share * other.travel,
        )


KEEPS_BASIS = "use_preprocessing: false"
"""Setting of GLOP with which it goes on from one solve to the next."""


class Master:
    """
    The linear program over the columns added so far.

    `used` are the numbers and amounts of the columns in the last optimum.
    """

    def __init__(self, ground: Ground, network: Network) -> None:
        self.ground = ground
        self.network = network
        self._unit_of: list[int] = ground.unit_of.tolist()
        self.columns: list[Column] = []
        self._keys: dict[tuple[int, int, int, tuple[int, ...]], int] = {}
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(KEEPS_BASIS)
        lowest = -self._solver.infinity()
        self._units = [
            self._solver.Constraint(1.0 if is_required else lowest, 1.0)
            for is_required in ground.is_unit_required.tolist()
        ]
        self._nodes = [self._solver.Constraint(float(x), float(x)) for x in network.supply]
        self._limits = [self._solver.Constraint(lowest, float(x)) for x in network.limits]
        max_travel_s = ground.problem.max_travel_s
        self._travel = (
            None if max_travel_s is None else self._solver.Constraint(lowest, float(max_travel_s))
        )
        self._objective = self._solver.Objective()
        self._objective.SetMaximization()
        for arc in network.arcs:
            variable = self._variable(-float(arc.cost_cents), arc.tail, arc.head)
            for limit in arc.limits:
                self._limits[limit].SetCoefficient(variable, 1.0)
        self._variables: list[pywraplp.Variable] = []
        self.used: list[tuple[int, float]] = []

    def _variable(self, value: float, tail: int, head: int) -> pywraplp.Variable:
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._objective.SetCoefficient(variable, value)
        self._nodes[tail].SetCoefficient(variable, 1.0)
        if head != SINK:
            self._nodes[head].SetCoefficient(variable, -1.0)
        return variable

    def add(self, columns: Iterable[Column]) -> int:
        """Add those columns that are new or worth more than before; returns how many."""
        added = 0
        for column in columns:
            known = self._keys.get(column.key)
            if known is not None:
                if column.value_cents > self.columns[known].value_cents + 1e-6:
                    self.columns[known] = column
                    self._objective.SetCoefficient(self._variables[known], column.value_cents)
                    added += 1
                continue
            self._keys[column.key] = len(self.columns)
            self.columns.append(column)
            variable = self._variable(
                column.value_cents,
                self.network.start_nodes[column.kind][column.start],
                self.network.end_nodes[column.kind][column.end],
            )
            visits: dict[int, int] = {}
            for row in column.rows:
                unit = self._unit_of[row]
                visits[unit] = visits.get(unit, 0) + 1
            for unit, times in visits.items():
                self._units[unit].SetCoefficient(variable, float(times))
            if self._travel is not None:
                self._travel.SetCoefficient(variable, column.travel_s)
            self._variables.append(variable)
            added += 1
        return added

    def forbid(self, numbers: Iterable[int]) -> None:
        """Take columns out of the master."""
        for number in numbers:
            self._variables[number].SetUb(0.0)

    def _solves_anew(self) -> bool:
        """Solve without the last basis, from which GLOP sometimes does not get on."""
        self._solver.SetSolverSpecificParametersAsString("use_preprocessing: true")
        status = self._solver.Solve()
        self._solver.SetSolverSpecificParametersAsString(KEEPS_BASIS)
        return bool(status == pywraplp.Solver.OPTIMAL)

    def solve(self) -> tuple[float, Duals] | None:
        """
        The value of the master and the duals of its rows.

        None where GLOP gets lost in its arithmetic, which nothing that was proven depends on.
        """
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL and not self._solves_anew():
            return None
        units = np.array([row.dual_value() for row in self._units])
        nodes = np.array([row.dual_value() for row in self._nodes] + [0.0])
        limits = np.array([row.dual_value() for row in self._limits])
        travel = 0.0 if self._travel is None else max(self._travel.dual_value(), 0.0)
        units = np.where(self.ground.is_unit_required, units, np.maximum(units, 0.0))
        amounts = ((k, x.solution_value()) for k, x in enumerate(self._variables))
        self.used = [(number, amount) for number, amount in amounts if amount > 1e-6]
        return self._objective.Value(), Duals(units, nodes, np.maximum(limits, 0.0), travel)
