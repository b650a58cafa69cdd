"""Plan against actual at the operational, tactical and both strategic levels."""

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.days import day_number
from accounts.planning.period import Level, Period, a_year_before, days_of, period_at
from api.schemas.results import DayResult, RepResult, ResultFigures, Results, ResultsQuery
from api.services.actual import sales_of
from api.services.errors import Fault, RefusedRequestError
from api.services.expected import cadence
from api.services.plans import Plan, basis_of, plan_of
from api.state import AppState, Snapshot
from data import sales_results
from data.sales_results import VisitCount
from data.tables import VisitStatus

OPEN = (VisitStatus.PLANNED, VisitStatus.COMMITTED)


def results(state: AppState, query: ResultsQuery) -> Results:
    """
    Raises
    ------
    RefusedRequestError
        When the rep is not known.
    """
    snapshot = state.snapshot()
    level = Level(query.level)
    period = period_at(level, query.date or snapshot.today)
    plan = plan_of(state, snapshot, period)
    last_year = a_year_before(level, period)
    table = _Table(
        snapshot,
        period,
        plan,
        _daily(state, snapshot, period, plan.rep_ids),
        _daily(state, snapshot, last_year, plan.rep_ids),
        _due(snapshot, period, plan.rep_ids),
        _counted(state, snapshot, period),
    )
    kept = [k for k in chosen(snapshot, plan.rep_ids, query.rep_id) if table.is_shown(k)]
    names = {rep.id: rep.name for rep in snapshot.reps}
    rows = [
        RepResult(
            rep_id=None if plan.rep_ids[k] == NO_OWNER else str(plan.rep_ids[k]),
            rep=names.get(plan.rep_ids[k]),
            **table.figures([k]),
        )
        for k in kept
    ]
    rows.sort(key=lambda row: (row.difference is None, row.difference or 0.0, row.rep or ""))
    with state.database.session() as session:
        until = min(period.last, snapshot.today)
        foreign = (
            sales_results.foreign_orders(session, snapshot.dataset, period.first, until)
            if period.first <= until
            else 0
        )
        known_until = sales_results.last_order_date(session, snapshot.dataset.id, snapshot.today)
    return Results(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        level=query.level,
        first=period.first,
        last=period.last,
        previous=period.first - timedelta(days=1),
        following=period.last + timedelta(days=1),
        known_until=known_until,
        foreign_order_count=foreign,
        total=ResultFigures(**table.figures(kept)),
        reps=tuple(rows),
        days=table.days(kept),
    )


def chosen(snapshot: Snapshot, rep_ids: tuple[int, ...], rep_id: str | None) -> list[int]:
    """
    Where the rep stands that is asked for; without one, all of them.

    Raises
    ------
    RefusedRequestError
        When there is no such rep.
    """
    if rep_id is None:
        return list(range(len(rep_ids)))
    for k, rep in enumerate(snapshot.reps):
        if str(rep.id) == rep_id:
            return [k]
    detail = f"There is no rep {rep_id!r}. GET /api/v1/reps lists them."
    raise RefusedRequestError([Fault("/rep_id", "UNKNOWN_REP", detail)])


