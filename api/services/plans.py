"""What is planned for each rep and day: from the rounds, and without one from the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.planning.period import Period, day_shares, days_of, month_of
from api.services.actual import weights_of_weekdays
from api.services.expected import month_by_rep
from api.state import AppState, Snapshot
from data import planning_store
from data.tables import PlanningFigure

AGREED, BOTTOM_UP, TOP_DOWN, MODEL, NONE = "agreed", "bottom_up", "top_down", "model", "none"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """
    The plan of a period.

    Parameters
    ----------
    rep_ids
        The r reps, and `NO_OWNER` as the last.
    daily
        (r, days) float64, what is to be sold; NaN where nobody planned it.
    bases
        For each rep what the months of the period are planned by.
    """

    rep_ids: tuple[int, ...]
    daily: NDArray[np.float64]
    bases: tuple[frozenset[str], ...]


def plan_of(state: AppState, snapshot: Snapshot, period: Period) -> Plan:
    """
    What was agreed, or else what the rep says, or else what the model said as the round opened.

    Months without a round are planned by the model of today, unless they are over: what it says of
    those it says knowing how they went. A rep whom a round does not know is planned so too.
    """
    with state.database.session() as session:
        rounds = planning_store.of_months(session, snapshot.dataset.id, period.months)
    weights, model = weights_of_weekdays(state, snapshot), month_by_rep(snapshot)
    rep_ids = (*(rep.id for rep in snapshot.reps), NO_OWNER)
    daily = np.full((len(rep_ids), len(period.days)), np.nan)
    bases: list[set[str]] = [set() for _ in rep_ids]
    this_month = month_of(snapshot.today)
    for month in period.months:
        days = days_of(month)
        within = Period(max(days.first, period.first), min(days.last, period.last))
        shares = day_shares(month, weights)[_span(days, within)]
        figures = rounds[month].figures if month in rounds else {}
        for k, rep_id in enumerate(rep_ids):
            amount, basis = _figure(figures.get(rep_id))
            if amount is None and month >= this_month:
                amount, basis = model[rep_id], MODEL
            bases[k].add(basis)
            if amount is not None:
                daily[k, _span(period, within)] = amount * shares
    return Plan(rep_ids, daily, tuple(frozenset(one) for one in bases))


def basis_of(bases: Sequence[frozenset[str]]) -> str:
    """The one thing that plans are made of, or `mixed`."""
    found = frozenset[str]().union(*bases)
    return next(iter(found)) if len(found) == 1 else "mixed"


def _figure(figure: PlanningFigure | None) -> tuple[float | None, str]:
    if figure is None:
        return None, NONE
    if figure.agreed_cents is not None:
        return figure.agreed_cents / 100, AGREED
    if figure.bottom_up_cents is not None:
        return figure.bottom_up_cents / 100, BOTTOM_UP
    return figure.top_down_cents / 100, TOP_DOWN


def _span(whole: Period, part: Period) -> slice:
    """Where the days of a part stand among those of the whole."""
    start = (part.first - whole.first).days
    return slice(start, start + len(part.days))
