"""What all rivals share: what none is told, what money weighs, and the way back to a solution."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from routing.direct_trip import direct_trip
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution


class RivalPlanError(Exception):
    """A rival calls a plan feasible that is not."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole numbers that stand for a second on the way, a metre and a cent of prize."""

    second: int
    metre: int
    cent: int


def weights_of(problem: Problem) -> Weights:
    """
    The objective in whole numbers.

    With rates they are exact. Without, driving decides between plans of equal prize: all of it
    together weighs less than a cent.
    """
    if problem.hour_rate_cents == problem.km_rate_cents == 0:
        return Weights(1, 0, 1 + sum(shift.shift_duration_s for shift in problem.shifts))
    # An hour's rate by the second and a kilometre's by the metre, in 18,000ths of a cent.
    exact = (5 * problem.hour_rate_cents, 18 * problem.km_rate_cents, 18_000)
    common = gcd(*exact)
    return Weights(*(weight // common for weight in exact))


def is_priced(problem: Problem) -> bool:
    """Whether anything but prizes counts."""
    return problem.hour_rate_cents > 0 or problem.km_rate_cents > 0


def fixed_ends(problem: Problem) -> list[tuple[int, int]]:
    """Where each shift starts and ends, in a problem without free nights."""
    ends = []
    for shift in problem.shifts:
        assert shift.start_location is not None
        assert shift.end_location is not None
        ends.append((shift.start_location, shift.end_location))
    return ends


def untold(problem: Problem) -> str | None:
    """The first rule of a problem that no rival is told, since no set of ours has it."""
    shifts, clients = problem.shifts, problem.clients
    for what, is_there in (
        ("required clients", bool(problem.required_indices)),
        ("setups", any(client.setup_duration_s > 0 for client in clients)),
        ("prizes by day", any(client.shift_prizes_cents for client in clients)),
        ("groups", any(client.group is not None for client in clients)),
        (
            "limits by day",
            any(
                limit is not None
                for shift in shifts
                for limit in (shift.max_visits, shift.max_travel_s, shift.max_distance_m)
            ),
        ),
        ("a limit on driving", problem.max_travel_s is not None),
        (
            "limits on nights",
            problem.max_nights is not None or problem.max_nights_in_a_row is not None,
        ),
    ):
        if is_there:
            return f"{what} are not mapped"
    return None


def solution_of(
    problem: Problem, sequences: Sequence[Sequence[int]], nights: Sequence[int] = ()
) -> Solution:
    """
    The solution that visits clients in given sequences, one for each shift.

    Parameters
    ----------
    nights
        Locations of the nights after all shifts but the last, where they are free.

    Raises
    ------
    RivalPlanError
        When a sequence breaks a rule.
    """
    routes = []
    for index, (shift, sequence) in enumerate(zip(problem.shifts, sequences, strict=True)):
        start = nights[index - 1] if shift.start_location is None else shift.start_location
        end = nights[index] if shift.end_location is None else shift.end_location
        route = schedule_route(problem, index, start, sequence, end)
        if route is None:
            raise RivalPlanError(f"Shift {index} from {start} to {end} cannot visit {sequence}.")
        routes.append(route)
    return Solution(problem, tuple(routes))


def no_plan(problem: Problem) -> Solution:
    """What stands for the plan of a rival that found none."""
    return direct_trip(problem)
