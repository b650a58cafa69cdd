"""
The bound on every plan, by column generation, better with every round.

A master chooses among the routes known so far; its duals say what a visit to each client is worth,
and labelling finds the routes that are best at these, with a bound on all that are not known
(Lübbecke, Desrosiers 2005, Selected topics in column generation). Duals are smoothed towards those
of the best bound (Wentges 1997), which keeps them from swinging. The first rounds only estimate,
until the duals are about right. In the end the routes that a better plan could need may be few
enough to write down, and the best of them are the best plan.
"""

from collections.abc import Callable
from dataclasses import replace

from routing.bound.bound import REQUIRED, ROUNDING_OF_PLAN_CENTS, Bound, proven_cents
from routing.bound.columns import Column, columns_of
from routing.bound.finish import finish
from routing.bound.first_guess import bag_bound, first_duals
from routing.bound.ground import build_ground
from routing.bound.lagrangian import Lagrangian
from routing.bound.master import Duals, Master
from routing.bound.neighbourhoods import Neighbourhoods
from routing.bound.network import build_network
from routing.bound.polish import best_of_columns
from routing.bound.pricing import Pricing
from routing.bound.shift_kinds import shift_kinds
from routing.direct_trip import direct_trip
from routing.problem import Problem
from routing.solution import Solution
from routing.stop import StopCriterion

MAX_LABELS = 500_000
"""Labels of one run. What is beyond is bounded by relaxation: a few seconds, at most 100 MB."""

ESTIMATE_SHARE, ESTIMATE_SHARE_AFRESH = 5e-3, 1e-3
"""How close the estimate has to be to the master's value for proofs to begin, and to begin again
after the memory of routes has grown."""

MAX_NEW_COLUMNS = 200
"""Routes that one estimate adds to the master."""

SMOOTHING_FIRST = 0.7
SMOOTHING_RANGE = (0.5, 0.8)
SMOOTHING_STEP = 0.1
"""How far the duals priced stay with those of the best bound: farther where that was no better."""

CLOSE_SHARE = 2e-4
"""How close to the master's value a bound has to be for the memory of routes to grow."""

NEAR_SHARE = 0.01
"""How close it has to be for a first look for a better plan among the routes."""

POLISH_EFFORT = 0.5
"""Deterministic time of CP-SAT among the routes priced."""

FINISHED_CENTS = 2
"""How close to the best plan a bound is that leaves nothing to prove but roundings."""

OnBound = Callable[[Bound], None]


def upper_bound(
    problem: Problem,
    incumbent: Solution | None,
    stop: StopCriterion,
    on_bound: OnBound | None = None,
    max_labels: int = MAX_LABELS,
) -> Bound:
    """
    The best bound on the value of all plans that can be proven until told to stop.

    Parameters
    ----------
    incumbent
        A feasible plan, the better the sooner the bound is close. Where it keeps all required
        clients, only plans that do are bounded.
    stop
        Asked after each round; the rounds are its iterations. The same number of them gives the
        same bound.
    on_bound
        Called with every better bound and every better plan.
    max_labels
        Of one run of labelling.

    Raises
    ------
    NoDirectTripError
        When there is no incumbent, and not even a plan without visits exists.
    """
    run = _Run(problem, incumbent, on_bound, max_labels)
    iterations = 0
    while not run.is_over:
        if stop.progress(iterations) >= 1.0:
            run.tell(stopped_by=stop.reason)
            break
        run.advance()
        iterations += 1
    return run.bound


