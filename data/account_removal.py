"""Deleting an account without rewriting what has happened."""

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data.ownership_store import change_owner, open_periods
from data.tables import Account, Ownership, OwnershipSource, Visit, VisitStatus


def remove(session: Session, account: Account, now: datetime, today: date) -> int:
    """
    Hide an account from now on.

    Its row, its id, its visits and orders stay, and so do the ids that other systems have for it,
    by which it comes back. Who owns it does so until today. Visits that are still to come are
    cancelled.

    Returns
    -------
    int
        How many visits were cancelled.
    """
    change_owner(
        session,
        account.id,
        None,
        today,
        OwnershipSource.HAND,
        open_periods(session, [account.id]).get(account.id),
    )
    # What was to begin later never will.
    session.execute(
        delete(Ownership).where(Ownership.account_id == account.id, Ownership.from_date > today)
    )
    to_come = session.scalars(
        select(Visit.id).where(
            Visit.account_id == account.id,
            Visit.status.in_((VisitStatus.PLANNED, VisitStatus.COMMITTED)),
            Visit.start_at >= now,
        )
    ).all()
    if to_come:
        session.execute(
            update(Visit).where(Visit.id.in_(to_come)).values(status=VisitStatus.CANCELLED)
        )
    account.deleted_at = account.updated_at = now
    account.version += 1
    session.flush()
    return len(to_come)
