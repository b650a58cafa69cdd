"""Who owns an account from when on."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from data.parts import parts
from data.tables import Ownership, OwnershipSource


def open_periods(session: Session, account_ids: Iterable[int]) -> dict[int, Ownership]:
    """The periods that last, by account; an account without an owner has none."""
    found: dict[int, Ownership] = {}
    for ids in parts(list(account_ids)):
        statement = select(Ownership).where(
            Ownership.account_id.in_(ids), Ownership.until_date.is_(None)
        )
        found.update((row.account_id, row) for row in session.scalars(statement))
    return found


def owned_on(day: date) -> ColumnElement[bool]:
    """Whether a period holds on a day."""
    return (Ownership.from_date <= day) & or_(
        Ownership.until_date.is_(None), Ownership.until_date > day
    )


def owners_on(session: Session, account_ids: Iterable[int], day: date) -> dict[int, int]:
    """Representatives by the accounts, at most `parts.AT_ONCE`, that they own on a day."""
    statement = (
        select(Ownership.account_id, Ownership.rep_id)
        .where(Ownership.account_id.in_(list(account_ids)), owned_on(day))
        # Periods should not overlap; where they do, the one that began last counts.
        .order_by(Ownership.from_date)
    )
    rows: list[tuple[int, int]] = [(row[0], row[1]) for row in session.execute(statement)]
    return dict(rows)


def change_owner(
    session: Session,
    account_id: int,
    rep_id: int | None,
    day: date,
    source: OwnershipSource,
    period: Ownership | None,
) -> bool:
    """
    Give an account to a representative, or to nobody, from a day on.

    Parameters
    ----------
    period
        The one that lasts, of `open_periods`.

    Returns
    -------
    bool
        Whether the owner is another one now. What the CRM says changes nothing where a published
        territory plan says otherwise.
    """
    if period is not None:
        if source is OwnershipSource.CRM and period.source is OwnershipSource.PLAN:
            return False
        if period.rep_id == rep_id:
            return False
        if period.from_date < day:
            period.until_date = day
        else:
            # It has not lasted a day, and a period of no days is none.
            session.delete(period)
        session.flush()
    elif rep_id is None:
        return False
    if rep_id is not None:
        session.add(Ownership(account_id=account_id, rep_id=rep_id, from_date=day, source=source))
    return True
