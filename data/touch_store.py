"""Touches of the past, of all accounts at once: visits done, calls and mails."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from accounts.touches.settings import TOUCH_CHANNELS
from data.flat_rows import columns_of, instant, local_days, read_rows, seconds
from data.tables import Account, Dataset, SalesOrder, Visit, VisitStatus


@dataclass(frozen=True, slots=True, eq=False)
class PastTouches:
    """
    Touches that were made, in no order.

    Parameters
    ----------
    row
        (v,) int64, of the account in the table.
    day
        (v,) int64, local to the data set, days since 1970-01-01.
    channel
        (v,) int64, index into `accounts.touches.settings.TOUCH_CHANNELS`.
    duration_s
        (v,) int64, with the account.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    channel: NDArray[np.int64]
    duration_s: NDArray[np.int64]

    def since(self, day: int) -> "PastTouches":
        """Those on that day and later."""
        kept = self.day >= day
        return PastTouches(
            self.row[kept], self.day[kept], self.channel[kept], self.duration_s[kept]
        )


def past_touches(
    session: Session, dataset: Dataset, account_id: NDArray[np.int64], first: date, last: date
) -> PastTouches:
    """
    All touches that were done within some days, both of them included.

    Parameters
    ----------
    account_id
        (n,) ascending. Touches of other accounts, such as deleted ones, are left out.
    """
    zone = ZoneInfo(dataset.timezone)
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    statement = select(
        Visit.account_id,
        instant(session, Visit.start_at),
        type_coerce(Visit.channel, String),
        Visit.duration_s,
    ).where(
        Visit.account_id.in_(_ids_of(dataset.id)),
        Visit.status == VisitStatus.DONE,
        Visit.start_at >= begin,
        Visit.start_at < end,
    )
    ids, starts, channels, durations = columns_of(read_rows(session, statement), 4)
    numbers = {channel.value: k for k, channel in enumerate(TOUCH_CHANNELS)}
    row, is_known = _rows_of(account_id, np.array(ids, dtype=np.int64))
    day = local_days(seconds(starts), zone)
    return PastTouches(
        row[is_known],
        day[is_known],
        np.array([numbers[name] for name in channels], dtype=np.int64)[is_known],
        np.array(durations, dtype=np.int64)[is_known],
    )


def order_counts(
    session: Session, dataset: Dataset, account_id: NDArray[np.int64], first: date, last: date
) -> NDArray[np.int64]:
    """Orders of each account within some days, in whatever currency, (n,)."""
    statement = (
        select(SalesOrder.account_id, func.count())
        .where(
            SalesOrder.account_id.in_(_ids_of(dataset.id)),
            SalesOrder.order_date >= first,
            SalesOrder.order_date <= last,
        )
        .group_by(SalesOrder.account_id)
    )
    ids, counts = columns_of(read_rows(session, statement), 2)
    row, is_known = _rows_of(account_id, np.array(ids, dtype=np.int64))
    found = np.zeros(len(account_id), dtype=np.int64)
    found[row[is_known]] = np.array(counts, dtype=np.int64)[is_known]
    return found


def _ids_of(dataset_id: int) -> Select[int]:
    return select(Account.id).where(Account.dataset_id == dataset_id)


def _rows_of(
    account_id: NDArray[np.int64], ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows of ids, and which of them are in the table."""
    row = np.searchsorted(account_id, ids)
    is_known = np.zeros(len(ids), dtype=np.bool_)
    inside = row < len(account_id)
    is_known[inside] = account_id[row[inside]] == ids[inside]
    return row, is_known