class _Run:
    """One search for a bound: what is known so far, and a round that proves more."""

    def __init__(
        self,
        problem: Problem,
        incumbent: Solution | None,
        on_bound: OnBound | None,
        max_labels: int,
    ) -> None:
        self.problem = problem
        self.on_bound = on_bound
        self.plan = direct_trip(problem) if incumbent is None else incumbent
        keeps_required = not self.plan.missing_required
        self.ground = build_ground(problem, keeps_required=keeps_required)
        self.kinds = shift_kinds(self.ground)
        self.network = build_network(problem, self.kinds)
        self.neighbourhoods = Neighbourhoods(self.ground)
        self.memory = self.neighbourhoods.memory()
        pricing = Pricing(self.ground, self.kinds, self.neighbourhoods.words, max_labels)
        self.lagrangian = Lagrangian(self.network, pricing)
        self.master = Master(self.ground, self.network)
        self.master.add(columns_of(self.ground, self.kinds, self.plan))
        self.polished = 0
        self.real = float("inf")
        self.bound = Bound(None, relaxed=() if keeps_required else (REQUIRED,))
        self.tell(bag_bound(self.ground, self.kinds))

        first, columns = self.lagrangian.guess(
            first_duals(self.ground, self.kinds, self.network), self.memory
        )
        self.master.add(columns)
        self.duals = self.centre = first
        self.centre_value = float("inf")
        self.smoothing = SMOOTHING_FIRST
        self.is_at_master = False
        self.is_whole = True
        self.is_estimating = True
        self.estimate_share = ESTIMATE_SHARE
        self.master_duals = first
        self.tried_gap = float("inf")

    @property
    def is_over(self) -> bool:
        return bool(self.bound.stopped_by)

    def tell(self, real: float = float("inf"), stopped_by: str = "") -> None:
        """Note what is proven, and pass it on if it is better."""
        self.real = min(self.real, real)
        proven = proven_cents(self.problem, self.real)
        if proven is not None:
            proven = max(proven, self.plan.value_cents)
            if proven == self.plan.value_cents:
                stopped_by = "optimal"
        before = self.bound
        self.bound = replace(
            before,
            upper_bound_cents=proven,
            is_converged=before.is_converged or stopped_by in ("optimal", "converged"),
            columns=len(self.master.columns),
            stopped_by=before.stopped_by or stopped_by,
        )
        is_better = before.upper_bound_cents != proven or before.best is not self.bound.best
        if self.on_bound is not None and is_better:
            self.on_bound(self.bound)

    def advance(self) -> None:
        """Price once, solve the master, and choose the next duals."""
        added = self._evaluate()
        optimum = None if self.is_over else self._solve_master()
        if optimum is None:
            return
        value, self.master_duals = optimum
        distance = (self.centre_value - value) / max(abs(value), 1.0)
        is_stuck = self.is_at_master and added == 0
        if self.is_estimating and (is_stuck or distance < self.estimate_share):
            self.is_estimating = False
            self._go_on_from_centre()
            return
        if not self.is_estimating:
            is_close = is_stuck or distance < CLOSE_SHARE
            if is_close or (self.polished == 0 and distance < NEAR_SHARE):
                self._polish()
            if is_close and not self.is_over:
                self._finish()
            if self.is_over:
                return
            if is_stuck and not self.is_whole:
                self.tell(stopped_by="label_limit")
                return
            if is_close and self._grow_memory():
                self.is_estimating, self.estimate_share = True, ESTIMATE_SHARE_AFRESH
                self._go_on_from_centre()
                return
            if is_stuck:
                self.tell(stopped_by="converged")
                return
        self.is_at_master = added == 0
        share = 0.0 if self.is_at_master else self.smoothing
        self.duals = self.master_duals.toward(self.centre, share)

    def _go_on_from_centre(self) -> None:
        self.duals, self.centre_value = self.centre, float("inf")
        self.is_at_master = False

    def _evaluate(self) -> int:
        """Price at the present duals; returns how many columns were new to the master."""
        price = self.lagrangian.estimate if self.is_estimating else self.lagrangian.evaluate
        evaluation = price(self.duals, self.memory)
        self.bound = replace(
            self.bound,
            iterations=self.bound.iterations + 1,
            labels=self.bound.labels + evaluation.labels,
        )
        if evaluation.value < self.centre_value:
            self.centre, self.centre_value = evaluation.duals, evaluation.value
            self.smoothing = max(self.smoothing - SMOOTHING_STEP, SMOOTHING_RANGE[0])
        else:
            self.smoothing = min(self.smoothing + SMOOTHING_STEP, SMOOTHING_RANGE[1])
        if self.is_estimating:
            return self.master.add(self._promising(evaluation.columns))
        self.is_whole = evaluation.is_whole
        added = self.master.add(evaluation.columns)
        self.tell(evaluation.value)
        return added

    def _promising(self, columns: list[Column]) -> list[Column]:
        """Those that may improve the master as it is, best first."""
        worth = [self.lagrangian.reduced_value(column, self.master_duals) for column in columns]
        order = sorted(range(len(columns)), key=lambda number: -worth[number])
        return [columns[k] for k in order[:MAX_NEW_COLUMNS] if worth[k] > 1e-6]

    def _solve_master(self) -> tuple[float, Duals] | None:
        optimum = self.master.solve()
        if optimum is None:
            self.tell(stopped_by="numerical_trouble")
        return optimum

    def _grow_memory(self) -> bool:
        """Forbid routes of the master's optimum to come back to clients they forgot."""
        routes = [self.master.columns[number].rows for number, _ in self.master.used]
        if self.neighbourhoods.grow(routes) == 0:
            return False
        self.memory = self.neighbourhoods.memory()
        self.master.forbid(
            number
            for number, column in enumerate(self.master.columns)
            if not self.neighbourhoods.allow(column.rows)
        )
        return True

    def _polish(self) -> None:
        """Look for a better plan among the routes, if there are new ones."""
        columns = self.master.columns
        if len(columns) == self.polished:
            return
        self.polished = len(columns)
        above_cents = self.plan.value_cents - ROUNDING_OF_PLAN_CENTS
        best = best_of_columns(
            self.ground, self.kinds, self.network, columns, above_cents, POLISH_EFFORT
        )
        self._take(best.plan)

    def _finish(self) -> None:
        """Find the best plan of all, if the gap is much smaller than when that was too much."""
        gap_cents = self.real - self.plan.value_cents
        if gap_cents > 0.5 * self.tried_gap:
            return
        self.tried_gap = gap_cents
        best = finish(
            self.ground,
            self.kinds,
            self.lagrangian,
            self.centre,
            self.centre_value,
            self.memory,
            self.plan,
        )
        if best is None:
            return
        self._take(best.plan)
        is_finished = best.bound_cents < self.plan.value_cents + FINISHED_CENTS
        self.tell(best.bound_cents, "converged" if is_finished else "")

    def _take(self, plan: Solution | None) -> None:
        if plan is not None and plan.quality > self.plan.quality:
            self.plan = plan
            self.master.add(columns_of(self.ground, self.kinds, plan))
            self._tell_plan(plan)

    def _tell_plan(self, plan: Solution) -> None:
        before, self.bound = self.bound, replace(self.bound, best=plan)
        self.tell()
        if self.on_bound is not None and before.upper_bound_cents == self.bound.upper_bound_cents:
            self.on_bound(self.bound)
