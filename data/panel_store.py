"""
The history of all accounts for models: visits and orders by month, and each order alone.

Months are calendar months in the data set's zone, and only whole ones: the month that runs would
look like one in which little was bought.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from data import dataset_store
from data.account_store import IN_PERSON
from data.flat_rows import columns_of, day_numbers, instant, local_days, read_rows, seconds
from data.tables import Account, SalesOrder, Visit, VisitStatus

PANEL_MONTHS = 24
"""Whole months that models see, unless said otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class PanelRows:
    """
    Visits and orders of the accounts of a table; rows are those of the table.

    Parameters
    ----------
    months
        (t,) datetime64[M], ascending, one after the other; the last one is the month before that
        of the day they were read for.
    visits
        (n, t) int64, visits done in person.
    orders
        (n, t) int64, orders with a positive amount in the data set's currency.
    order_row, order_day, order_amount_eur
        (o,) int64, int64 and float64: each order since the first month in the data set's currency,
        also of the month that runs; credit notes have negative amounts. Days count from 1970-01-01.
    """

    months: NDArray[np.datetime64]
    visits: NDArray[np.int64]
    orders: NDArray[np.int64]
    order_row: NDArray[np.int64]
    order_day: NDArray[np.int64]
    order_amount_eur: NDArray[np.float64]


def load(
    session: Session,
    dataset_id: int,
    account_id: NDArray[np.int64],
    today: date,
    month_count: int = PANEL_MONTHS,
) -> PanelRows:
    """
    The history of some accounts up to the end of a day.

    Parameters
    ----------
    account_id
        (n,) ascending, as in `AccountTable`.

    Raises
    ------
    NotFoundError
        When there is no such data set.
    """
    dataset = dataset_store.get(session, dataset_id)
    running = np.datetime64(today, "M")
    months = np.arange(running - month_count, running)
    first_day = int(months[0].astype("datetime64[D]").astype(np.int64))
    zone = ZoneInfo(dataset.timezone)
    first, shape = date(1970, 1, 1) + timedelta(days=first_day), (len(account_id), month_count)

    start_rows, start_s = _visits(session, dataset_id, account_id, first, today, zone)
    visits = _by_month(start_rows, local_days(start_s, zone), months[0], shape)
    rows, days, amounts = _orders(session, dataset_id, account_id, dataset.currency, first, today)
    bought = amounts > 0
    return PanelRows(
        months=months,
        visits=visits,
        orders=_by_month(rows[bought], days[bought], months[0], shape),
        order_row=rows,
        order_day=days,
        order_amount_eur=amounts,
    )


def _visits(
    session: Session,
    dataset_id: int,
    account_id: NDArray[np.int64],
    first: date,
    today: date,
    zone: ZoneInfo,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Table rows and beginnings of the visits done in person."""
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(today + timedelta(days=1), time(), tzinfo=zone)
    statement = select(Visit.account_id, instant(session, Visit.start_at)).where(
        Visit.account_id.in_(_ids_of(dataset_id)),
        Visit.status == VisitStatus.DONE,
        Visit.start_at >= begin,
        Visit.start_at < end,
        Visit.channel.in_(IN_PERSON),
    )
    ids, starts = columns_of(read_rows(session, statement), 2)
    rows, known = _rows_of(account_id, np.array(ids, dtype=np.int64))
    return rows, seconds(starts)[known]


def _orders(
    session: Session,
    dataset_id: int,
    account_id: NDArray[np.int64],
    currency: str,
    first: date,
    today: date,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Table rows, days and amounts of the orders in the data set's currency."""
    statement = select(SalesOrder.account_id, SalesOrder.order_date, SalesOrder.amount_cents).where(
        SalesOrder.account_id.in_(_ids_of(dataset_id)),
        SalesOrder.order_date >= first,
        SalesOrder.order_date <= today,
        SalesOrder.currency == currency,
    )
    ids, dates, cents = columns_of(read_rows(session, statement), 3)
    rows, known = _rows_of(account_id, np.array(ids, dtype=np.int64))
    return rows, day_numbers(dates)[known], np.array(cents, dtype=np.float64)[known] / 100


def _ids_of(dataset_id: int) -> Select[int]:
    """Also of deleted accounts, which have no row in the table."""
    return select(Account.id).where(Account.dataset_id == dataset_id)


def _rows_of(
    account_id: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Table rows of those that have one, and which they are."""
    rows = np.searchsorted(account_id, wanted)
    known = np.zeros(len(wanted), dtype=np.bool_)
    inside = rows < len(account_id)
    known[inside] = account_id[rows[inside]] == wanted[inside]
    return rows[known], known


def _by_month(
    rows: NDArray[np.int64],
    days: NDArray[np.int64],
    first: np.datetime64,
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    """How many there are of each row and month, those of the month that runs left out."""
    month = (days.astype("datetime64[D]").astype("datetime64[M]") - first).astype(np.int64)
    within = (month >= 0) & (month < shape[1])
    cell = rows[within] * shape[1] + month[within]
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
