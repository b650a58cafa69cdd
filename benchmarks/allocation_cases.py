"""Random cases of each form of curve, and how far the allocation is from other optimisers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from accounts.allocation.adbudg import AdbudgCurves
from accounts.allocation.factor import follow_factor
from accounts.allocation.optimum import Allocation, allocate
from accounts.allocation.response_curves import (
    ExponentialCurves,
    PowerCurves,
    ResponseCurves,
    VisitCurves,
)
from accounts.allocation.whole_calls import plan_whole_calls

CASES = 200
"""Random cases of each curve."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Units with curves, a budget, and limits of each unit's effort."""

    curves: ResponseCurves
    budget: float
    least: Array
    most: Array


def power_common(random: np.random.Generator, n: int) -> ResponseCurves:
    return PowerCurves(random.lognormal(3, 1, n), np.full(n, random.uniform(0.1, 0.6)))


def power_different(random: np.random.Generator, n: int) -> ResponseCurves:
    return PowerCurves(random.lognormal(3, 1, n), random.uniform(0.1, 0.6, n))


def visits(random: np.random.Generator, n: int) -> ResponseCurves:
    return VisitCurves(
        random.lognormal(3, 1, n), random.uniform(0.1, 0.6, n), random.uniform(0.5, 3, n)
    )


def exponential(random: np.random.Generator, n: int) -> ResponseCurves:
    floor = random.uniform(0, 20, n)
    return ExponentialCurves(floor, floor + random.lognormal(3, 1, n), random.uniform(0.05, 1, n))


def adbudg_concave(random: np.random.Generator, n: int) -> ResponseCurves:
    return _adbudg(random, n, random.uniform(0.3, 1.0, n))


def adbudg_s_shaped(random: np.random.Generator, n: int) -> ResponseCurves:
    return _adbudg(random, n, random.uniform(1.2, 5.0, n))


def _adbudg(random: np.random.Generator, n: int, shape: Array) -> ResponseCurves:
    floor = random.uniform(0, 20, n)
    return AdbudgCurves(
        floor,
        floor + random.lognormal(3, 1, n),
        random.uniform(0.2, 3, n),
        shape,
        random.uniform(1, 10, n),
    )


CONCAVE: dict[str, Callable[[np.random.Generator, int], ResponseCurves]] = {
    "power_common": power_common,
    "power_different": power_different,
    "visits": visits,
    "exponential": exponential,
    "adbudg_concave": adbudg_concave,
}


