"""
Polish: the best plan that can be put together from some routes.

The master as an integer program, solved by CP-SAT with one worker and a limit on its deterministic
time, so that the answer repeats.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from ortools.sat.python import cp_model

from routing import referee
from routing.bound.columns import Column
from routing.bound.ground import Ground
from routing.bound.network import SINK, Network
from routing.bound.shift_kinds import ShiftKind
from routing.schedule import schedule_route
from routing.solution import Solution

SCALE = 100
"""Parts of a cent in which CP-SAT counts."""


@dataclass(frozen=True, slots=True)
class Polished:
    """
    Parameters
    ----------
    plan
        The best plan found, rechecked by the referee, or None.
    bound_cents
        No plan of these routes is worth more, nor more than the value that was to be beaten.
    """

    plan: Solution | None
    bound_cents: float


def best_of_columns(
    ground: Ground,
    kinds: tuple[ShiftKind, ...],
    network: Network,
    columns: list[Column],
    above_cents: float,
    effort: float,
) -> Polished:
    """
    The best plan worth more than a value.

    Columns that visit a unit twice are left out. The effort is a deterministic time of CP-SAT,
    about seconds.
    """
    unit_of = ground.unit_of.tolist()
    usable = [c for c in columns if len({unit_of[row] for row in c.rows}) == len(c.rows)]
    model = cp_model.CpModel()
    flow_out: list[list[Any]] = [[] for _ in network.supply]
    flow_in: list[list[Any]] = [[] for _ in network.supply]
    visits: list[list[Any]] = [[] for _ in ground.is_unit_required]
    counts: list[list[Any]] = [[] for _ in network.limits]
    worth: list[Any] = []
    most = max(network.supply)
    for number, arc in enumerate(network.arcs):
        variable = model.new_int_var(0, most, f"arc {number}")
        flow_out[arc.tail].append(variable)
        if arc.head != SINK:
            flow_in[arc.head].append(variable)
        for limit in arc.limits:
            counts[limit].append(variable)
        worth.append(-SCALE * arc.cost_cents * variable)
    taken = []
    for number, column in enumerate(usable):
        variable = model.new_int_var(0, 1 if column.rows else most, f"route {number}")
        taken.append(variable)
        flow_out[network.start_nodes[column.kind][column.start]].append(variable)
        head = network.end_nodes[column.kind][column.end]
        if head != SINK:
            flow_in[head].append(variable)
        for row in column.rows:
            visits[unit_of[row]].append(variable)
        worth.append(ceil(SCALE * column.value_cents) * variable)
    for node, supply in enumerate(network.supply):
        model.add(sum(flow_out[node]) - sum(flow_in[node]) == supply)
    for unit, is_required in enumerate(ground.is_unit_required.tolist()):
        if is_required:
            model.add(sum(visits[unit]) == 1)
        elif len(visits[unit]) > 1:
            model.add(sum(visits[unit]) <= 1)
    for limit, most_nights in enumerate(network.limits):
        model.add(sum(counts[limit]) <= most_nights)
    max_travel_s = ground.problem.max_travel_s
    if max_travel_s is not None:
        travel = [round(c.travel_s) * v for c, v in zip(usable, taken, strict=True)]
        model.add(sum(travel) <= max_travel_s)
    model.add(sum(worth) > round(SCALE * above_cents))
    model.maximize(sum(worth))

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Polished(None, above_cents)
    bound_cents = max(solver.best_objective_bound / SCALE, above_cents)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Polished(None, bound_cents)
    chosen = [
        column
        for column, variable in zip(usable, taken, strict=True)
        for _ in range(solver.value(variable))
    ]
    return Polished(_plan(ground, kinds, chosen), bound_cents)


def _plan(ground: Ground, kinds: tuple[ShiftKind, ...], chosen: list[Column]) -> Solution:
    """The plan of one route for some shifts; the others are idle."""
    problem = ground.problem
    location_of = {row: location for location, row in ground.row_of_location.items()}
    of_shift: dict[int, Column] = {}
    for number, kind in enumerate(kinds):
        of_kind = [column for column in chosen if column.kind == number]
        of_shift.update(zip(kind.shifts, of_kind, strict=False))
    routes = []
    here = problem.shifts[0].start_location
    for index, shift in enumerate(problem.shifts):
        start = here if shift.start_location is None else shift.start_location
        end = start
        clients: list[int] = []
        if index in of_shift:
            column = of_shift[index]
            graph = kinds[column.kind].forward
            end = location_of[int(graph.ends[column.end])]
            clients = [int(ground.client_of[row]) for row in column.rows]
        assert start is not None
        assert end is not None
        route = schedule_route(problem, index, start, clients, end)
        assert route is not None  # labels keep the same rules
        routes.append(route)
        here = end
    plan = Solution(problem, tuple(routes))
    referee.check(problem, plan)
    return plan
