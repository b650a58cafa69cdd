"""What is needed to find duplicates beside the table of accounts, and what was decided of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import location_store
from data.record_store import refs_of
from data.tables import Account, DistinctAccounts, ExternalRef


@dataclass(frozen=True, slots=True)
class Known:
    """One of two accounts that look like one, with what helps to tell them apart."""

    account: Account
    external_refs: tuple[ExternalRef, ...]


def streets(session: Session, dataset_id: int) -> dict[int, str]:
    """Streets as they were given, by id of the account; those without one are missing."""
    rows = session.connection().execute(
        select(Account.id, Account.street).where(
            Account.dataset_id == dataset_id, Account.deleted_at.is_(None), Account.street != ""
        )
    )
    return {row.id: row.street for row in rows}


def distinct_pairs(session: Session, dataset_id: int) -> set[tuple[int, int]]:
    """Ids of accounts of which somebody said that they are two, the smaller one first."""
    rows = session.execute(
        select(DistinctAccounts.account_id, DistinctAccounts.other_id)
        .join(Account, Account.id == DistinctAccounts.account_id)
        .where(Account.dataset_id == dataset_id)
    )
    return {(first, second) for first, second in rows}


def set_distinct(session: Session, one_id: int, other_id: int, now: datetime) -> None:
    """Note that two accounts are two. Saying so again changes nothing."""
    first, second = sorted((one_id, other_id))
    session.merge(DistinctAccounts(account_id=first, other_id=second, decided_at=now))


def known(session: Session, dataset_id: int, account_ids: Sequence[int]) -> dict[int, Known]:
    """Accounts with what other systems call them; those that are gone are missing."""
    refs = refs_of(session, account_ids)
    return {
        account_id: Known(account, tuple(refs.get(account_id, ())))
        for account_id, account in location_store.by_id(session, dataset_id, account_ids).items()
    }
