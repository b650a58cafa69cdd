"""Where accounts are: the columns that say it, and changing them one account at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import tzfpy
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.record import Address
from data.geocoding.located import Located
from data.parts import parts
from data.tables import Account, Dataset, LocationSource

LOCATION_COLUMNS = (
    "lon",
    "lat",
    "location_level",
    "location_confidence",
    "location_source",
    "location_label",
    "location_origin",
    "location_alternatives",
    "is_location_ambiguous",
    "timezone",
)
"""Of an account, all that say where it is and how well that is known."""


def address_of(account: Account) -> Address:
    """As it was given."""
    return Address(account.street, account.postcode, account.town, account.country)


def location_columns(
    located: Located, source: LocationSource | None, dataset: Dataset
) -> dict[str, Any]:
    """The values of `LOCATION_COLUMNS`."""
    location = located.location
    values = (
        None if location is None else location.lon,
        None if location is None else location.lat,
        located.level,
        located.confidence,
        None if location is None else source,
        located.label[:400],
        located.origin[:200],
        located.alternative_rows(),
        located.is_ambiguous,
        _timezone(located, dataset),
    )
    return dict(zip(LOCATION_COLUMNS, values, strict=True))


def take(session: Session, dataset_id: int, account_id: int) -> Account | None:
    """
    An account that nobody else changes until the transaction ends, where the database can do that.

    None where it is gone, or somebody is at it: whoever writes many accounts must not wait for one.
    """
    statement = (
        select(Account)
        .where(
            Account.id == account_id,
            Account.dataset_id == dataset_id,
            Account.deleted_at.is_(None),
        )
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def by_id(session: Session, dataset_id: int, account_ids: Sequence[int]) -> dict[int, Account]:
    """Accounts as they are now; those that are gone are missing."""
    found: dict[int, Account] = {}
    for ids in parts(account_ids):
        statement = select(Account).where(
            Account.id.in_(ids),
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


def _timezone(located: Located, dataset: Dataset) -> str:
    if located.location is None:
        return dataset.timezone
    return tzfpy.get_tz(located.location.lon, located.location.lat) or dataset.timezone
