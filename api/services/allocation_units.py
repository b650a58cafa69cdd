"""Each unit of an allocation as it is told."""

import numpy as np
from numpy.typing import NDArray

from accounts.allocation.adbudg import AdbudgAnswers
from accounts.allocation.selling_effort import MONTHS
from accounts.allocation.whole_calls import plan_whole_calls
from api.schemas.allocation import Answers, UnitHours
from api.services.allocation_case import AllocationCase
from api.services.analysis import money, share
from api.services.manager_answers import told_answers

CURVE_POINTS = 21

CURVE_TO = 2.0
"""Curves are drawn to so many times today's or the best hours, whichever is more."""

MOST_WHOLE_VISITS = 52
"""Visits a year, beyond those that the limits keep, up to which whole ones are planned."""

Column = NDArray[np.float64]


def told_units(case: AllocationCase) -> tuple[UnitHours, ...]:
    """Those that are asked for, in the order that is asked for."""
    window, units, count = case.window, case.units, len(case.listed.ids)
    best = window.best.effort
    gain = window.curves.value(best) - window.value
    order = _order(case, gain)
    points = _points(case, order)
    accounts = np.bincount(case.listed.group, minlength=count)
    visits = np.bincount(case.listed.group, MONTHS * case.effort.done, minlength=count)
    whole = _whole_visits(case)
    total = float(units.today.sum())
    return tuple(
        UnitHours(
            unit_id=case.listed.ids[k],
            name=case.listed.names[k],
            account_count=int(accounts[k]),
            visits=round(float(visits[k]), 1),
            hours=told_hours(units.today[k]),
            share=share(float(units.today[k]), total),
            contribution=money(window.value[k]),
            elasticity=round(float(window.elasticity[k]), 4),
            value_of_hour=_finite(window.marginal[k], 2),
            factor=round(float(window.factor[k]), 6),
            index=_finite(window.index[k], 3),
            best_hours=told_hours(best[k]),
            band_low=told_hours(window.band_low[k]),
            band_high=told_hours(window.band_high[k]),
            advice=_advice(units.today[k], window.band_low[k], window.band_high[k]),
            next_hours=told_hours(window.next_step[k]),
            gain=money(gain[k]),
            best_visits=None if whole is None else int(whole[k]),
            **_basis(case.answers.get(case.listed.ids[k])),
            points=points[at],
        )
        for at, k in enumerate(order.tolist())
    )


def told_hours(hours: float) -> float:
    return round(float(hours), 2) + 0.0


def _basis(answers: AdbudgAnswers | None) -> dict[str, Answers | str]:
    if answers is None:
        return {"basis": "model"}
    return {"basis": "answers", "answers": told_answers(answers)}


def _finite(value: float, digits: int) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def _advice(today: float, low: float, high: float) -> str:
    """Within the band, or a hundredth of it, nobody can say more than to keep it."""
    if today < low * 0.99:
        return "more"
    return "less" if today > high * 1.01 else "keep"


def _order(case: AllocationCase, gain: Column) -> NDArray[np.intp]:
    """Units as they are asked for; what has no figure comes last."""
    query, ids, names = case.query, case.listed.ids, case.listed.names
    if query.unit_id is not None:
        return np.array([ids.index(query.unit_id)], dtype=np.intp)
    if query.sort == "name":
        order = sorted(range(len(names)), key=lambda k: (names[k], k))
        return np.array(order[: query.limit], dtype=np.intp)
    by = {
        "gain": gain,
        "index": case.window.index,
        "hours": case.units.today,
        "contribution": case.window.value,
    }[query.sort]
    return np.argsort(np.where(np.isnan(by), np.inf, -by), kind="stable")[: query.limit]


def _points(case: AllocationCase, order: NDArray[np.intp]) -> list[tuple[tuple[float, float], ...]]:
    """The curve of each of some units."""
    reach = CURVE_TO * np.maximum(case.units.pattern, case.window.best.effort)
    drawn = np.linspace(0.0, 1.0, CURVE_POINTS)
    values = np.array([case.window.curves.value(part * reach)[order] for part in drawn])
    return [
        tuple(
            (told_hours(part * reach[k]), money(value))
            for part, value in zip(drawn, values[:, at], strict=True)
        )
        for at, k in enumerate(order.tolist())
    ]


def _whole_visits(case: AllocationCase) -> NDArray[np.int64] | None:
    """
    Whole visits a year of each account, from what the limits keep to what they allow.

    None unless units are accounts.
    """
    if case.query.level != "account":
        return None
    per_visit = np.empty(len(case.listed.ids))
    per_visit[case.listed.group] = case.effort.hours_per_visit
    # Rounding must not take the visit that is exactly kept or allowed.
    first = np.floor(case.least / per_visit + 1e-9)
    last = np.minimum(np.floor(case.most / per_visit + 1e-9), first + MOST_WHOLE_VISITS)
    columns = np.arange(int((last - first).max(initial=0.0)) + 1)
    visits = np.minimum(first[:, None] + columns, last[:, None])
    value = np.stack([case.window.curves.value(column * per_visit) for column in visits.T], axis=1)
    left = max(case.budget - float((first * per_visit).sum()), 0.0)
    return first.astype(np.int64) + plan_whole_calls(value, left, per_visit).calls
