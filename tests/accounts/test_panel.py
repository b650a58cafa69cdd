from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from accounts import InvalidAccountsError, build_panel
from accounts.value.history import history_of_panel
from accounts.value.panel import cut_amounts, month_shares

EPOCH = date(1970, 1, 1)


def day(year, month, number):
    return (date(year, month, number) - EPOCH).days


def panel_of(orders=(), visits=(), n=2, **facts):
    """January to March 2026; orders as (row, day, amount), visits as (row, day)."""
    row, when, amount = (
        (list(column) for column in zip(*orders, strict=True)) if orders else ([],) * 3
    )
    visit_row, visit_day = (list(c) for c in zip(*visits, strict=True)) if visits else ([],) * 2
    return build_panel(
        segment=np.zeros(n, dtype=np.uint8),
        visit_row=np.array(visit_row, dtype=np.int64),
        visit_day=np.array(visit_day, dtype=np.int64),
        order_row=np.array(row, dtype=np.int64),
        order_day=np.array(when, dtype=np.int64),
        order_eur=np.array(amount, dtype=np.float64),
        first_day=day(2026, 1, 1),
        today_day=day(2026, 3, 31),
        **facts,
    )


def test_events_are_counted_by_calendar_month():
    panel = panel_of(
        orders=[(0, day(2026, 1, 31), 5.0), (0, day(2026, 2, 1), 5.0), (1, day(2026, 3, 31), 5.0)],
        visits=[(1, day(2026, 2, 28)), (1, day(2026, 2, 1))],
    )
    assert panel.orders.tolist() == [[1, 1, 0], [0, 0, 1]]
    assert panel.visits.tolist() == [[0, 0, 0], [0, 2, 0]]
    assert panel.notes == ()


def test_months_count_by_the_share_that_lies_within_the_period():
    # 16 to 31 January are 16 of 31 days, 1 to 7 February 7 of 28.
    shares = month_shares(day(2026, 1, 16), day(2026, 2, 7))
    assert shares == pytest.approx([16 / 31, 7 / 28])


def test_returns_are_taken_off_the_revenue_and_are_no_orders():
    panel = panel_of(orders=[(0, day(2026, 1, 5), 100.0), (0, day(2026, 1, 9), -30.0)])
    history = history_of_panel(panel)
    assert history.order_count.tolist() == [1, 0]
    assert history.revenue_eur.tolist() == [70.0, 0.0]
    assert "1 returns" in panel.notes[0]


def test_an_account_that_returned_all_it_bought_has_no_history():
    panel = panel_of(orders=[(0, day(2026, 1, 5), 100.0), (0, day(2026, 1, 9), -130.0)])
    history = history_of_panel(panel)
    assert history.order_count.tolist() == [0, 0]
    assert history.revenue_eur.tolist() == [0.0, 0.0]


def test_orders_in_other_currencies_are_left_out_and_counted():
    orders = [(0, day(2026, 1, 5), 100.0), (0, day(2026, 1, 6), 9_000.0)]
    panel = panel_of(orders, order_is_home=np.array([True, False]))
    assert panel.order_eur.tolist() == [100.0]
    assert panel.notes == ("1 orders in other currencies are left out.",)


def test_one_order_of_a_thousand_times_the_rest_is_cut_to_ten_times_the_usual():
    orders = [(0, day(2026, 1, 5 + k), 100.0) for k in range(5)]
    panel = panel_of([*orders, (0, day(2026, 2, 1), 100_000.0)])
    assert panel.order_eur.max() == 1_000.0
    assert panel.cut_eur.tolist() == [99_000.0, 0.0]
    assert "out of all proportion" in panel.notes[0]


def test_an_account_with_one_order_is_compared_with_its_segment():
    # Medians of the accounts: 10, 10 and 5,000, so that 10 is usual and 1,000 the limit.
    row, amount = np.array([0, 1, 2]), np.array([10.0, 10.0, 5_000.0])
    cut, is_cut = cut_amounts(row, amount, np.zeros(3, dtype=np.int64))
    assert cut.tolist() == [10.0, 10.0, 1_000.0]
    assert is_cut.tolist() == [False, False, True]


