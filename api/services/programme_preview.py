"""What another engagement programme would change, before it does."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accounts import Programme
from accounts.cadence import Cadence, cadence
from accounts.decisions import with_exceptions
from accounts.programme_change import ProgrammeChange, Served, change_programme
from accounts.rules import Rules
from accounts.touches.yearly_effort import Effort, YearlyEffort, yearly_effort
from api.schemas.programme import (
    CadenceSummary,
    EffortAnswer,
    EffortMoved,
    ProgrammeDraft,
    ProgrammePreview,
    SegmentEffort,
    SegmentMove,
    SizeEffort,
)
from api.services.field_time import field_time
from api.services.touch_settings import touch_settings
from api.state import AppState, Snapshot
from data import programme_store
from data.programme_store import StoredServed
from data.tables import PolicySubject


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """How accounts are served under one programme, and what that takes."""

    programme: Programme
    served: Served
    efforts: YearlyEffort
    cadence: Cadence

    @property
    def total(self) -> Effort:
        return self.efforts.of(np.ones(len(self.served.segment), dtype=bool))


def preview(state: AppState, said: ProgrammeDraft, after: Programme) -> ProgrammePreview:
    """Compare another programme with the one that counts. Nothing is stored."""
    snapshot = state.snapshot()
    with state.database.session() as session:
        stored = programme_store.served(session, snapshot.dataset.id)
    stored, before = _known(stored, snapshot), snapshot.programme
    change = changed(snapshot, stored, before, after, said)
    then = _state(state, snapshot, before, stored.served)
    coming = _state(state, snapshot, after, change.after)
    policy = snapshot.policies.get(PolicySubject.PROGRAMME)
    return ProgrammePreview(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        version=0 if policy is None else policy.version,
        accounts=len(stored.served.account_id),
        accounts_changed=int(change.is_changed.sum()),
        accounts_moved=int(change.is_moved.sum()),
        moves=_moves(change, stored.served, before, after),
        intervals_changed=int(
            (stored.served.visit_interval_days != change.after.visit_interval_days).sum()
        ),
        durations_changed=int(
            (stored.served.service_duration_s != change.after.service_duration_s).sum()
        ),
        intervals_kept=int(change.keeps_interval.sum()),
        durations_kept=int(change.keeps_duration.sum()),
        before=_by_segment(then),
        after=_by_segment(coming),
        total_before=effort_answer(then.total),
        total_after=effort_answer(coming.total),
        effort_moved=_moved(then, coming, _size_eur(snapshot, stored, before), said.small_below),
        cadence_before=_cadence_summary(then.cadence),
        cadence_after=_cadence_summary(coming.cadence),
        situations_without_segment=tuple(
            str(one.situation_id)
            for one in snapshot.situations
            if one.segment is not None and one.segment not in {s.name for s in after}
        ),
    )


def changed(
    snapshot: Snapshot,
    stored: StoredServed,
    before: Programme,
    after: Programme,
    said: ProgrammeDraft,
) -> ProgrammeChange:
    """What becomes of the accounts that are stored."""
    # Another programme with fewer segments may have been applied while accounts were written.
    segment = np.minimum(stored.served.segment, len(before) - 1)
    served = Served(
        stored.served.account_id,
        segment,
        stored.served.visit_interval_days,
        stored.served.service_duration_s,
        stored.served.has_own_interval,
        stored.served.has_own_duration,
    )
    return change_programme(
        served,
        before,
        after,
        _revenue_eur(snapshot, stored.served.account_id),
        moves_by_revenue=said.move_by_revenue,
        keeps_own=said.keep_own,
    )


def effort_answer(effort: Effort) -> EffortAnswer:
    return EffortAnswer(
        accounts=effort.account_count,
        visits=round(effort.visits, 1),
        calls=round(effort.calls, 1),
        hours=round(effort.hours, 1),
        cost=round(effort.cost_eur, 2),
    )


def _known(stored: StoredServed, snapshot: Snapshot) -> StoredServed:
    """Without those that the snapshot does not know: deleted or added in this moment."""
    served = stored.served
    keep = np.isin(served.account_id, snapshot.table.account_id) & ~stored.is_deleted
    columns = (getattr(served, name)[keep] for name in Served.__slots__)
    return StoredServed(Served(*columns), stored.version[keep], stored.is_deleted[keep])


def _revenue_eur(snapshot: Snapshot, account_id: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of the last 12 months; NaN where no order in the data set's currency is known."""
    table = snapshot.table
    revenue = np.full(len(account_id), np.nan)
    if len(table):
        row = np.minimum(np.searchsorted(table.account_id, account_id), len(table) - 1)
        is_known = (table.account_id[row] == account_id) & (table.order_count[row] > 0)
        revenue[is_known] = table.recent_revenue_eur[row[is_known]]
    return revenue


