"""Commitments: visits of accepted routes that customers count on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.tables import Account, Channel, Visit, VisitStatus

HELD = (VisitStatus.COMMITTED, VisitStatus.DONE)
"""States of a visit that its route still makes, or has made."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A visit that is to be made; `visit_id` is the row, `route_id` the route that made it one."""

    visit_id: int
    account_id: int
    rep_id: int | None
    route_id: str | None
    start_at: datetime
    duration_s: int

    @property
    def end_at(self) -> datetime:
        return self.start_at + timedelta(seconds=self.duration_s)


@dataclass(frozen=True, slots=True)
class AcceptedVisit:
    """A visit of a route that is being accepted."""

    account_id: int
    start_at: datetime
    duration_s: int
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many commitments were added, changed, left as they were, and cancelled."""

    added: int
    changed: int
    kept: int
    cancelled: int


def all_commitments(session: Session, dataset_id: int) -> tuple[Commitment, ...]:
    """All visits that are still to be made, in order of time."""
    found = session.execute(
        select(
            Visit.id,
            Visit.account_id,
            Visit.rep_id,
            Visit.route_id,
            Visit.start_at,
            Visit.duration_s,
        )
        .join(Account, Account.id == Visit.account_id)
        .where(Account.dataset_id == dataset_id, Visit.status == VisitStatus.COMMITTED)
        .order_by(Visit.start_at, Visit.id)
    )
    return tuple(Commitment(*row) for row in found)


def replace(
    session: Session, route_id: str, rep_id: int | None, visits: Sequence[AcceptedVisit]
) -> Accepted:
    """
    Make these visits the commitments of a route, instead of those it had.

    An account keeps its row, so that whoever refers to the visit sees it move. What the route no
    longer visits is cancelled, but a visit that was made stays.
    """
    rows = session.scalars(
        select(Visit)
        .where(Visit.route_id == route_id, Visit.status.in_(HELD))
        .order_by(Visit.start_at, Visit.id)
    ).all()
    held: dict[int, list[Visit]] = {}
    for row in rows:
        held.setdefault(row.account_id, []).append(row)
    added = changed = kept = 0
    for visit in visits:
        status = VisitStatus.DONE if visit.is_done else VisitStatus.COMMITTED
        rows_of_account = held.get(visit.account_id)
        if not rows_of_account:
            session.add(
                Visit(
                    account_id=visit.account_id,
                    rep_id=rep_id,
                    status=status,
                    channel=Channel.FIELD,
                    start_at=visit.start_at,
                    duration_s=visit.duration_s,
                    route_id=route_id,
                )
            )
            added += 1
            continue
        row = rows_of_account.pop(0)
        facts = (row.start_at, row.duration_s, row.status)
        if facts == (visit.start_at, visit.duration_s, status):
            kept += 1
        else:
            row.start_at, row.duration_s, row.status = visit.start_at, visit.duration_s, status
            changed += 1
    gone = [row.id for left in held.values() for row in left if row.status is VisitStatus.COMMITTED]
    if gone:
        session.execute(
            update(Visit).where(Visit.id.in_(gone)).values(status=VisitStatus.CANCELLED)
        )
    session.flush()
    return Accepted(added, changed, kept, len(gone))
