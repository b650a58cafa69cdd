"""Search for the best plan of a problem, explain it, and search on where explaining helps."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.services.progress import Listener, PlanCancelledError, UntilTold
from routing import referee
from routing.explain import Explanation, explain
from routing.problem import Problem
from routing.solution import Solution
from routing.solve import solve
from routing.stop import FirstOf, MaxIterations, MaxRuntime

MAX_ROUNDS = 3
"""Searches after the first one, each begun with what the explanation came upon."""

ROUND_SHARE = 0.2
"""Iterations of such a search, as a share of the first one's."""

LONGEST_S = 60.0
"""A search that somebody waits for ends after this long, whatever its budget."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    The plan with the reasons for it; None where no explanation was wanted.

    Parameters
    ----------
    iterations
        Of all rounds.
    stopped_by
        What ended the first search, or a later one before its time.
    """

    solution: Solution
    explanation: Explanation | None
    iterations: int
    stopped_by: str


def search(
    problem: Problem,
    direct: Solution,
    listener: Listener,
    show: Callable[[Solution], dict[str, Any]],
    *,
    iterations: int,
    time_limit_s: float,
    seed: int,
    searches: int,
    wants_reasons: bool,
) -> Found:
    """
    A plan that the referee has passed.

    Repeatable for a number of iterations, unless the time limit strikes or it is cancelled.

    Parameters
    ----------
    searches
        Side by side, each with all the iterations and a thread of its own.
    show
        Makes of a plan what a listener may look at.

    Raises
    ------
    PlanCancelledError
        When the listener has gone.
    """
    time_limit = MaxRuntime(time_limit_s, time.monotonic)
    done = 0

    def tell(solution: Solution, now: int) -> None:
        listener.improvement(
            done + now,
            min(1.0, (done + now) / iterations),
            (solution.value_cents - direct.value_cents) / 100,
            len(solution.visited),
            partial(show, solution),
        )

    def run(budget: int, initial: Solution | None, round_number: int) -> tuple[Solution, str]:
        nonlocal done
        stop = FirstOf((MaxIterations(budget), time_limit, UntilTold(listener, done, iterations)))
        with ThreadPoolExecutor(searches) as threads:
            result = solve(problem, stop, seed + round_number, tell, initial, searches, threads.map)
        if listener.is_gone:
            raise PlanCancelledError
        done += result.iterations
        return result.best, result.stopped_by

    solution, stopped_by = run(iterations, None, 0)
    explanation = None
    if wants_reasons:
        listener.stage("reasons", "Trying every account left out in every gap")
        explanation = explain(problem, solution)
        for round_number in range(1, MAX_ROUNDS + 1):
            if not explanation.improved or stopped_by != "iteration_limit":
                break
            tell(explanation.solution, 0)
            budget = max(1, round(iterations * ROUND_SHARE))
            solution, stopped_by = run(budget, explanation.solution, round_number)
            explanation = explain(problem, solution)
        solution = explanation.solution
    referee.check(problem, solution)
    return Found(solution, explanation, done, stopped_by)