def _state(state: AppState, snapshot: Snapshot, programme: Programme, served: Served) -> _State:
    table = snapshot.table
    row = np.searchsorted(table.account_id, served.account_id)
    segment, interval = table.segment.copy(), table.visit_interval_days.copy()
    duration = table.service_duration_s.copy()
    segment[row] = served.segment.astype(np.uint8)
    interval[row], duration[row] = served.visit_interval_days, served.service_duration_s
    then = replace(
        table, segment=segment, visit_interval_days=interval, service_duration_s=duration
    )
    day = snapshot.today_day
    then = with_exceptions(then, snapshot.exceptions, day)
    rules = Rules.on_day(day, then, programme, snapshot.exceptions)
    reps = tuple(map(field_time, snapshot.reps))
    loads = cadence(then, rules.is_field, snapshot.has_location, reps, snapshot.stop_s)
    efforts = yearly_effort(
        programme,
        served.segment,
        served.visit_interval_days,
        served.service_duration_s,
        loads.travel_s[row],
        loads.travel_m[row],
        touch_settings(state, snapshot),
    )
    return _State(programme, served, efforts, loads)


def _by_segment(then: _State) -> tuple[SegmentEffort, ...]:
    return tuple(
        SegmentEffort(
            segment=segment.name,
            effort=effort_answer(then.efforts.of(then.served.segment == index)),
        )
        for index, segment in enumerate(then.programme)
    )


def _moves(
    change: ProgrammeChange, served: Served, before: Programme, after: Programme
) -> tuple[SegmentMove, ...]:
    pairs = zip(
        served.segment[change.is_moved].tolist(),
        change.after.segment[change.is_moved].tolist(),
        strict=True,
    )
    found = sorted(Counter(pairs).items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        SegmentMove(from_segment=before[old].name, to_segment=after[new].name, accounts=accounts)
        for (old, new), accounts in found
    )


def _size_eur(snapshot: Snapshot, stored: StoredServed, before: Programme) -> NDArray[np.float64]:
    """Revenue a year; where none is known, the least that the segment stands for."""
    revenue = _revenue_eur(snapshot, stored.served.account_id)
    least = np.array([one.revenue_from_eur for one in before])[stored.served.segment]
    return np.where(np.isfinite(revenue), revenue, least)


def _moved(
    then: _State, coming: _State, size_eur: NDArray[np.float64], small_below: float
) -> EffortMoved:
    """The same accounts before and after, divided by the revenue that they have today."""
    is_small = size_eur < small_below
    small = then.efforts.of(is_small), coming.efforts.of(is_small)
    large = then.efforts.of(~is_small), coming.efforts.of(~is_small)
    freed, added = small[0].hours - small[1].hours, large[1].hours - large[0].hours
    totals = then.total.hours, coming.total.hours
    shares = [
        round(part.hours / total, 4) if total > 0 else None
        for part, total in zip(large, totals, strict=True)
    ]
    return EffortMoved(
        small_below=small_below,
        small=_sizes(*small),
        large=_sizes(*large),
        large_share_before=shares[0],
        large_share_after=shares[1],
        hours_moved=round(max(0.0, min(freed, added)), 1),
        hours_freed=round(totals[0] - totals[1], 1),
    )


def _sizes(before: Effort, after: Effort) -> SizeEffort:
    return SizeEffort(
        accounts=before.account_count, before=effort_answer(before), after=effort_answer(after)
    )


def _cadence_summary(found: Cadence) -> CadenceSummary:
    return CadenceSummary(
        reps_over_capacity=sum(one.stretch > 1 for one in found.reps),
        highest_stretch=round(max((one.stretch for one in found.reps), default=1.0), 4),
        load_h_per_week=round(sum(one.load_s for one in found.reps) / 3600, 1),
        capacity_h_per_week=round(sum(one.capacity_s for one in found.reps) / 3600, 1),
    )
