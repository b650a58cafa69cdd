"""The past of all accounts for models: each visit in person and each order, counted by month."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from accounts.account import AccountTable
from accounts.days import day_number
from accounts.value.panel import Panel, build_panel
from data import dataset_store
from data.account_store import HISTORY_MONTHS, IN_PERSON, months_before
from data.flat_rows import columns_of, day_numbers, instant, local_days, read_rows, seconds
from data.tables import Account, SalesOrder, Visit, VisitStatus


def load_panel(
    session: Session,
    dataset_id: int,
    table: AccountTable,
    today: date,
    month_count: int = HISTORY_MONTHS,
) -> Panel:
    """
    What happened to the accounts of a table up to the end of a day.

    It begins with so many whole calendar months before the one that runs. Visits count in the
    month of the data set's zone.

    Raises
    ------
    NotFoundError
        When there is no such data set.
    """
    dataset = dataset_store.get(session, dataset_id)
    zone, first = ZoneInfo(dataset.timezone), months_before(today.replace(day=1), month_count)
    visit_row, visit_day = _visits(session, dataset_id, table.account_id, first, today, zone)
    of_these = SalesOrder.account_id.in_(_ids_of(dataset_id))
    statement = select(
        SalesOrder.account_id,
        SalesOrder.order_date,
        SalesOrder.amount_cents,
        case((SalesOrder.currency == dataset.currency, 1), else_=0),
    ).where(of_these, SalesOrder.order_date >= first, SalesOrder.order_date <= today)
    ids, dates, cents, is_home = columns_of(read_rows(session, statement), 4)
    order_row, known = _rows_of(table.account_id, ids)
    return build_panel(
        segment=table.segment,
        visit_row=visit_row,
        visit_day=visit_day,
        order_row=order_row,
        order_day=day_numbers(dates)[known],
        order_eur=np.array(cents, dtype=np.float64)[known] / 100,
        first_day=day_number(first),
        today_day=day_number(today),
        order_is_home=np.array(is_home, dtype=np.bool_)[known],
    )


def _visits(
    session: Session,
    dataset_id: int,
    account_id: NDArray[np.int64],
    first: date,
    today: date,
    zone: ZoneInfo,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Table rows and local days of the visits done in person."""
    statement = select(Visit.account_id, instant(session, Visit.start_at)).where(
        Visit.account_id.in_(_ids_of(dataset_id)),
        Visit.status == VisitStatus.DONE,
        Visit.start_at >= datetime.combine(first, time(), tzinfo=zone),
        Visit.start_at < datetime.combine(today + timedelta(days=1), time(), tzinfo=zone),
        Visit.channel.in_(IN_PERSON),
    )
    ids, starts = columns_of(read_rows(session, statement), 2)
    rows, known = _rows_of(account_id, ids)
    return rows, local_days(seconds(starts)[known], zone)


def _ids_of(dataset_id: int) -> Select[int]:
    """Also of deleted accounts, which have no row in the table."""
    return select(Account.id).where(Account.dataset_id == dataset_id)


def _rows_of(
    account_id: NDArray[np.int64], ids: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Table rows of those that have one, and which they are."""
    wanted = np.array(ids, dtype=np.int64)
    rows = np.searchsorted(account_id, wanted)
    known = np.zeros(len(wanted), dtype=np.bool_)
    inside = rows < len(account_id)
    known[inside] = account_id[rows[inside]] == wanted[inside]
    return rows[known], known
