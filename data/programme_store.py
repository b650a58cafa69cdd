"""The engagement programme of a data set, as it is written in the versions of its policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.engagement import (
    PROGRAMME,
    CallChannel,
    Channel,
    Programme,
    Segment,
    checked_programme,
)
from accounts.programme_change import ProgrammeChange, Served
from data import policy_store
from data.database import hold_writes
from data.tables import Account, Dataset, Policy, PolicySubject


def programme_of(session: Session, dataset_id: int) -> Programme:
    """The programme that counts; what a data set starts with, where nothing was decided."""
    policy = policy_store.current(session, dataset_id, PolicySubject.PROGRAMME)
    return programme_in({} if policy is None else {policy.subject: policy})


def programme_in(policies: Mapping[PolicySubject, Policy]) -> Programme:
    """The same, among what was decided on each subject."""
    policy = policies.get(PolicySubject.PROGRAMME)
    return PROGRAMME if policy is None else from_body(policy.body)


def from_body(body: Mapping[str, Any]) -> Programme:
    """What a version of the policy says."""
    return checked_programme([_segment(one) for one in body["segments"]])


@dataclass(frozen=True, slots=True, eq=False)
class StoredServed:
    """
    How all accounts of a data set are served, also deleted ones, by ascending id.

    Parameters
    ----------
    version
        (n,) int64, of each account.
    is_deleted
        (n,) bool.
    """

    served: Served
    version: NDArray[np.int64]
    is_deleted: NDArray[np.bool_]


def served(session: Session, dataset_id: int) -> StoredServed:
    """As it is stored: without exceptions, which hold for a time."""
    columns = (
        Account.id,
        Account.segment,
        Account.visit_interval_days,
        Account.service_duration_s,
        Account.has_own_interval,
        Account.has_own_duration,
        Account.version,
        Account.deleted_at.is_not(None),
    )
    statement = select(*columns).where(Account.dataset_id == dataset_id).order_by(Account.id)
    session.flush()
    rows = session.connection().execute(statement).all()
    found = zip(*rows, strict=True) if rows else [()] * len(columns)
    ids, segments, intervals, durations, own_intervals, own_durations, versions, deleted = found
    return StoredServed(
        Served(
            account_id=np.array(ids, dtype=np.int64),
            segment=np.array(segments, dtype=np.int64),
            visit_interval_days=np.array(intervals, dtype=np.float64),
            service_duration_s=np.array(durations, dtype=np.int64),
            has_own_interval=np.array(own_intervals, dtype=np.bool_),
            has_own_duration=np.array(own_durations, dtype=np.bool_),
        ),
        np.array(versions, dtype=np.int64),
        np.array(deleted, dtype=np.bool_),
    )


def hold(session: Session, dataset_id: int) -> None:
    """
    Keep others from applying a programme or writing accounts until the transaction ends.

    The accounts first and then the data set, as `account_upsert` does, so that the two never wait
    for each other crosswise.
    """
    hold_writes(session)
    if session.get_bind().dialect.name == "postgresql":
        accounts = select(Account.id).where(Account.dataset_id == dataset_id).order_by(Account.id)
        session.execute(accounts.with_for_update())
        session.execute(select(Dataset.id).where(Dataset.id == dataset_id).with_for_update())


def hold_as_it_is(session: Session, dataset_id: int) -> Programme:
    """The programme that counts, and will until the transaction ends."""
    session.execute(select(Dataset.id).where(Dataset.id == dataset_id).with_for_update(read=True))
    return programme_of(session, dataset_id)


def apply_change(
    session: Session, stored: StoredServed, change: ProgrammeChange, now: datetime
) -> None:
    """
    Write what a change makes of accounts.

    It counts as a change of each account that becomes another one, so that systems which ask for
    changes learn of it. Deleted accounts get their place in the programme and stay as they were.
    """
    after = change.after
    for is_deleted in (False, True):
        rows = np.flatnonzero(change.is_changed & (stored.is_deleted == is_deleted)).tolist()
        values = [
            {
                "id": int(after.account_id[row]),
                "segment": int(after.segment[row]),
                "visit_interval_days": float(after.visit_interval_days[row]),
                "service_duration_s": int(after.service_duration_s[row]),
                "has_own_interval": bool(after.has_own_interval[row]),
                "has_own_duration": bool(after.has_own_duration[row]),
                **({} if is_deleted else {"version": int(stored.version[row]) + 1}),
                **({} if is_deleted else {"updated_at": now}),
            }
            for row in rows
        ]
        if values:
            session.execute(update(Account), values)


def to_body(programme: Sequence[Segment]) -> dict[str, Any]:
    """As it is kept; `from_body` reads it."""
    return {
        "segments": [
            {
                "name": one.name,
                "revenue_from": one.revenue_from_eur,
                "channel": one.channel.value,
                "visit_interval_days": one.visit_interval_days,
                "service_duration_s": one.service_duration_s,
                "call_channel": None if one.call_channel is None else one.call_channel.value,
                "call_interval_days": one.call_interval_days,
                "has_field_visits": one.has_field_visits,
                "description": one.description,
            }
            for one in programme
        ]
    }


def _segment(one: Mapping[str, Any]) -> Segment:
    call_channel = one["call_channel"]
    return Segment(
        one["name"],
        one["revenue_from"],
        Channel(one["channel"]),
        one["visit_interval_days"],
        one["service_duration_s"],
        None if call_channel is None else CallChannel(call_channel),
        one["call_interval_days"],
        one["has_field_visits"],
        one["description"],
    )
