"""What a week is expected to bring, to be looked at when it begins."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import NEVER_VISITED, NO_OWNER
from accounts.planning.period import Period, day_shares, days_of
from api.schemas.results import RepWeek, WeekFigures, WeekQuery, WeekReview
from api.services.actual import by_rep, sales_of, weights_of_weekdays
from api.services.expected import expected_month
from api.services.plans import plan_of
from api.services.results import chosen
from api.state import AppState, Snapshot
from data import sales_results
from data.sales_results import WeekVisit
from data.tables import Rep, VisitStatus


def week_review(state: AppState, query: WeekQuery) -> WeekReview:
    """
    Raises
    ------
    RefusedRequestError
        When the rep is not known.
    """
    snapshot = state.snapshot()
    monday = (
        _monday(query.week)
        if query.week
        else snapshot.today - timedelta(days=snapshot.today.weekday())
    )
    period = Period(monday, monday + timedelta(days=6))
    week = _Week(state, snapshot, period)
    kept = [k for k in chosen(snapshot, week.rep_ids, query.rep_id) if week.is_shown(k)]
    names = {rep.id: rep.name for rep in snapshot.reps}
    rows = [
        RepWeek(
            rep_id=None if week.rep_ids[k] == NO_OWNER else str(week.rep_ids[k]),
            rep=names.get(week.rep_ids[k]),
            **week.figures([k]),
        )
        for k in kept
    ]
    rows.sort(key=lambda row: (-(row.due_not_met_value or 0.0), row.rep or "", row.rep_id or ""))
    return WeekReview(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        week=_name(monday),
        first=period.first,
        last=period.last,
        previous=_name(monday - timedelta(days=7)),
        following=_name(monday + timedelta(days=7)),
        total=WeekFigures(**week.figures(kept)),
        reps=tuple(rows),
    )


class _Week:
    """All that is known of a week, by rep."""

    def __init__(self, state: AppState, snapshot: Snapshot, period: Period) -> None:
        plan = plan_of(state, snapshot, period)
        self.rep_ids = plan.rep_ids
        self._plan = plan.daily
        self._snapshot = snapshot
        self._is_over = period.last < snapshot.today
        self._share = _month_share(period, weights_of_weekdays(state, snapshot))
        self._actual = (
            by_rep(snapshot, sales_of(state, snapshot, period))
            if period.first <= snapshot.today
            else None
        )
        with state.database.session() as session:
            visits = sales_results.visits_between(
                session, snapshot.dataset, period.first, period.last
            )
        self._visits: dict[int, list[WeekVisit]] = {}
        for one in visits:
            rep_id = NO_OWNER if one.rep_id is None else one.rep_id
            self._visits.setdefault(rep_id, []).append(one)
        self._is_due = _due_by(snapshot, period.last)
        met = [snapshot.table.row_of(one.account_id) for one in visits]
        self._is_met = np.zeros(len(snapshot.table), dtype=bool)
        self._is_met[[row for row in met if row is not None]] = True
        self._hours = {rep.id: _working_h(rep) for rep in snapshot.reps}

    def is_shown(self, k: int) -> bool:
        """Every rep, and nobody where nobody owns accounts or makes visits."""
        rep_id = self.rep_ids[k]
        return (
            rep_id != NO_OWNER
            or rep_id in self._visits
            or rep_id in self._snapshot.table.owner_rep_id
        )

    def figures(self, kept: list[int]) -> dict[str, Any]:
        """Of some reps together."""
        snapshot, rep_ids = self._snapshot, [self.rep_ids[k] for k in kept]
        is_theirs = np.isin(snapshot.table.owner_rep_id, rep_ids)
        expected = expected_month(snapshot)
        visits = [one for rep_id in rep_ids for one in self._visits.get(rep_id, ())]
        plan = self._plan[kept]
        value_eur = snapshot.scores(snapshot.today_day).visit_value_cents / 100
        facts: dict[str, Any] = {
            "expected_sales": _eur(expected.sales_eur[is_theirs].sum() * self._share),
            "expected_contribution": _eur(expected.contribution_eur[is_theirs].sum() * self._share),
            "visits_planned": _count(visits, VisitStatus.PLANNED),
            "visits_committed": _count(visits, VisitStatus.COMMITTED),
            "visits_done": _count(visits, VisitStatus.DONE),
            "visit_value": _eur(value_eur[self._rows_of(visits)].sum()),
            "service_h": round(sum(one.duration_s for one in visits) / 3600, 1),
            "working_h": round(sum(self._hours.get(rep_id, 0.0) for rep_id in rep_ids), 1),
        }
        if np.isfinite(plan).any():
            facts["plan"] = _eur(np.nansum(plan))
        if self._actual is not None:
            facts["actual"] = _eur(sum(self._actual[rep_id] for rep_id in rep_ids))
        if not self._is_over:
            is_due = self._is_due & is_theirs
            left = is_due & ~self._is_met
            facts |= {
                "due_count": int(is_due.sum()),
                "due_not_met_count": int(left.sum()),
                "due_not_met_value": _eur(value_eur[left].sum()),
            }
        return facts

    def _rows_of(self, visits: list[WeekVisit]) -> list[int]:
        """Accounts that are met, each once."""
        rows = {self._snapshot.table.row_of(one.account_id) for one in visits}
        return sorted(row for row in rows if row is not None)


def _due_by(snapshot: Snapshot, day: date) -> NDArray[np.bool_]:
    """
    Accounts of field trips whose interval will be over, (n,).

    Those that were never visited are not meant: there are thousands, and they wait for no day.
    """
    number = snapshot.today_day + (day - snapshot.today).days
    scores = snapshot.scores(number)
    was_visited = snapshot.table.last_visit_day != NEVER_VISITED
    with np.errstate(invalid="ignore"):
        return np.asarray(scores.is_field & was_visited & (scores.due_ratio >= 1))


def _month_share(period: Period, weights: NDArray[np.float64]) -> float:
    """What part of a month's sales the days of a period bring."""
    share = 0.0
    for month in period.months:
        shares = day_shares(month, weights)
        days = days_of(month).days
        share += sum(
            float(one)
            for day, one in zip(days, shares, strict=True)
            if period.first <= day <= period.last
        )
    return share


def _working_h(rep: Rep) -> float:
    return sum(window.closes_s - window.opens_s for window in rep.working_hours) / 3600


def _count(visits: list[WeekVisit], status: VisitStatus) -> int:
    return sum(one.status is status for one in visits)


def _eur(value: float) -> float:
    return round(float(value), 2)


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def _name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
