"""
Rows of a query as plain tuples, for those who read tens of thousands at once.

An object for each row and a conversion of each value would take half of the time. What comes out
is what the driver gives: texts or dates for days, 0 and 1 for truth, on SQLite.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, extract, type_coerce
from sqlalchemy.orm import Session

DAY_S = 86_400


def read_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All rows of a query, with what the session has not written yet."""
    session.flush()
    result = session.connection().execute(statement)
    assert result.cursor is not None  # as of every query
    rows = list(result.cursor.fetchall())
    result.close()
    return rows


def columns_of(rows: Sequence[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    """The columns of rows; as many as said also where there are no rows."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def instant(session: Session, moment: Any) -> ColumnElement[Any]:
    """A moment in a query so that `seconds` can read it fast."""
    if session.get_bind().dialect.name == "sqlite":
        # Its own conversion takes longer than reading the texts at once.
        return type_coerce(moment, String)
    return cast(extract("epoch", moment), BigInteger)


def seconds(values: Iterable[Any]) -> NDArray[np.int64]:
    """Seconds since 1970-01-01T00:00Z of what `instant` selected, (n,)."""
    found = np.array(list(values))
    if found.dtype.kind == "U":
        found = found.astype("datetime64[s]")
    return found.astype(np.int64)


def day_numbers(dates: Iterable[Any]) -> NDArray[np.int64]:
    """Days since 1970-01-01 of dates, which one database gives as texts, (n,)."""
    return np.array(list(dates), dtype="datetime64[D]").astype(np.int64)


def local_days(second: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """
    Local days of moments, (n,) int64, days since 1970-01-01.

    Of each day in UTC the offset is asked for twice, and of each moment only on days on which
    clocks change.
    """
    days, row = np.unique(second // DAY_S, return_inverse=True)
    first = np.array([_offset_s(day * DAY_S, zone) for day in days.tolist()], dtype=np.int64)
    last = np.array([_offset_s(day * DAY_S - 1, zone) for day in (days + 1).tolist()], np.int64)
    offset = first[row]
    for k in np.flatnonzero((first != last)[row]).tolist():
        offset[k] = _offset_s(int(second[k]), zone)
    return np.asarray((second + offset) // DAY_S)


def _offset_s(second: int, zone: ZoneInfo) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return round(offset.total_seconds())