def case(make: Callable[[np.random.Generator, int], ResponseCurves], seed: int) -> Case:
    """2 to 8 units; every second case has limits."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 9))
    curves, budget = make(random, n), float(random.uniform(2, 8) * n)
    least, most = np.zeros(n), np.full(n, np.inf)
    if seed % 2:
        least, most = random.uniform(0, 1, n), random.uniform(4, 20, n)
        budget = min(budget, 0.95 * float(most.sum()))
    return Case(curves, budget, least, most)


def numerical_optimum(case: Case) -> float:
    """What a general optimiser (SLSQP), which knows nothing of the curves, makes of a case."""
    n = len(case.curves)
    most = np.minimum(case.most, case.budget)
    start = case.least + (case.budget - case.least.sum()) * (most - case.least) / float(
        (most - case.least).sum()
    )
    unit = float(case.curves.value(start).sum())
    # Curves may be upright at nothing, where no optimiser can stand.
    lowest = np.maximum(case.least, 1e-9 * case.budget)
    best = -np.inf
    for _ in range(3):
        found = minimize(
            lambda x: -float(case.curves.value(np.maximum(x, lowest)).sum()) / unit,
            start,
            jac=lambda x: -case.curves.marginal(np.maximum(x, lowest)) / unit,
            method="SLSQP",
            bounds=list(zip(lowest, most, strict=True)),
            constraints={
                "type": "eq",
                "fun": lambda x: float(x.sum()) / case.budget - 1,
                "jac": lambda x: np.full(n, 1 / case.budget),
            },
            options={"ftol": 1e-15, "maxiter": 500},
        )
        start = np.clip(found.x, lowest, most)
        start *= case.budget / start.sum()
        if (start >= lowest * (1 - 1e-9)).all() and (start <= most * (1 + 1e-9)).all():
            value, before = float(case.curves.value(start).sum()), best
            best = max(best, value)
            if value - before < 1e-9 * unit:
                break
    return best


def marginal_spread(case: Case, done: Allocation) -> float:
    """Spread of the marginal values of units that no limit stops, over their mean."""
    x, slack = done.effort, 1e-7 * case.budget
    is_inside = (x > case.least + slack) & (x < np.minimum(case.most, case.budget) - slack)
    marginal = case.curves.marginal(x)[is_inside]
    return float(np.ptp(marginal) / marginal.mean()) if len(marginal) > 1 else 0.0


def exhaustive_optimum(value: NDArray[np.float64], budget: int) -> Array:
    """Best value at every whole budget from 0 on, (budget + 1,), by dynamic programming."""
    best = np.zeros(budget + 1)
    for table in value:
        longer = np.full(budget + 1, -np.inf)
        for calls in range(min(len(table) - 1, budget) + 1):
            longer[calls:] = np.maximum(longer[calls:], best[: budget + 1 - calls] + table[calls])
        best = longer
    return best


def s_shaped_tables(seed: int, accounts: int = 6, most: int = 8) -> NDArray[np.float64]:
    """Values at 0 to `most` whole calls on S-curves, as in CALLPLAN."""
    random = np.random.default_rng(seed)
    curves = adbudg_s_shaped(random, accounts)
    return np.array([curves.value(np.full(accounts, float(k))) for k in range(most + 1)]).T


def allocation_cases(cases: int = CASES) -> dict[str, Any]:
    """The worst of all cases, by form of curve."""
    rows = {name: _concave_row(make, cases) for name, make in CONCAVE.items()}
    return {
        "cases_each": cases,
        "curves": rows,
        "s_curves": _s_curves_row(cases),
        "whole_calls": _whole_calls_row(cases),
        "damping": _damping_row(),
    }


def _concave_row(
    make: Callable[[np.random.Generator, int], ResponseCurves], cases: int
) -> dict[str, float]:
    off, spread, short, scaled = [], [], [], []
    for seed in range(cases):
        one = case(make, seed)
        done = allocate(one.curves, one.budget, one.least, one.most)
        off.append(numerical_optimum(one) / done.value - 1)
        spread.append(marginal_spread(one, done))
        short.append(abs(float(done.effort.sum()) / one.budget - 1))
        other = allocate(in_other_currency(one.curves), one.budget, one.least, one.most)
        scaled.append(float(np.abs(other.effort - done.effort).max()) / one.budget)
    return {
        "optimiser_better_by": max(off),
        "optimiser_worse_by": -min(off),
        "marginal_spread": max(spread),
        "off_budget": max(short),
        "moved_by_currency": max(scaled),
    }


def in_other_currency(curves: ResponseCurves, rate: float = 117.31) -> ResponseCurves:
    money = {"scale", "base", "floor", "ceiling"}
    names = type(curves).__dataclass_fields__  # type: ignore[attr-defined]
    values = {name: getattr(curves, name) for name in names}
    return type(curves)(
        **{name: rate * value if name in money else value for name, value in values.items()}
    )


def s_curves_loss(seed: int, parts: int = 400) -> float:
    """
    Part of the value that an allocation on S-curves misses against all shares of a fine grid.

    Negative where it is better than the grid, which is coarse itself.
    """
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 6))
    curves, budget = adbudg_s_shaped(random, n), float(random.uniform(1, 8) * n)
    done = allocate(curves, budget)
    tables = [curves.value(np.full(n, budget * k / parts)) for k in range(parts + 1)]
    return float(1 - done.value / exhaustive_optimum(np.array(tables).T, parts)[parts])


def _s_curves_row(cases: int) -> dict[str, float]:
    losses = [s_curves_loss(seed) for seed in range(cases)]
    return {"worst_loss": max(losses), "mean_loss": float(np.mean(losses))}


def _whole_calls_row(cases: int) -> dict[str, float]:
    missed, within = [], []
    for seed in range(cases):
        value = s_shaped_tables(seed)
        budget = 20
        best = exhaustive_optimum(value, budget)
        for hours in range(1, budget + 1):
            done = plan_whole_calls(value, hours)
            missed.append(1 - done.value / best[hours])
            within.append(best[hours] - done.value <= done.largest_step + 1e-9)
    return {
        "worst_loss": max(missed),
        "mean_loss": float(np.mean(missed)),
        "within_one_hull_step": float(np.mean(within)),
    }


def saturating_case() -> Case:
    """Three units whose curves saturate, on which the undamped rule swings."""
    curves = ExponentialCurves(
        floor=np.zeros(3), ceiling=np.array([100.0, 60.0, 30.0]), rate=np.array([1.2, 0.5, 0.3])
    )
    return Case(curves, 12.0, np.zeros(3), np.full(3, np.inf))


def _damping_row() -> dict[str, float]:
    one = saturating_case()
    best = allocate(one.curves, one.budget).value
    equal = np.full(3, one.budget / 3)
    ends = {
        name: float(one.curves.value(follow_factor(one.curves, equal, 40, damping)[-1]).sum())
        for name, damping in (("undamped", 1.0), ("damped", 0.5))
    }
    return {
        "equal_split": float(one.curves.value(equal).sum()) / best,
        **{name: value / best for name, value in ends.items()},
    }
