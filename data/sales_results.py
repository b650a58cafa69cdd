"""What was sold and who was visited, by representative and day: the actual beside a plan."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from accounts.account import NO_OWNER
from data.account_store import IN_PERSON
from data.ownership_store import owned_on
from data.tables import Account, Dataset, Ownership, SalesOrder, Visit, VisitStatus


@dataclass(frozen=True, slots=True, eq=False)
class DailySales:
    """
    Sales by representative and day, a row for each pair with an order.

    Parameters
    ----------
    rep_id
        (m,) int64, who owned the accounts on that day, or `NO_OWNER`.
    day
        (m,) int64, days since 1970-01-01.
    sales_cents
        (m,) int64, less credit notes.
    """

    rep_id: NDArray[np.int64]
    day: NDArray[np.int64]
    sales_cents: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VisitCount:
    """Visits in person of one representative, None: nobody's, in one state; time at accounts."""

    rep_id: int | None
    status: VisitStatus
    count: int
    service_s: int


@dataclass(frozen=True, slots=True)
class WeekVisit:
    """A visit in person: made, or still to be made."""

    account_id: int
    rep_id: int | None
    status: VisitStatus
    start_at: datetime
    duration_s: int


def daily_sales(session: Session, dataset: Dataset, first: date, last: date) -> DailySales:
    """
    Of the days from first to last, in the data set's currency.

    An order counts for whoever owned its account on the day of the order, also where the account
    has another owner now, or was deleted since.
    """
    owner = _owner_at(SalesOrder.account_id, SalesOrder.order_date)
    each = (
        select(owner.label("rep_id"), SalesOrder.order_date, SalesOrder.amount_cents)
        .where(*_between(dataset.id, first, last), SalesOrder.currency == dataset.currency)
        .subquery()
    )
    statement = select(
        each.c.rep_id,
        type_coerce(each.c.order_date, String),
        cast(func.sum(each.c.amount_cents), BigInteger),
    ).group_by(each.c.rep_id, each.c.order_date)
    rows = _rows(session, statement)
    reps, days, cents = zip(*rows, strict=True) if rows else ((), (), ())
    return DailySales(
        np.array([NO_OWNER if rep is None else rep for rep in reps], dtype=np.int64),
        np.array(days, dtype="datetime64[D]").astype(np.int64),
        np.array(cents, dtype=np.int64),
    )


def foreign_orders(session: Session, dataset: Dataset, first: date, last: date) -> int:
    """Orders in other currencies, which are in no sum."""
    statement = (
        select(func.count())
        .select_from(SalesOrder)
        .where(*_between(dataset.id, first, last), SalesOrder.currency != dataset.currency)
    )
    return session.scalar(statement) or 0


def last_order_date(session: Session, dataset_id: int, today: date) -> date | None:
    """The latest day up to today of which orders are known; None where there are none."""
    statement = select(func.max(SalesOrder.order_date)).where(
        SalesOrder.account_id.in_(_accounts_of(dataset_id)), SalesOrder.order_date <= today
    )
    return session.scalar(statement)


def orders_by_weekday(
    session: Session, dataset_id: int, first: date, last: date
) -> NDArray[np.int64]:
    """How many orders came on Mondays, Tuesdays and so on, (7,)."""
    statement = (
        select(type_coerce(SalesOrder.order_date, String), func.count())
        .where(*_between(dataset_id, first, last))
        .group_by(SalesOrder.order_date)
    )
    count = np.zeros(7, dtype=np.int64)
    for day, orders in _rows(session, statement):
        count[date.fromisoformat(str(day)).weekday()] += orders
    return count


def visit_counts(
    session: Session, dataset: Dataset, first: date, last: date
) -> tuple[VisitCount, ...]:
    """Of visits in person that begin from first to last, where the data set is at home."""
    rep = _visitor(dataset)
    each = (
        select(rep.label("rep_id"), Visit.status, Visit.duration_s)
        .where(*_begun(dataset, first, last))
        .subquery()
    )
    statement = select(
        each.c.rep_id,
        each.c.status,
        func.count(),
        cast(func.sum(each.c.duration_s), BigInteger),
    ).group_by(each.c.rep_id, each.c.status)
    return tuple(VisitCount(*row) for row in _rows(session, statement))


def visits_between(
    session: Session, dataset: Dataset, first: date, last: date
) -> tuple[WeekVisit, ...]:
    """Visits in person that were made or are to be made, in order of time."""
    statement = (
        select(Visit.account_id, _visitor(dataset), Visit.status, Visit.start_at, Visit.duration_s)
        .where(
            *_begun(dataset, first, last),
            Visit.status.in_((VisitStatus.PLANNED, VisitStatus.COMMITTED, VisitStatus.DONE)),
        )
        .order_by(Visit.start_at, Visit.id)
    )
    return tuple(WeekVisit(*row) for row in _rows(session, statement))


def _owner_at(account_id: Any, day: Any) -> Any:
    """
    The owner of an account on a day, as a part of a statement; null where nobody was.

    Periods should not overlap; where they do, the one that began last counts.
    """
    return (
        select(Ownership.rep_id)
        .where(Ownership.account_id == account_id, owned_on(day))
        .order_by(Ownership.from_date.desc())
        .limit(1)
        .scalar_subquery()
    )


def _visitor(dataset: Dataset) -> Any:
    """Who made a visit; where nobody says, who owned the account on that day in UTC."""
    day = func.date(Visit.start_at)
    return func.coalesce(Visit.rep_id, _owner_at(Visit.account_id, day))


def _begun(dataset: Dataset, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    zone = ZoneInfo(dataset.timezone)
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return (
        Visit.account_id.in_(_accounts_of(dataset.id)),
        Visit.start_at >= begin,
        Visit.start_at < end,
        Visit.channel.in_(IN_PERSON),
    )


def _between(dataset_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        SalesOrder.account_id.in_(_accounts_of(dataset_id)),
        SalesOrder.order_date.between(first, last),
    )


def _accounts_of(dataset_id: int) -> Select[int]:
    """Deleted ones too: what they bought was sold."""
    return select(Account.id).where(Account.dataset_id == dataset_id)


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> Any:
    session.flush()
    return session.connection().execute(statement).all()
