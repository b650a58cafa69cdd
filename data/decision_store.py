"""Exceptions from the engagement programme, and special situations."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.days import day_number
from accounts.decisions import AccountException, SpecialSituation
from accounts.engagement import Channel
from data import tables
from data.errors import NotFoundError
from data.tables import Account


def exceptions_from(session: Session, dataset_id: int, day: date) -> tuple[AccountException, ...]:
    """Those that hold on a day or later, in the order in which they were made."""
    row = tables.AccountException
    statement = (
        select(row)
        .join(Account, Account.id == row.account_id)
        .where(Account.dataset_id == dataset_id, row.until_date > day)
        .order_by(row.id)
    )
    return tuple(map(exception_of, session.scalars(statement)))


def situations_from(session: Session, dataset_id: int, day: date) -> tuple[SpecialSituation, ...]:
    """Those that hold on a day or later, in the order in which they were made."""
    row = tables.SpecialSituation
    statement = (
        select(row).where(row.dataset_id == dataset_id, row.until_date > day).order_by(row.id)
    )
    return tuple(map(situation_of, session.scalars(statement)))


def exceptions_of(session: Session, account_id: int) -> Sequence[tables.AccountException]:
    """All of an account, also those that are over, the newest first."""
    row = tables.AccountException
    statement = select(row).where(row.account_id == account_id).order_by(row.id.desc())
    return session.scalars(statement).all()


def situations(session: Session, dataset_id: int) -> Sequence[tables.SpecialSituation]:
    """All, also those that are over, the newest first."""
    row = tables.SpecialSituation
    statement = select(row).where(row.dataset_id == dataset_id).order_by(row.id.desc())
    return session.scalars(statement).all()


def get_exception(session: Session, account_id: int, exception_id: int) -> tables.AccountException:
    """
    Raises
    ------
    NotFoundError
        When the account has no such exception.
    """
    found = session.get(tables.AccountException, exception_id)
    if found is None or found.account_id != account_id:
        raise NotFoundError(f"Account {account_id} has no exception {exception_id}.")
    return found


def get_situation(session: Session, dataset_id: int, situation_id: int) -> tables.SpecialSituation:
    """
    Raises
    ------
    NotFoundError
        When there is no such special situation.
    """
    found = session.get(tables.SpecialSituation, situation_id)
    if found is None or found.dataset_id != dataset_id:
        raise NotFoundError(f"There is no special situation {situation_id}.")
    return found


def end(
    session: Session, row: tables.AccountException | tables.SpecialSituation, today: date
) -> None:
    """
    Let it hold no longer from today on.

    What has held for a day stays, as something that was decided; what never did is deleted.
    """
    if row.from_date >= today:
        session.delete(row)
    elif row.until_date > today:
        row.until_date = today
    session.flush()


def exception_of(row: tables.AccountException) -> AccountException:
    return AccountException(
        account_id=row.account_id,
        from_day=day_number(row.from_date),
        until_day=day_number(row.until_date),
        channel=None if row.channel is None else Channel(row.channel),
        visit_interval_days=row.visit_interval_days,
        service_duration_s=row.service_duration_s,
        is_strategic=row.is_strategic,
    )


def situation_of(row: tables.SpecialSituation) -> SpecialSituation:
    return SpecialSituation(
        situation_id=row.id,
        from_day=day_number(row.from_date),
        until_day=day_number(row.until_date),
        account_id=row.account_id,
        segment=row.segment,
        postcode_prefix=row.postcode_prefix,
        prize_factor=row.prize_factor,
        prize_extra_cents=row.prize_extra_cents,
        is_must_visit=row.is_must_visit,
    )
