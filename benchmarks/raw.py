"""From the plain numbers of `benchmarks.recheck` to problems, and from solutions to plain plans."""

from collections.abc import Callable

import numpy as np

from benchmarks.recheck import RawDayPlan, RawInstance, RecheckError, recheck
from routing.problem import Break, Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.solution import Solution


def problem_of(raw: RawInstance) -> Problem:
    """The problem that the numbers describe."""
    return Problem(
        clients=tuple(
            Client(
                location_index=client["location"],
                service_duration_s=client["service"],
                prize_cents=client["prize"],
                time_windows=tuple(TimeWindow(early, late) for early, late in client["windows"]),
            )
            for client in raw["clients"]
        ),
        shifts=tuple(
            Shift(
                start_s=day["start"],
                end_s=day["end"],
                start_location=day["start_location"],
                end_location=day["end_location"],
                breaks=tuple(Break(b["duration"], b["early"], b["late"]) for b in day["breaks"]),
            )
            for day in raw["days"]
        ),
        duration_s=np.array(raw["duration"], dtype=np.int64),
        distance_m=np.array(raw["distance"], dtype=np.int64),
        overnight_places=tuple(OvernightPlace(place, cost) for place, cost in raw["nights"]),
        hour_rate_cents=raw["hour_rate"],
        km_rate_cents=raw["km_rate"],
    )


def plan_of(solution: Solution) -> list[RawDayPlan]:
    """What a solution does, without what it says about itself."""
    return [
        RawDayPlan(
            start_location=route.start_location,
            end_location=route.end_location,
            leaves=route.departure_s,
            arrives=route.arrival_s,
            visits=[(visit.client_index, visit.start_s) for visit in route.visits],
            breaks=[(one.break_index, one.start_s) for one in route.breaks],
        )
        for route in solution.routes
    ]


def recheck_with(numbers: Callable[[], RawInstance]) -> Callable[[Solution], None]:
    """
    A check of solutions against plain numbers, which are made when the first one is checked.

    It raises `RecheckError` where a rule is broken or the value is another one.
    """
    made: list[RawInstance] = []

    def check(solution: Solution) -> None:
        if not made:
            made.append(numbers())
        value = recheck(made[0], plan_of(solution))
        if value != solution.value_cents:
            raise RecheckError(f"The value is {value}; the solution says {solution.value_cents}.")

    return check
