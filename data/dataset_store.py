"""Data sets: create, list, choose."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.tables import DataChange, Dataset, DatasetKind


def create(
    session: Session,
    *,
    name: str,
    kind: DatasetKind,
    country: str,
    timezone: str,
    currency: str,
    created_for: date,
    created_at: datetime,
    seed: int | None = None,
    map_name: str | None = None,
    note: str = "",
) -> Dataset:
    """Add an empty data set and return it with its id. It is not active yet."""
    dataset = Dataset(
        name=name,
        kind=kind,
        country=country,
        timezone=timezone,
        currency=currency,
        created_for=created_for,
        created_at=created_at,
        seed=seed,
        map_name=map_name,
        note=note,
        is_active=False,
    )
    session.add(dataset)
    session.flush()
    return dataset


def all_datasets(session: Session) -> list[Dataset]:
    """All data sets in the order of their creation."""
    return list(session.scalars(select(Dataset).order_by(Dataset.id)))


def on_map(session: Session, map_name: str) -> list[Dataset]:
    """The data sets whose routes are planned on a map, in the order of their creation."""
    statement = select(Dataset).where(Dataset.map_name == map_name).order_by(Dataset.id)
    return list(session.scalars(statement))


def get(session: Session, dataset_id: int) -> Dataset:
    """
    One data set.

    Raises
    ------
    NotFoundError
        When there is none with this id.
    """
    dataset = session.get(Dataset, dataset_id)
    if dataset is None:
        raise NotFoundError(f"There is no data set {dataset_id}.")
    return dataset


def active(session: Session) -> Dataset | None:
    """The data set in use, or None before the first one."""
    return session.scalars(select(Dataset).where(Dataset.is_active)).one_or_none()


def activate(session: Session, dataset_id: int) -> Dataset:
    """
    Use this data set from now on, and no other.

    Raises
    ------
    NotFoundError
        When there is none with this id. The one in use stays.
    """
    dataset = get(session, dataset_id)
    # First none, then this one: at no moment may two be active.
    session.execute(update(Dataset).where(Dataset.id != dataset_id).values(is_active=False))
    dataset.is_active = True
    session.flush()
    return dataset


def delete(session: Session, dataset_id: int) -> None:
    """
    Delete a data set with all it owns.

    Raises
    ------
    NotFoundError
        When there is none with this id.
    """
    session.delete(get(session, dataset_id))
    session.flush()


def data_version(session: Session, dataset_id: int) -> str:
    """
    A value that differs whenever reps, accounts, visits, orders or ownership may have changed.

    Read it before the data it is to describe: a change in between then makes the copy stale too
    early, never too late. It also differs between two databases in which the data set has the same
    id, such as a sample that was created again. One query, well under a millisecond.

    Raises
    ------
    NotFoundError
        When there is no such data set.
    """
    changes = select(DataChange.count).scalar_subquery().label("changes")
    statement = select(Dataset.created_at, changes).where(Dataset.id == dataset_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no data set {dataset_id}.")
    created_us = int(row.created_at.timestamp() * 1_000_000)
    return f"{dataset_id}-{created_us:x}-{row.changes}"
