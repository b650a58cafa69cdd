"""The plan under work as arrays, and the small changes that everything else is made of."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.search.arrays import Arrays
from routing.search.by_reference import ByReference
from routing.search.compiled import compiled
from routing.search.randomness import random_state

UNVISITED = -1

ELITE_PLANS = 8
"""Plans in the pool of good ones."""

OPERATORS = 7
"""How many operators there are to choose among."""


@dataclass(frozen=True, eq=False)
class Plan(ByReference):
    """
    A plan under work. Changed in place by compiled code; one per search, never shared.

    A shift with v visits holds them at positions 1 to v of its row of `stop`; position 0 is where
    it starts and position v + 1 where it ends. `k` shifts, `w` positions, `n` clients.

    Parameters
    ----------
    stop
        (k, w) int64, rows of `Arrays`.
    visits
        (k,) int64, how many.
    shift_of, position_of
        (n,) int64, where a client stands; `shift_of` is `UNVISITED` for one that is left out.
    begin_s, ready_s
        (k, w) int64, earliest start of service and earliest departure.
    latest_s
        (k, w) int64, latest start that keeps everything behind it in time.
    had_ready_s, had_latest_s
        (k, b + 1, w) int64, the same with a certain number of breaks had, in shifts with breaks;
        `NO_LIMIT_S` and `NEVER_S` where that is impossible.
    break_leg
        (k, b) int64, on which leg each break is taken in the schedule that the durations are of:
        from the stop at that position to the next; -1 before leaving, v + 1 after arriving.
    before_s, before_late_s
        (k, w) int64, shortest paid duration from the start of the shift to the end of service
        here, and the last departure that allows it plus the breaks had since.
    after_s, after_early_s
        (k, w) int64, shortest paid duration from the start of service here to the end of the
        shift, and the first start that allows it.
    travel_s, distance_m, duration_s, prize_cents
        (k,) int64, totals of a shift. The duration is kept only if hours cost money.
    widest_s
        (k,) int64, the longest time between leaving one stop and having to start at the next.
    activation_cents
        (k,) int64, nights that would have to be paid if an idle shift were worked.
    is_touched
        (k,) bool, changed since `keep` or `restore`.
    kept_stop, kept_visits
        Rows of touched shifts as they were before.
    best_stop, best_visits
        The best plan so far.
    through_s, break_try
        (b + 1,) and (b,) int64, work space for legs with breaks.
    elite_stop, elite_visits, elite_energy
        (e, k, w) and (e, k) int64 and (e,) float64: the pool of `elite.py`.
    operator
        (4, o) float64, see `operators.py`.
    score, top_score, weight, queue
        (n, k), (n,), (n,) float64 and (n,) int64, for `recreate`.
    random
        State of the random numbers.
    current
        (2,) float64: energy of the plan under work, and number of iterations done.
    best
        (3,) float64: required clients missing, value and energy of the best plan.
    """

    stop: NDArray[np.int64]
    visits: NDArray[np.int64]
    shift_of: NDArray[np.int64]
    position_of: NDArray[np.int64]
    begin_s: NDArray[np.int64]
    ready_s: NDArray[np.int64]
    latest_s: NDArray[np.int64]
    had_ready_s: NDArray[np.int64]
    had_latest_s: NDArray[np.int64]
    break_leg: NDArray[np.int64]
    before_s: NDArray[np.int64]
    before_late_s: NDArray[np.int64]
    after_s: NDArray[np.int64]
    after_early_s: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    duration_s: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    widest_s: NDArray[np.int64]
    activation_cents: NDArray[np.int64]
    is_touched: NDArray[np.bool_]
    kept_stop: NDArray[np.int64]
    kept_visits: NDArray[np.int64]
    best_stop: NDArray[np.int64]
    best_visits: NDArray[np.int64]
    through_s: NDArray[np.int64]
    break_try: NDArray[np.int64]
    elite_stop: NDArray[np.int64]
    elite_visits: NDArray[np.int64]
    elite_energy: NDArray[np.float64]
    operator: NDArray[np.float64]
    score: NDArray[np.float64]
    top_score: NDArray[np.float64]
    weight: NDArray[np.float64]
    queue: NDArray[np.int64]
    random: NDArray[np.uint64]
    current: NDArray[np.float64]
    best: NDArray[np.float64]


def new_plan(arrays: Arrays, seed: int) -> Plan:
    """An empty plan whose terminals are still to be set."""
    shifts, n = len(arrays.shift_start_s), len(arrays.service_s)
    by_stop = (shifts, n + 2)
    breaks = int(arrays.break_count.max())
    return Plan(
        stop=np.zeros(by_stop, dtype=np.int64),
        visits=np.zeros(shifts, dtype=np.int64),
        shift_of=np.full(n, UNVISITED, dtype=np.int64),
        position_of=np.zeros(n, dtype=np.int64),
        begin_s=np.zeros(by_stop, dtype=np.int64),
        ready_s=np.zeros(by_stop, dtype=np.int64),
        latest_s=np.zeros(by_stop, dtype=np.int64),
        had_ready_s=np.zeros((shifts, breaks + 1, n + 2), dtype=np.int64),
        had_latest_s=np.zeros((shifts, breaks + 1, n + 2), dtype=np.int64),
        break_leg=np.full((shifts, breaks), -1, dtype=np.int64),
        before_s=np.zeros(by_stop, dtype=np.int64),
        before_late_s=np.zeros(by_stop, dtype=np.int64),
        after_s=np.zeros(by_stop, dtype=np.int64),
        after_early_s=np.zeros(by_stop, dtype=np.int64),
        travel_s=np.zeros(shifts, dtype=np.int64),
        distance_m=np.zeros(shifts, dtype=np.int64),
        duration_s=np.zeros(shifts, dtype=np.int64),
        prize_cents=np.zeros(shifts, dtype=np.int64),
        widest_s=np.zeros(shifts, dtype=np.int64),
        activation_cents=np.zeros(shifts, dtype=np.int64),
        is_touched=np.zeros(shifts, dtype=np.bool_),
        kept_stop=np.zeros(by_stop, dtype=np.int64),
        kept_visits=np.zeros(shifts, dtype=np.int64),
        best_stop=np.zeros(by_stop, dtype=np.int64),
        best_visits=np.zeros(shifts, dtype=np.int64),
        through_s=np.zeros(breaks + 1, dtype=np.int64),
        break_try=np.zeros(max(breaks, 1), dtype=np.int64),
        elite_stop=np.zeros((ELITE_PLANS, *by_stop), dtype=np.int64),
        elite_visits=np.zeros((ELITE_PLANS, shifts), dtype=np.int64),
        elite_energy=np.full(ELITE_PLANS, -np.inf),
        operator=np.zeros((4, OPERATORS)),
        score=np.zeros((n, shifts)),
        top_score=np.zeros(n),
        weight=np.zeros(n),
        queue=np.zeros(n, dtype=np.int64),
        random=random_state(seed),
        current=np.array([-np.inf, 0.0]),
        best=np.array([np.inf, -np.inf, -np.inf]),
    )


@compiled
def touch(plan: Plan, shift: int) -> None:
    """Remember a shift as it is, once, so that `restore` can bring it back."""
    if not plan.is_touched[shift]:
        plan.is_touched[shift] = True
        count = plan.visits[shift]
        plan.kept_visits[shift] = count
        for position in range(count + 2):
            plan.kept_stop[shift, position] = plan.stop[shift, position]


@compiled
def keep(plan: Plan) -> None:
    """Take the plan as it stands for the one to come back to."""
    plan.is_touched[:] = False


@compiled
def remove(plan: Plan, shift: int, position: int) -> None:
    """Take out the visit at a position. Times are not recomputed."""
    touch(plan, shift)
    stop = plan.stop[shift]
    plan.shift_of[stop[position]] = UNVISITED
    for later in range(position, plan.visits[shift] + 1):
        stop[later] = stop[later + 1]
    plan.visits[shift] -= 1
    for later in range(position, plan.visits[shift] + 1):
        plan.position_of[stop[later]] = later


@compiled
def insert(plan: Plan, client: int, shift: int, position: int) -> None:
    """Put a client in behind the stop at a position. Times are not recomputed."""
    touch(plan, shift)
    stop = plan.stop[shift]
    for later in range(plan.visits[shift] + 1, position, -1):
        stop[later + 1] = stop[later]
    stop[position + 1] = client
    plan.visits[shift] += 1
    plan.shift_of[client] = shift
    for later in range(position + 1, plan.visits[shift] + 1):
        plan.position_of[stop[later]] = later


@compiled
def set_start(plan: Plan, shift: int, row: int) -> None:
    touch(plan, shift)
    plan.stop[shift, 0] = row


@compiled
def set_end(plan: Plan, shift: int, row: int) -> None:
    touch(plan, shift)
    plan.stop[shift, plan.visits[shift] + 1] = row


@compiled
def is_idle(plan: Plan, shift: int) -> bool:
    return plan.visits[shift] == 0 and plan.stop[shift, 0] == plan.stop[shift, 1]


@compiled
def has_twin(a: Arrays, plan: Plan, client: int) -> bool:
    """Whether another client of the same group is visited."""
    for place in range(a.twin_first[client], a.twin_first[client + 1]):
        if plan.shift_of[a.twins[place]] != UNVISITED:
            return True
    return False


@compiled
def remove_twins(a: Arrays, plan: Plan, client: int) -> None:
    """Take out the other clients of the same group."""
    for place in range(a.twin_first[client], a.twin_first[client + 1]):
        twin = a.twins[place]
        if plan.shift_of[twin] != UNVISITED:
            remove(plan, plan.shift_of[twin], plan.position_of[twin])


@compiled
def visit_count(plan: Plan) -> int:
    return plan.visits.sum()
