"""Makes one account of two, without losing what has happened at either."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from data import account_removal
from data.errors import NotFoundError
from data.location_store import LOCATION_COLUMNS
from data.tables import (
    Account,
    AccountException,
    Contact,
    DistinctAccounts,
    ExternalRef,
    LocationSource,
    SalesOrder,
    SpecialSituation,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Merged:
    """How much came from the account that is gone."""

    visits: int
    orders: int
    contacts: int
    external_refs: int


def merge(
    session: Session, dataset_id: int, keep_id: int, other_id: int, now: datetime, today: date
) -> Merged:
    """
    Put what belongs to an account to another one, and hide it.

    Visits, orders, contacts, decisions of managers and the ids of other systems move; what both
    have is there once. The kept account stays as it is: its name, address, owner and potential
    count, and so does what its own system says of it from now on. Where the system has an id for it
    already, the other id becomes an alias, so that two records do not overwrite each other in
    turns. A position that was set by hand is kept, whichever of the two has it.

    Raises
    ------
    NotFoundError
        When one of them is not there, or was deleted.
    """
    keep, other = _both(session, dataset_id, keep_id, other_id)
    visits = _move(session, Visit, keep_id, other_id)
    orders = _move(session, SalesOrder, keep_id, other_id)
    contacts = _move_contacts(session, keep_id, other_id)
    refs = _move_refs(session, keep_id, other_id)
    _move_decisions(session, keep_id, other_id)
    _move_rules(session, keep_id, other_id)
    if (
        other.location_source is LocationSource.HAND
        and keep.location_source is not LocationSource.HAND
    ):
        for name in LOCATION_COLUMNS:
            setattr(keep, name, getattr(other, name))
    keep.notes = keep.notes or other.notes
    keep.updated_at = now
    keep.version += 1
    # All that was to come has moved, so that nothing is cancelled.
    account_removal.remove(session, other, now, today)
    return Merged(visits, orders, contacts, refs)


def _both(session: Session, dataset_id: int, *account_ids: int) -> tuple[Account, Account]:
    """In the order given; read in that of their ids, so that two merges do not block each other."""
    statement = (
        select(Account)
        .where(
            Account.id.in_(account_ids),
            Account.dataset_id == dataset_id,
            Account.deleted_at.is_(None),
        )
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {account.id: account for account in session.scalars(statement)}
    for account_id in account_ids:
        if account_id not in found:
            raise NotFoundError(f"There is no account {account_id}.")
    first, second = account_ids
    return found[first], found[second]


def _move(
    session: Session, table: type[Visit] | type[SalesOrder], keep_id: int, other_id: int
) -> int:
    """Rows that another system has sent for both accounts stay once."""
    same = aliased(table)
    twice = session.scalars(
        select(table.id)
        .join(
            same,
            (same.external_id == table.external_id)
            & (same.system == table.system)
            & (same.account_id == keep_id),
        )
        .where(table.account_id == other_id)
    ).all()
    if twice:
        session.execute(delete(table).where(table.id.in_(twice)))
    moved = session.execute(
        update(table)
        .where(table.account_id == other_id)
        .values(account_id=keep_id)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.all())


def _move_contacts(session: Session, keep_id: int, other_id: int) -> int:
    statement = select(Contact).order_by(Contact.position)
    kept = session.scalars(statement.where(Contact.account_id == keep_id)).all()
    known = set(map(_who, kept))
    position = max((contact.position for contact in kept), default=-1) + 1
    moved = 0
    for contact in session.scalars(statement.where(Contact.account_id == other_id)).all():
        if _who(contact) in known:
            session.delete(contact)
            continue
        known.add(_who(contact))
        contact.account_id, contact.position = keep_id, position + moved
        moved += 1
    session.flush()
    return moved


def _who(contact: Contact) -> tuple[str, ...]:
    return tuple(text.strip().casefold() for text in (contact.name, contact.email, contact.phone))


def _move_refs(session: Session, keep_id: int, other_id: int) -> int:
    refs = session.scalars(
        select(ExternalRef).where(ExternalRef.account_id.in_((keep_id, other_id)))
    ).all()
    own = {ref.system for ref in refs if ref.account_id == keep_id and not ref.is_alias}
    moved = [ref for ref in refs if ref.account_id == other_id]
    for ref in moved:
        ref.account_id = keep_id
        ref.is_alias = ref.is_alias or ref.system in own
    session.flush()
    return len(moved)


def _move_rules(session: Session, keep_id: int, other_id: int) -> None:
    """What managers have decided of the other one holds for the kept one too."""
    for table in (AccountException, SpecialSituation):
        session.execute(
            update(table)
            .where(table.account_id == other_id)
            .values(account_id=keep_id)
            .execution_options(synchronize_session=False)
        )


def _move_decisions(session: Session, keep_id: int, other_id: int) -> None:
    """Who was not the other one is not the kept one either."""
    table = DistinctAccounts
    decided = session.scalars(
        select(table).where(or_(table.account_id == other_id, table.other_id == other_id))
    ).all()
    for one in decided:
        third = one.other_id if one.account_id == other_id else one.account_id
        if third != keep_id:
            first, second = sorted((keep_id, third))
            session.merge(table(account_id=first, other_id=second, decided_at=one.decided_at))
        session.delete(one)
    session.flush()