def test_visits_before_the_account_existed_are_left_out_and_its_months_do_not_count():
    panel = panel_of(
        visits=[(0, day(2026, 1, 10)), (0, day(2026, 2, 20))],
        exists_from_day=np.array([day(2026, 2, 15), day(2026, 1, 1)]),
    )
    assert panel.visits[0].tolist() == [0, 1, 0]
    # 15 to 28 February are 14 of 28 days.
    assert panel.exposure[0] == pytest.approx([0, 0.5, 1])
    assert panel.exposure[1] == pytest.approx([1, 1, 1])
    assert panel.notes == ("1 visits before the account existed are left out.",)


def test_an_order_proves_that_the_account_existed_before_it_is_said_to():
    panel = panel_of(
        orders=[(0, day(2026, 1, 10), 5.0)],
        visits=[(0, day(2026, 1, 20))],
        exists_from_day=np.array([day(2026, 3, 1), day(2026, 1, 1)]),
    )
    assert panel.visits[0].tolist() == [1, 0, 0]
    assert panel.exposure[0] == pytest.approx([22 / 31, 1, 1])


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 0.0])
def test_orders_without_a_usable_amount_are_left_out(amount):
    panel = panel_of(orders=[(0, day(2026, 1, 5), amount)])
    assert len(panel.order_eur) == 0
    assert len(panel.notes) == 1


def test_events_outside_of_the_period_are_left_out():
    panel = panel_of([(0, day(2025, 12, 31), 5.0)], [(0, day(2026, 4, 1))])
    assert panel.orders.sum() == panel.visits.sum() == 0
    assert len(panel.notes) == 2


def test_until_is_what_was_known_after_the_first_months():
    panel = panel_of([(0, day(2026, 1, 5), 1.0), (0, day(2026, 3, 5), 2.0)])
    earlier = panel.until(2)
    assert earlier.today_day == day(2026, 2, 28)
    assert earlier.order_eur.tolist() == [1.0]
    assert earlier.orders.tolist() == [[1, 0], [0, 0]]
    assert panel.until(3) is panel


def test_rows_of_no_account_are_refused():
    with pytest.raises(InvalidAccountsError, match="there are 2 accounts"):
        panel_of([(2, day(2026, 1, 5), 1.0)])
    with pytest.raises(InvalidAccountsError, match="before it begins"):
        build_panel(*[np.zeros(0, dtype=np.int64)] * 5, np.zeros(0), 10, 9)


def test_history_begins_anew_where_the_silence_before_cannot_be_chance():
    """
    Both ordered in March only: one six times, the other once. That six orders all fall into the
    last month of three by chance has a chance of (1/3)**6 = 0.0014, of one order 1/3.
    """
    orders = [(0, day(2026, 3, 2 + k), 5.0) for k in range(6)] + [(1, day(2026, 3, 2), 5.0)]
    history = history_of_panel(panel_of(orders))
    assert history.start_months[0] == pytest.approx(2.0, abs=0.1)
    assert history.start_months[1] == 0
    # The first of the six began the account and says nothing of the rate.
    assert history.counted_orders.tolist() == [5, 1]


def test_exposure_counts_months_with_visits_for_more():
    panel = panel_of(visits=[(0, day(2026, 2, 3)), (0, day(2026, 2, 4)), (0, day(2026, 3, 4))])
    history = history_of_panel(panel)
    # One month each without, with one and with two visits.
    expected = 1 + 2**0.5 + 3**0.5
    assert history.exposure(np.array([0.5, 0.5])) == pytest.approx([expected, 3.0])
    assert history_of_panel(replace(panel)).exposure(np.zeros(2)) == pytest.approx([3.0, 3.0])
