"""The days of the sample's history: working days, months, and local time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

TIMEZONE = "Europe/Berlin"
DAYS_PER_YEAR = 365.25
EPOCH_DAY = date(1970, 1, 1).toordinal()


def reference_monday(day: date) -> date:
    """The Monday of the week that a day falls into: what the sample is dated to."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """
    The days before a Monday: whole calendar months and the part of a month that leads up to it.

    Days count from 1970-01-01. Months count from the first of the history.

    Parameters
    ----------
    first_day, today_day
        First day, and the day after the last.
    month_of_day
        (d,) int64, one entry for each day from the first.
    month_share
        (m,) float64, how much of each month lies before today: 1 except for the last.
    working_days
        (w,) int64, ascending, without weekends and nationwide holidays.
    """

    first_day: int
    today_day: int
    month_of_day: NDArray[np.int64]
    month_share: NDArray[np.float64]
    working_days: NDArray[np.int64]

    @property
    def month_count(self) -> int:
        return len(self.month_share)


def history_before(today: date, months: int) -> History:
    """History of a number of whole calendar months and the days of the running one."""
    index = today.year * 12 + today.month - 1 - months
    first_day = _day(date(index // 12, index % 12 + 1, 1))
    today_day = _day(today)
    days = [date.fromordinal(day + EPOCH_DAY) for day in range(first_day, today_day)]
    month_of_day = np.array([day.year * 12 + day.month - 1 - index for day in days])
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    lengths = np.bincount(month_of_day).astype(np.float64)
    full = lengths.copy()
    if len(lengths) > months:
        full[-1] = (following - today.replace(day=1)).days
    off = {holiday for year in {day.year for day in days} for holiday in public_holidays(year)}
    working = [day for day in days if day.weekday() < 5 and day not in off]
    return History(
        first_day,
        today_day,
        month_of_day,
        lengths / full,
        np.array([_day(day) for day in working]),
    )


def public_holidays(year: int) -> frozenset[date]:
    """Holidays of all of Germany."""
    easter = easter_sunday(year)
    moving = (easter + timedelta(days=offset) for offset in (-2, 1, 39, 50))
    fixed = (date(year, 1, 1), date(year, 5, 1), date(year, 10, 3))
    return frozenset((*fixed, date(year, 12, 25), date(year, 12, 26), *moving))


def easter_sunday(year: int) -> date:
    """By the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    x = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * x) // 433
    month = (h + x - 7 * m + 90) // 25
    return date(year, month, (h + x - 7 * m + 33 * month + 19) % 32)


def local_to_utc_s(
    day: NDArray[np.int64], second: NDArray[np.int64], timezone: str = TIMEZONE
) -> NDArray[np.int64]:
    """Seconds since 1970 in UTC of a second of a local day; the day's offset is that at noon."""
    zone = ZoneInfo(timezone)
    days, row = np.unique(day, return_inverse=True)
    offsets = []
    for value in days.tolist():
        noon = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=value)
        offset = noon.astimezone(zone).utcoffset()
        assert offset is not None
        offsets.append(int(offset.total_seconds()))
    return np.asarray(day * 86_400 + second - np.array(offsets, dtype=np.int64)[row])


def weekday_index(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 Monday to 6 Sunday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7


def _day(day: date) -> int:
    return day.toordinal() - EPOCH_DAY
