from datetime import UTC, date, datetime

import numpy as np
import pytest

from data.samples.calendar import (
    EPOCH_DAY,
    easter_sunday,
    history_before,
    local_to_utc_s,
    public_holidays,
    reference_monday,
    weekday_index,
)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 22), date(2026, 11, 16)),
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2027, 1, 1), date(2026, 12, 28)),
    ],
)
def test_sample_is_dated_to_the_monday_of_the_week(day: date, monday: date) -> None:
    assert reference_monday(day) == monday


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))],
)
def test_easter_is_when_it_was(year: int, easter: date) -> None:
    assert easter_sunday(year) == easter


def test_holidays_of_2025_are_those_of_all_states() -> None:
    assert public_holidays(2025) == {
        date(2025, 1, 1),
        date(2025, 4, 18),
        date(2025, 4, 21),
        date(2025, 5, 1),
        date(2025, 5, 29),
        date(2025, 6, 9),
        date(2025, 10, 3),
        date(2025, 12, 25),
        date(2025, 12, 26),
    }


def test_history_is_whole_months_and_the_days_of_the_running_one() -> None:
    history = history_before(date(2026, 11, 16), 24)
    assert date.fromordinal(history.first_day + EPOCH_DAY) == date(2024, 11, 1)
    assert len(history.month_of_day) == history.today_day - history.first_day
    assert history.month_count == 25
    np.testing.assert_allclose(history.month_share, [1.0] * 24 + [15 / 30])


def test_history_up_to_the_first_of_a_month_has_no_running_month() -> None:
    history = history_before(date(2026, 6, 1), 24)
    assert history.month_count == 24
    np.testing.assert_array_equal(history.month_share, 1.0)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    history = history_before(date(2026, 1, 5), 1)
    days = [date.fromordinal(int(day) + EPOCH_DAY) for day in history.working_days]
    assert days[0] == date(2025, 12, 1)
    assert days[-1] == date(2026, 1, 2)
    assert not {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)} & set(days)
    assert len(days) == 22


def test_weekdays_count_from_monday() -> None:
    monday = date(2026, 11, 16).toordinal() - EPOCH_DAY
    assert weekday_index(np.arange(monday, monday + 7)).tolist() == list(range(7))


def test_local_time_follows_the_clock_change() -> None:
    """8:00 is 7:00 UTC in winter and 6:00 UTC in summer; the clock changed on 2026-03-29."""
    days = [date(2026, 3, 27), date(2026, 3, 30)]
    day = np.array([d.toordinal() - EPOCH_DAY for d in days])
    seconds = local_to_utc_s(day, np.array([8 * 3600, 8 * 3600]))
    assert [datetime.fromtimestamp(second, UTC) for second in seconds.tolist()] == [
        datetime(2026, 3, 27, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 6, tzinfo=UTC),
    ]
