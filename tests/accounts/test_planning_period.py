from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError
from accounts.planning.period import (
    Level,
    Period,
    a_year_before,
    day_shares,
    period_at,
    weekday_weights,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("level", "first", "last"),
    [
        (Level.OPERATIONAL, date(2026, 11, 18), date(2026, 11, 18)),
        # From Monday, 3 January 2000, it is 9,816 days = 701 fortnights and 2 days.
        (Level.TACTICAL, date(2026, 11, 16), date(2026, 11, 29)),
        (Level.STRATEGIC_SHORT, date(2026, 10, 1), date(2026, 12, 31)),
        (Level.STRATEGIC_LONG, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_one_period_of_each_level(level: Level, first: date, last: date) -> None:
    assert period_at(level, date(2026, 11, 18)) == Period(first, last)


@given(day=DAYS, level=st.sampled_from(Level))
def test_periods_of_a_level_neither_overlap_nor_leave_a_gap(day: date, level: Level) -> None:
    period = period_at(level, day)
    assert period.first <= day <= period.last
    assert period_at(level, period.last) == period
    assert period_at(level, period.last + timedelta(days=1)).first == period.last + timedelta(1)


def test_two_weeks_begin_on_mondays() -> None:
    assert period_at(Level.TACTICAL, date(1999, 12, 31)).first == date(1999, 12, 20)
    assert period_at(Level.TACTICAL, date(2027, 1, 1)).first.weekday() == 0


def test_weeks_are_compared_with_the_same_weekdays_and_quarters_with_the_same_dates() -> None:
    weeks = a_year_before(Level.TACTICAL, Period(date(2026, 11, 16), date(2026, 11, 29)))
    assert weeks == Period(date(2025, 11, 17), date(2025, 11, 30))
    to_leap_day = Period(date(2028, 1, 1), date(2028, 2, 29))
    before = a_year_before(Level.STRATEGIC_SHORT, to_leap_day)
    assert before == Period(date(2027, 1, 1), date(2027, 2, 28))


def test_a_period_over_new_year_touches_both_months() -> None:
    period = Period(date(2026, 12, 28), date(2027, 1, 10))
    assert period.months == (date(2026, 12, 1), date(2027, 1, 1))
    assert len(period.days) == 14


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidAccountsError, match="no days"):
        Period(date(2026, 11, 2), date(2026, 11, 1))


def test_a_month_is_spread_over_its_days_as_orders_come() -> None:
    # November 2026 has 21 days from Monday to Friday, five of them Mondays, and nine others.
    weights = weekday_weights(np.array([200, 100, 100, 100, 100, 0, 0]))
    shares = day_shares(date(2026, 11, 1), weights)
    # Five Mondays count double: 5 x 2 + 16 = 26 parts.
    assert shares[0] == 0  # a Sunday
    assert shares[1] == pytest.approx(2 / 26)
    assert shares[2] == pytest.approx(1 / 26)


def test_few_orders_do_not_tell_on_which_weekdays_they_come() -> None:
    assert weekday_weights(np.array([0, 0, 0, 0, 0, 0, 49])).tolist() == [0.2] * 5 + [0, 0]
    assert weekday_weights(np.array([0, 0, 0, 0, 0, 0, 50])).tolist() == [0] * 6 + [1]


@given(
    month=DAYS,
    orders=st.lists(st.integers(0, 10_000), min_size=7, max_size=7),
)
def test_the_shares_of_the_days_sum_to_the_month(month: date, orders: list[int]) -> None:
    shares = day_shares(month, weekday_weights(np.array(orders)))
    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()
