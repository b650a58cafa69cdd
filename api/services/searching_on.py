"""Search on from a plan whose customers have been told their times."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.services.progress import Listener, PlanCancelledError, UntilTold
from api.services.trip_setup import PreparedTrip
from routing import referee
from routing.explain import Explanation, explain
from routing.replan import Promise, with_promises
from routing.solution import Solution
from routing.solve import solve
from routing.stop import FirstOf, MaxIterations, MaxRuntime


@dataclass(frozen=True, slots=True)
class FoundOn:
    """
    The plan with the reasons for it; None where no explanation was wanted.

    Parameters
    ----------
    kept
        The promises that it keeps.
    """

    solution: Solution
    explanation: Explanation | None
    kept: tuple[Promise, ...]
    iterations: int
    stopped_by: str


def search_on(
    prepared: PreparedTrip,
    plan: Solution | None,
    promises: Sequence[Promise],
    listener: Listener,
    show: Callable[[Solution], dict[str, Any]],
    *,
    iterations: int,
    time_limit_s: float,
    seed: int,
    searches: int,
    wants_reasons: bool,
) -> FoundOn:
    """
    A plan that the referee has passed, from the one so far.

    It is explained once: whoever is under way waits for the answer, and what the explanation comes
    upon is in it.

    Parameters
    ----------
    show
        Makes of a plan what a listener may look at.
    searches
        Side by side, each with all the iterations and a thread of its own.

    Raises
    ------
    PlanCancelledError
        When the listener has gone.
    """
    problem, direct = prepared.trip.problem, prepared.direct
    promised = with_promises(problem, promises)

    def tell(solution: Solution, done: int) -> None:
        plain = Solution(problem, promised.settle(solution).routes)
        listener.improvement(
            done,
            min(1.0, done / iterations),
            (plain.value_cents - direct.value_cents) / 100,
            len(plain.visited),
            partial(show, plain),
        )

    stop = FirstOf(
        (
            MaxIterations(iterations),
            MaxRuntime(time_limit_s, time.monotonic),
            UntilTold(listener, 0, iterations),
        )
    )
    initial = None if plan is None else promised.begin_with(plan)
    with ThreadPoolExecutor(searches) as threads:
        result = solve(promised.problem, stop, seed, tell, initial, searches, threads.map)
    if listener.is_gone:
        raise PlanCancelledError
    settled = promised.settle(result.best)
    explanation = None
    if wants_reasons:
        listener.stage("reasons", "Trying every account left out in every gap")
        explanation = explain(settled.problem, settled)
        settled = explanation.solution
        explanation = promised.without_prices(explanation)
    solution = Solution(problem, settled.routes)
    referee.check(problem, solution)
    return FoundOn(
        solution, explanation, promised.kept(solution), result.iterations, result.stopped_by
    )
