"""Where accounts are: the columns that say it, and changing them one account at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import tzfpy
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from accounts.record import Address
from data.errors import NotFoundError
from data.geocoding.located import Located
from data.ownership_store import AT_ONCE
from data.tables import Account, Dataset, LocationSource


def address_of(account: Account) -> Address:
    """As it was given."""
    return Address(account.street, account.postcode, account.town, account.country)


def location_columns(
    located: Located, source: LocationSource | None, dataset: Dataset
) -> dict[str, Any]:
    """All columns of an account that say where it is and how well that is known."""
    location = located.location
    return {
        "lon": None if location is None else location.lon,
        "lat": None if location is None else location.lat,
        "location_level": located.level,
        "location_confidence": located.confidence,
        "location_source": None if location is None else source,
        "location_label": located.label[:400],
        "location_origin": located.origin[:200],
        "location_alternatives": located.alternative_rows(),
        "is_location_ambiguous": located.is_ambiguous,
        "timezone": _timezone(located, dataset),
    }


def get(session: Session, dataset_id: int, account_id: int) -> Account:
    """
    An account as it is now.

    Raises
    ------
    NotFoundError
        When the data set has no such account, or it was deleted.
    """
    found = session.scalars(_one(dataset_id, account_id)).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no account {account_id}.")
    return found


def take(session: Session, dataset_id: int, account_id: int) -> Account | None:
    """
    An account that nobody else changes until the transaction ends, where the database can do that.

    None where it is gone, or somebody is at it: whoever writes many accounts must not wait for one.
    """
    statement = _one(dataset_id, account_id).with_for_update(skip_locked=True)
    return session.scalars(statement).one_or_none()


def by_id(session: Session, dataset_id: int, account_ids: Sequence[int]) -> dict[int, Account]:
    """Accounts as they are now; those that are gone are missing."""
    found: dict[int, Account] = {}
    for start in range(0, len(account_ids), AT_ONCE):
        statement = select(Account).where(
            Account.id.in_(account_ids[start : start + AT_ONCE]),
            Account.dataset_id == dataset_id,
            Account.deleted_at.is_(None),
        )
        found.update((account.id, account) for account in session.scalars(statement))
    return found


def locate(
    session: Session,
    dataset: Dataset,
    account: Account,
    located: Located,
    source: LocationSource,
    now: datetime,
) -> bool:
    """
    Put an account where it is, unless it has been changed since it was read.

    Returns
    -------
    bool
        False when somebody else has changed the account meanwhile; nothing is written then.
    """
    changed = session.execute(
        update(Account)
        .where(
            Account.id == account.id,
            Account.version == account.version,
            Account.deleted_at.is_(None),
        )
        .values(
            **location_columns(located, source, dataset),
            version=Account.version + 1,
            updated_at=now,
        )
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return changed is not None


def _one(dataset_id: int, account_id: int) -> Select[Account]:
    return (
        select(Account)
        .where(
            Account.id == account_id,
            Account.dataset_id == dataset_id,
            Account.deleted_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def _timezone(located: Located, dataset: Dataset) -> str:
    if located.location is None:
        return dataset.timezone
    return tzfpy.get_tz(located.location.lon, located.location.lat) or dataset.timezone
