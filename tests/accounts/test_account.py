import numpy as np
import pytest

from accounts import InvalidAccountsError, OpeningWindow


def test_row_of_finds_an_account_by_its_id(make_table):
    table = make_table(3, account_id=np.array([2, 5, 9]))
    assert table.row_of(5) == 1
    assert table.row_of(6) is None
    assert table.row_of(99) is None


def test_columns_of_another_length_are_refused(make_table):
    with pytest.raises(InvalidAccountsError, match="2 accounts but 3 entries in lon"):
        make_table(2, lon=np.zeros(3))


def test_ids_that_do_not_ascend_are_refused(make_table):
    with pytest.raises(InvalidAccountsError, match="ascending"):
        make_table(2, account_id=np.array([4, 4]))


def test_accounts_lie_in_utc_unless_zones_are_given(make_table):
    table = make_table(2)
    assert [table.timezones[k] for k in table.timezone] == ["UTC", "UTC"]


def test_columns_cannot_be_written(make_table):
    with pytest.raises(ValueError, match="read-only"):
        make_table(2).potential_eur[0] = 1.0


@pytest.mark.parametrize(
    ("weekday", "opens_s", "closes_s"), [(0, 0, 10), (8, 0, 10), (1, 10, 10), (1, 0, 90_000)]
)
def test_impossible_opening_hours_are_refused(weekday, opens_s, closes_s):
    with pytest.raises(InvalidAccountsError):
        OpeningWindow(weekday, opens_s, closes_s)
