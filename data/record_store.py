"""Accounts as they are told to other systems: the row with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.ownership_store import owners_on
from data.parts import parts
from data.tables import Account, Contact, ExternalRef


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """
    An account with what belongs to it.

    Parameters
    ----------
    external_refs
        By system.
    contacts
        The main one first.
    owner_id
        The representative who owns it that day, if any.
    """

    account: Account
    external_refs: tuple[ExternalRef, ...]
    contacts: tuple[Contact, ...]
    owner_id: int | None


def records_of(
    session: Session, accounts: Sequence[Account], today: date
) -> tuple[StoredRecord, ...]:
    """Accounts, also deleted ones, with what belongs to them, in their order."""
    ids = [account.id for account in accounts]
    refs = refs_of(session, ids)
    contacts: dict[int, list[Contact]] = {}
    owners: dict[int, int] = {}
    for some in parts(ids):
        for contact in session.scalars(
            select(Contact).where(Contact.account_id.in_(some)).order_by(Contact.position)
        ):
            contacts.setdefault(contact.account_id, []).append(contact)
        owners.update(owners_on(session, some, today))
    return tuple(
        StoredRecord(
            account,
            tuple(refs.get(account.id, ())),
            tuple(contacts.get(account.id, ())),
            owners.get(account.id),
        )
        for account in accounts
    )


def refs_of(session: Session, account_ids: Sequence[int]) -> dict[int, list[ExternalRef]]:
    """What other systems call accounts, by system; one that none knows is missing."""
    refs: dict[int, list[ExternalRef]] = {}
    for ids in parts(account_ids):
        for ref in session.scalars(
            select(ExternalRef)
            .where(ExternalRef.account_id.in_(ids))
            .order_by(ExternalRef.system, ExternalRef.external_id)
        ):
            refs.setdefault(ref.account_id, []).append(ref)
    return refs


def get(session: Session, dataset_id: int, account_id: int, *, to_change: bool = False) -> Account:
    """
    The account of an id.

    Parameters
    ----------
    to_change
        Wait until nobody else changes it, and keep others from it until the transaction ends.

    Raises
    ------
    NotFoundError
        When the data set has none, or it was deleted.
    """
    statement = select(Account).where(
        Account.id == account_id, Account.dataset_id == dataset_id, Account.deleted_at.is_(None)
    )
    found = _one(session, statement, to_change)
    if found is None:
        raise NotFoundError(f"There is no account {account_id}.")
    return found


def by_external_id(
    session: Session, dataset_id: int, system: str, external_id: str, *, to_change: bool = False
) -> Account:
    """
    The account that another system calls so.

    Raises
    ------
    NotFoundError
        When there is none, or it was deleted.
    """
    statement = (
        select(Account)
        .join(ExternalRef, ExternalRef.account_id == Account.id)
        .where(
            ExternalRef.dataset_id == dataset_id,
            ExternalRef.system == system,
            ExternalRef.external_id == external_id,
            Account.deleted_at.is_(None),
        )
    )
    found = _one(session, statement, to_change)
    if found is None:
        raise NotFoundError(f"{system} has no account {external_id!r} here.")
    return found


def _one(session: Session, statement: Select[Account], to_change: bool) -> Account | None:
    if to_change:
        statement = statement.with_for_update(of=Account)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def changes(
    session: Session,
    dataset_id: int,
    since: datetime | None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> Sequence[Account]:
    """
    Accounts in the order of their last change, also deleted ones.

    Parameters
    ----------
    since
        Only what changed then or later.
    after
        Moment of the last change and id of the account after which to go on.
    """
    statement: Select[Account] = select(Account).where(Account.dataset_id == dataset_id)
    if since is not None:
        statement = statement.where(Account.updated_at >= since)
    if after is not None:
        moment, account_id = after
        statement = statement.where(
            Account.updated_at >= moment,
            or_(Account.updated_at > moment, Account.id > account_id),
        )
    return session.scalars(statement.order_by(Account.updated_at, Account.id).limit(limit)).all()
