"""Whom to visit first in a week, and why: the prizes that the planner uses, with their parts."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, NEVER_VISITED, STATUSES, Scores
from accounts.days import date_of_day, day_number
from accounts.decisions import SpecialSituation
from accounts.rules import Rules
from accounts.visit_value import visits_per_month
from api.schemas.analysis import ScopeQuery
from api.schemas.recommendation import (
    CadenceParts,
    DayPrize,
    Recommendation,
    RecommendationList,
    RecommendationsQuery,
    SpecialParts,
    ValueParts,
)
from api.services.accounts import interval_answer, owner_facts, position_of, served_facts
from api.services.analysis import rows_of
from api.services.commitments import committed_days
from api.services.day_scores import day_scores
from api.services.field_time import WORKDAYS
from api.services.programme import rep_cadence
from api.services.trust import issue_of
from api.state import AppState, Snapshot
from data import decision_store


@dataclass(frozen=True, slots=True, eq=False)
class _Week:
    """
    All accounts in a week of d working days.

    Parameters
    ----------
    best_day
        (n,) int64, index of the day on which the prize is highest; the first of several.
    prize_cents
        (n, d) int64.
    committed_day
        (n,) int64, day since 1970-01-01, or -1.
    special
        Situations that hold on some day, with the rows that each is about.
    """

    snapshot: Snapshot
    days: tuple[date, ...]
    scores: tuple[Scores, ...]
    rules: tuple[Rules, ...]
    prize_cents: NDArray[np.int64]
    best_day: NDArray[np.int64]
    committed_day: NDArray[np.int64]
    special: tuple[tuple[SpecialSituation, frozenset[int]], ...]

    @property
    def best_cents(self) -> NDArray[np.int64]:
        best: NDArray[np.int64] = self.prize_cents.max(axis=1)
        return best

    @property
    def is_must(self) -> NDArray[np.bool_]:
        required = np.logical_or.reduce([one.is_must_visit for one in self.rules])
        return np.asarray(required & (self.committed_day < 0))

    @property
    def is_field(self) -> NDArray[np.bool_]:
        return np.logical_or.reduce([one.is_field for one in self.rules])


def recommendations(state: AppState, query: RecommendationsQuery) -> RecommendationList:
    """
    Accounts from the top down by what a visit in the week is worth.

    Raises
    ------
    RefusedRequestError
        When the rep or the segment is not known.
    """
    snapshot = state.snapshot()
    scope = ScopeQuery(
        rep_id=query.rep_id, segment=query.segment, postcode_prefix=query.postcode_prefix
    )
    rows = rows_of(snapshot, scope)
    name = query.week or week_to_come(snapshot.today)
    week = _week(snapshot, working_days(name))
    is_field, best_cents, is_must = week.is_field, week.best_cents, week.is_must
    visited = rows[is_field[rows]]
    worth = visited[(best_cents[visited] > 0) | is_must[visited]]
    # Ties by account id, which is the order of the rows.
    order = np.lexsort((worth, -best_cents[worth], ~is_must[worth]))
    ranked = worth[order]
    first = 0 if query.cursor is None else int(query.cursor)
    shown = ranked[first : first + query.limit].tolist()
    following = first + len(shown)
    reasons = _reasons(state, snapshot)
    load = None if query.rep_id is None else snapshot.cadence.of_rep(int(query.rep_id))
    names = {rep.id: rep.name for rep in snapshot.reps}
    return RecommendationList(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        week=name,
        first_date=week.days[0],
        last_date=week.days[-1],
        rep_id=query.rep_id,
        items=tuple(_item(week, row, first + k + 1, reasons) for k, row in enumerate(shown)),
        total=len(ranked),
        value=int(best_cents[ranked].sum()) / 100,
        not_due=len(visited) - len(worth),
        not_field=len(rows) - len(visited),
        cadence=None if load is None else rep_cadence(load, names[load.rep_id]),
        next_cursor=str(following) if shown and following < len(ranked) else None,
    )


def week_to_come(today: date) -> str:
    """The week of ISO 8601 with the first working day from today on."""
    day = today
    while day.isoweekday() not in WORKDAYS:
        day += timedelta(days=1)
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def working_days(week: str) -> tuple[date, ...]:
    """Monday to Friday."""
    year, number = int(week[:4]), int(week[6:])
    return tuple(date.fromisocalendar(year, number, weekday) for weekday in WORKDAYS)


def _week(snapshot: Snapshot, days: tuple[date, ...]) -> _Week:
    numbers = [day_number(day) for day in days]
    committed = committed_days(snapshot.commitments, snapshot)
    scores = tuple(day_scores(snapshot, numbers, committed))
    prize_cents = np.column_stack([one.prize_cents for one in scores])
    committed_day = np.full(len(snapshot.table), -1, dtype=np.int64)
    for row, day in reversed(committed):
        committed_day[row] = day
    return _Week(
        snapshot,
        days,
        scores,
        tuple(snapshot.rules(number) for number in numbers),
        prize_cents,
        prize_cents.argmax(axis=1),
        committed_day,
        tuple(
            (one, frozenset(one.rows(snapshot.table, snapshot.programme).tolist()))
            for one in snapshot.situations
            if any(one.holds_on(number) for number in numbers)
        ),
    )


def _reasons(state: AppState, snapshot: Snapshot) -> dict[int, str]:
    """Of special situations, by their id."""
    if not snapshot.situations:
        return {}
    with state.database.session() as session:
        rows = decision_store.situations(session, snapshot.dataset.id)
    return {row.id: row.reason for row in rows}


def _item(week: _Week, row: int, rank: int, reasons: dict[int, str]) -> Recommendation:
    snapshot, best = week.snapshot, int(week.best_day[row])
    table, worth = snapshot.table, snapshot.worth
    scores, rules = week.scores[best], week.rules[best]
    segment = snapshot.programme[table.segment[row]]
    last_day, committed_day = int(table.last_visit_day[row]), int(week.committed_day[row])
    special = _special(week, row, best)
    return Recommendation(
        rank=rank,
        account_id=str(table.account_id[row]),
        name=table.name[row],
        status=STATUSES[table.status[row]].value,
        segment=segment.name,
        **served_facts(snapshot, row, day_number(week.days[best])),
        postcode=table.postcode[row],
        town=table.town[row],
        position=position_of(snapshot, row),
        **owner_facts(snapshot, int(table.owner_rep_id[row])),
        must_visit=bool(week.is_must[row]),
        date=week.days[best],
        prize=int(week.prize_cents[row, best]) / 100,
        priority=int(week.scores[-1].priority[row]),
        prizes=tuple(
            DayPrize(date=day, prize=int(cents) / 100)
            for day, cents in zip(week.days, week.prize_cents[row].tolist(), strict=True)
        ),
        visit_value=int(scores.visit_value_cents[row]) / 100,
        value_parts=ValueParts(
            base_per_month=round(float(worth.base_eur[row]), 4),
            margin_share=round(float(worth.margin_share[row]), 6),
            elasticity=round(float(worth.elasticity[row]), 6),
            visits_per_month=round(float(visits_per_month(table)[row]), 6),
        ),
        cadence=CadenceParts(
            visit_interval_days=interval_answer(float(table.visit_interval_days[row])),
            interval_stretch=round(float(rules.interval_stretch[row]), 6),
            last_visit=None if last_day == NEVER_VISITED else date_of_day(last_day),
            due_ratio=_number(float(scores.due_ratio[row])),
            due_factor=round(float(scores.due_factor[row]), 6),
        ),
        due=DUE_STATES[scores.due_state[row]].value,
        prize_factor=round(float(rules.prize_factor[row]), 6),
        prize_extra=int(rules.prize_extra_cents[row]) / 100,
        situations=tuple(
            SpecialParts(
                situation_id=str(one.situation_id),
                prize_factor=one.prize_factor,
                prize_extra=one.prize_extra_cents / 100,
                must_visit=one.is_must_visit,
                reason=reasons.get(one.situation_id, ""),
                expires_on=date_of_day(one.until_day),
            )
            for one in special
        ),
        potential=round(float(table.potential_eur[row]), 2),
        service_duration_s=int(table.service_duration_s[row]),
        travel_estimate_s=round(float(snapshot.cadence.travel_s[row])),
        committed_on=None if committed_day < 0 else date_of_day(committed_day),
        location_issue=issue_of(snapshot, row),
        why=_why(week, row, best),
    )


def _why(week: _Week, row: int, best: int) -> str:
    """The main reasons in a sentence or two."""
    snapshot, scores, rules = week.snapshot, week.scores[best], week.rules[best]
    ratio = float(scores.due_ratio[row])
    value = int(scores.visit_value_cents[row]) / 100
    parts = []
    if week.is_must[row]:
        parts.append("A special situation requires the visit.")
    if np.isnan(ratio):
        parts.append("Never visited so far.")
    elif ratio >= 1:
        parts.append(f"Overdue: {ratio:.2f} times the interval since the last visit.")
    elif scores.due_factor[row] > 0:
        parts.append(f"Due: {ratio:.2f} of the interval since the last visit.")
    else:
        parts.append("Not due yet.")
    parts.append(f"One more visit adds about {value:,.2f} {snapshot.dataset.currency}.")
    factor, extra_cents = float(rules.prize_factor[row]), int(rules.prize_extra_cents[row])
    if factor != 1 or extra_cents:
        parts.append(
            f"Special situations make it {factor:g} times that, plus {extra_cents / 100:,.2f}."
        )
    return " ".join(parts)


def _special(week: _Week, row: int, best: int) -> list[SpecialSituation]:
    day = day_number(week.days[best])
    return [one for one, rows in week.special if row in rows and one.holds_on(day)]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)