class _Table:
    """Plan, actual and visits of every rep in a period."""

    def __init__(
        self,
        snapshot: Snapshot,
        period: Period,
        plan: Plan,
        sold: NDArray[np.float64],
        sold_last_year: NDArray[np.float64],
        due: NDArray[np.float64],
        counts: tuple[VisitCount, ...],
    ) -> None:
        self._period = period
        self._plan = plan
        self._sold, self._last_year, self._due = sold, sold_last_year, due
        self._day_count = min(max((snapshot.today - period.first).days + 1, 0), len(period.days))
        self._is_planned = np.isfinite(plan.daily)
        self._visits: Counter[tuple[int, VisitStatus]] = Counter()
        for one in counts:
            rep_id = NO_OWNER if one.rep_id is None else one.rep_id
            self._visits[rep_id, one.status] += one.count

    def is_shown(self, k: int) -> bool:
        """Every rep, and nobody where there is something to be said of nobody's accounts."""
        if self._plan.rep_ids[k] != NO_OWNER:
            return True
        sums = np.nansum(self._plan.daily[k]) + np.abs(self._sold[k]).sum()
        return bool(sums + np.abs(self._last_year[k]).sum() > 0)

    def figures(self, kept: list[int]) -> dict[str, Any]:
        """Of some reps together."""
        past = slice(self._day_count)
        plan, is_planned = self._plan.daily[kept], self._is_planned[kept]
        sold, last_year = self._sold[kept], self._last_year[kept]
        facts: dict[str, Any] = {
            "basis": basis_of([self._plan.bases[k] for k in kept]),
            "actual": round(float(sold.sum()), 2),
            "last_year": round(float(last_year.sum()), 2),
            # A leap year has a day more than the one before it.
            "last_year_to_date": round(float(last_year[:, past].sum()), 2),
            "visits_due": round(float(self._due[kept].sum()), 1),
            "visits_done": self._count(kept, VisitStatus.DONE),
            "visits_open": sum(self._count(kept, status) for status in OPEN),
            "visits_missed": self._count(kept, VisitStatus.MISSED),
        }
        if is_planned.any():
            facts["plan"] = round(float(np.nansum(plan)), 2)
        if is_planned[:, past].any():
            to_date = float(np.nansum(plan[:, past]))
            compared = float(sold[:, past][is_planned[:, past]].sum())
            facts |= {
                "plan_to_date": round(to_date, 2),
                "compared": round(compared, 2),
                "difference": round(compared - to_date, 2),
            }
            if to_date >= 0.01:
                facts["attained_share"] = round(compared / to_date, 4)
        return facts

    def days(self, kept: list[int]) -> tuple[DayResult, ...]:
        plan, is_planned = self._plan.daily[kept], self._is_planned[kept]
        return tuple(
            DayResult(
                date=day,
                plan=round(float(np.nansum(plan[:, k])), 2) if is_planned[:, k].any() else None,
                actual=round(float(self._sold[kept, k].sum()), 2) if k < self._day_count else None,
            )
            for k, day in enumerate(self._period.days)
        )

    def _count(self, kept: list[int], status: VisitStatus) -> int:
        return sum(self._visits[self._plan.rep_ids[k], status] for k in kept)


def _daily(
    state: AppState, snapshot: Snapshot, period: Period, rep_ids: tuple[int, ...]
) -> NDArray[np.float64]:
    """Sales of each rep on each day, (r, days)."""
    sold = np.zeros((len(rep_ids), len(period.days)))
    if period.first > snapshot.today:
        return sold
    sales = sales_of(state, snapshot, period)
    order = np.argsort(rep_ids)
    rows = order[np.searchsorted(rep_ids, sales.rep_id, sorter=order)]
    first_day = day_number(period.first)
    np.add.at(sold, (rows, sales.day - first_day), sales.sales_cents / 100)
    return sold


def _due(snapshot: Snapshot, period: Period, rep_ids: tuple[int, ...]) -> NDArray[np.float64]:
    """Visits of field trips that the cadence asks for, (r,)."""
    is_field = snapshot.rules(snapshot.today_day).is_field
    months = sum(
        len(Period(max(days.first, period.first), min(days.last, period.last)).days)
        / len(days.days)
        for days in map(days_of, period.months)
    )
    visits = cadence(snapshot) * is_field * months
    owner = snapshot.table.owner_rep_id
    return np.array([visits[owner == rep_id].sum() for rep_id in rep_ids])


def _counted(state: AppState, snapshot: Snapshot, period: Period) -> tuple[VisitCount, ...]:
    def read() -> tuple[VisitCount, ...]:
        with state.database.session() as session:
            return sales_results.visit_counts(session, snapshot.dataset, period.first, period.last)

    return snapshot.memo.get(("visit_counts", period), read)
