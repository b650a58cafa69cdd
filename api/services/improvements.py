"""What a change of cadence, channel or owner is worth in a year, before it is made."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER, AccountTable, Channel, Rules, Worth
from accounts.cadence import Cadence, cadence
from accounts.decisions import STRATEGIC_INTERVAL_DAYS
from accounts.engagement import NO_VISITS_DAYS
from accounts.planning.improvement import (
    FIELD,
    MONTHS_PER_YEAR,
    ServicePlan,
    Year,
    with_elasticity,
    year_of,
)
from accounts.touches.cost_to_serve import visit_time_s
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel, TouchSettings
from api.schemas.improvement import (
    AtElasticity,
    DisplacedAnswer,
    Improvement,
    ImprovementAnswer,
    ImprovementsAnswer,
    ImprovementsRequest,
    RepTime,
    YearAnswer,
)
from api.services.accounts import row_of
from api.services.analysis import money, rows_of
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.field_time import field_time
from api.services.touch_settings import touch_settings
from api.state import AppState, Snapshot

DAYS_PER_YEAR = 365.25
CALL_INTERVAL_DAYS = 30.0
"""Between calls of inside sales where nobody says how often."""

ELASTICITIES = (0.2, 0.4)
"""Either side of what is usual for personal selling."""


def improvements(state: AppState, asked: ImprovementsRequest) -> ImprovementsAnswer:
    """
    Each improvement by itself, against serving all accounts as today.

    Raises
    ------
    RefusedRequestError
        When accounts, a rep or a segment are not known.
    """
    snapshot = state.snapshot()
    settings = touch_settings(state, snapshot)
    today = _today(snapshot)
    base = _Outcome(snapshot, settings, today, today)
    return ImprovementsAnswer(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        items=tuple(
            _valued(snapshot, settings, base, one, pointer("improvements", k))
            for k, one in enumerate(asked.improvements)
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Situation:
    """
    Who is served how.

    Parameters
    ----------
    table
        With owners and intervals.
    is_field
        (n,) bool, whether field trips visit the account.
    is_visited
        (n,) bool, whether anybody does.
    calls
        (n, c) float64, touches of a year beside visits.
    cadence
        What that takes of the time of each rep.
    """

    table: AccountTable
    is_field: NDArray[np.bool_]
    is_visited: NDArray[np.bool_]
    calls: NDArray[np.float64]
    cadence: Cadence


def _today(snapshot: Snapshot) -> _Situation:
    table, programme = snapshot.table, snapshot.programme
    rules = Rules.on_day(snapshot.today_day, table, programme, snapshot.exceptions)
    answers_only = np.array([one.channel is Channel.RESPOND_ONLY for one in programme])
    calls = np.zeros((len(table), len(TOUCH_CHANNELS)))
    for index, one in enumerate(programme):
        if one.call_channel is not None and one.call_interval_days is not None:
            column = TOUCH_CHANNELS.index(TouchChannel(one.call_channel.value))
            calls[table.segment == index, column] = DAYS_PER_YEAR / one.call_interval_days
    return _Situation(
        table,
        rules.is_field,
        rules.is_field | ~answers_only[table.segment],
        calls,
        snapshot.cadence,
    )


def _changed(
    snapshot: Snapshot, today: _Situation, rows: NDArray[np.intp], asked: Improvement, at: str
) -> _Situation:
    """As today, but for the change of these accounts."""
    table = today.table
    interval = table.visit_interval_days.copy()
    owner = table.owner_rep_id.copy()
    is_field, is_visited = today.is_field.copy(), today.is_visited.copy()
    calls = today.calls.copy()
    if asked.rep_id is not None:
        owner[rows] = _rep_id(snapshot, asked.rep_id, at)
    if asked.channel is not None:
        goes_there = asked.channel == "field" or (
            asked.channel == "inside_sales" and asked.visit_interval_days is not None
        )
        is_field[rows] = is_visited[rows] = goes_there
        if goes_there:
            never = interval[rows] >= NO_VISITS_DAYS
            interval[rows[never]] = STRATEGIC_INTERVAL_DAYS
        if asked.channel != "field":
            calls[rows] = 0
    if asked.visit_interval_days is not None:
        interval[rows] = asked.visit_interval_days
    if asked.visit_interval_factor is not None:
        is_some = interval[rows] < NO_VISITS_DAYS
        interval[rows[is_some]] *= asked.visit_interval_factor
    if asked.channel == "inside_sales" or asked.call_channel is not None:
        channel = TouchChannel(asked.call_channel or TouchChannel.PHONE)
        every_days = asked.call_interval_days or CALL_INTERVAL_DAYS
        calls[rows] = 0
        calls[rows, TOUCH_CHANNELS.index(channel)] = DAYS_PER_YEAR / every_days
    changed = replace(table, visit_interval_days=interval, owner_rep_id=owner)
    reps = tuple(map(field_time, snapshot.reps))
    taken = cadence(changed, is_field, snapshot.has_location, reps, snapshot.stop_s)
    return _Situation(changed, is_field, is_visited, calls, taken)


class _Outcome:
    """A year of all accounts in a situation."""

    def __init__(
        self,
        snapshot: Snapshot,
        settings: TouchSettings,
        situation: _Situation,
        today: _Situation,
    ) -> None:
        self.situation = situation
        self._settings = settings
        self._plan = _plan_of(situation, settings)
        self._today = _plan_of(today, settings)
        self.worth = snapshot.worth
        self.year = self.year_with(self.worth)
        self.net_eur = {elasticity: self._net_eur(elasticity) for elasticity in ELASTICITIES}

    def year_with(self, worth: Worth) -> Year:
        return year_of(self._plan, self._today, worth, self._settings)

    def _net_eur(self, elasticity: float) -> float:
        """Of all accounts, if they responded so."""
        other = with_elasticity(self.worth, elasticity, self._today.visits / MONTHS_PER_YEAR)
        year = self.year_with(other)
        return float((year.contribution_eur - year.cost_eur).sum())


def _plan_of(situation: _Situation, settings: TouchSettings) -> ServicePlan:
    """What can be kept: at stretched intervals, and nothing where nobody has time to go."""
    table = situation.table
    interval = table.visit_interval_days * situation.cadence.interval_stretch
    able = [one.rep_id for one in situation.cadence.reps if one.has_hours]
    somebody_goes = ~situation.is_field | np.isin(table.owner_rep_id, able)
    is_visited = situation.is_visited & somebody_goes & (table.visit_interval_days < NO_VISITS_DAYS)
    touches = situation.calls.copy()
    touches[:, FIELD] = np.where(is_visited, DAYS_PER_YEAR / interval, 0.0)
    return ServicePlan(
        touches,
        visit_time_s(table.service_duration_s, table.contact_count, settings),
        situation.cadence.travel_s,
        situation.cadence.travel_m,
    )


def _valued(
    snapshot: Snapshot, settings: TouchSettings, base: _Outcome, asked: Improvement, at: str
) -> ImprovementAnswer:
    rows = _rows(snapshot, asked, at)
    after = _Outcome(
        snapshot,
        settings,
        _changed(snapshot, base.situation, rows, asked, at),
        base.situation,
    )
    is_chosen = np.zeros(len(snapshot.table), dtype=np.bool_)
    is_chosen[rows] = True
    then, now = base.year, after.year
    # The others differ by the time that their reps have left for them, and by the way to them:
    # the fewer accounts are visited, the farther it is from one to the next.
    is_same = np.isclose(then.visits, now.visits, rtol=1e-9, atol=0) & np.isclose(
        then.cost_eur, now.cost_eur, rtol=1e-9, atol=0
    )
    moved = ~is_chosen & ~is_same
    before_answer, after_answer = _year(then, is_chosen), _year(now, is_chosen)
    displaced = _displaced(then, now, moved)
    return ImprovementAnswer(
        label=asked.label,
        account_count=len(rows),
        without_position_count=int((~snapshot.has_location[rows]).sum()),
        worth=money(after_answer.net - before_answer.net + displaced.net),
        worth_at=tuple(
            AtElasticity(elasticity=b, worth=money(after.net_eur[b] - base.net_eur[b]))
            for b in ELASTICITIES
        ),
        before=before_answer,
        after=after_answer,
        displaced=displaced,
        reps=_reps(snapshot, base.situation, after.situation, rows),
    )


def _year(year: Year, rows: NDArray[np.bool_]) -> YearAnswer:
    sums: dict[str, Any] = {
        "visits": year.visits,
        "other_touches": year.other_touches,
        "hours": year.hours,
        "travel_h": year.travel_h,
        "travel_km": year.travel_km,
        "sales": year.sales_eur,
        "contribution": year.contribution_eur,
        "cost": year.cost_eur,
        "net": year.contribution_eur - year.cost_eur,
    }
    return YearAnswer(**{name: money(column[rows].sum()) for name, column in sums.items()})


def _displaced(then: Year, now: Year, rows: NDArray[np.bool_]) -> DisplacedAnswer:
    """After less before."""

    def gained(name: str) -> float:
        return float((getattr(now, name) - getattr(then, name))[rows].sum())

    contribution, cost = gained("contribution_eur"), gained("cost_eur")
    return DisplacedAnswer(
        account_count=int(rows.sum()),
        visits=money(gained("visits")),
        contribution=money(contribution),
        cost=money(cost),
        net=money(contribution - cost),
    )


def _reps(
    snapshot: Snapshot, before: _Situation, after: _Situation, rows: NDArray[np.intp]
) -> tuple[RepTime, ...]:
    """Those who own the accounts before or after, by name as everywhere."""
    concerned = {
        *before.table.owner_rep_id[rows].tolist(),
        *after.table.owner_rep_id[rows].tolist(),
    } - {NO_OWNER}
    return tuple(
        RepTime(
            rep_id=str(rep.id),
            rep=rep.name,
            capacity_h=_hours(then.capacity_s),
            load_before_h=_hours(then.load_s),
            load_after_h=_hours(now.load_s),
            stretch_before=round(then.stretch, 3),
            stretch_after=round(now.stretch, 3),
        )
        for rep, then, now in zip(
            snapshot.reps, before.cadence.reps, after.cadence.reps, strict=True
        )
        if rep.id in concerned
    )


def _hours(duration_s: float) -> float:
    return round(duration_s / 3600, 2)


def _rows(snapshot: Snapshot, asked: Improvement, at: str) -> NDArray[np.intp]:
    if asked.scope is not None:
        try:
            return rows_of(snapshot, asked.scope)
        except RefusedRequestError as refusal:
            raise RefusedRequestError(
                [replace(fault, pointer=f"{at}/scope{fault.pointer}") for fault in refusal.faults]
            ) from None
    faults, rows = list[Fault](), set[int]()
    for k, account_id in enumerate(asked.account_ids or ()):
        row = row_of(snapshot, account_id)
        if row is None:
            detail = f"There is no account {account_id!r}."
            faults.append(Fault(f"{at}/account_ids/{k}", "UNKNOWN_ACCOUNT", detail))
        else:
            rows.add(row)
    if faults:
        raise RefusedRequestError(faults)
    return np.array(sorted(rows), dtype=np.intp)


def _rep_id(snapshot: Snapshot, rep_id: str, at: str) -> int:
    for rep in snapshot.reps:
        if str(rep.id) == rep_id:
            return rep.id
    detail = f"There is no rep {rep_id!r}. GET /api/v1/reps lists them."
    raise RefusedRequestError([Fault(f"{at}/rep_id", "UNKNOWN_REP", detail)])
