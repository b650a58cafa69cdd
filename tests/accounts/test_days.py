from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accounts.days import date_of_day, day_number


def test_days_are_counted_from_the_first_of_1970():
    assert day_number(date(1970, 1, 1)) == 0
    assert day_number(date(1969, 12, 31)) == -1
    assert day_number(date(1972, 3, 1)) == 2 * 365 + 31 + 29  # 1972 is a leap year


@given(day=st.dates())
def test_the_date_of_day_a_number_is_the_one_it_was_counted_for(day):
    assert date_of_day(day_number(day)) == day
