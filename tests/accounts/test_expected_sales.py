import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError, Worth
from accounts.planning.expected_sales import expected_sales, response_factor


def worth_of(base: float, elasticity: float, margin: float = 0.3) -> Worth:
    return Worth(np.array([base]), np.array([elasticity]), np.array([margin]))


def test_without_visits_an_account_buys_its_base() -> None:
    found = expected_sales(worth_of(500.0, 0.3), 0.0, 12)
    assert found.sales_eur == pytest.approx([6000.0])
    assert found.contribution_eur == pytest.approx([1800.0])


def test_whole_visits_a_month_follow_the_response_curve() -> None:
    # Three visits a month: 1000 x 4**0.5 = 2000 a month.
    assert expected_sales(worth_of(1000.0, 0.5), 3.0).sales_eur == pytest.approx([2000.0])


def test_between_whole_visits_months_with_one_more_take_turns() -> None:
    # 0.25 visits a month: one month of four at 4 x 2**0.5 = 5.657, three at 4.
    expected = 0.25 * 4 * 2**0.5 + 0.75 * 4
    assert expected_sales(worth_of(4.0, 0.5), 0.25).sales_eur == pytest.approx([expected])


def test_accounts_that_do_not_respond_buy_the_same_at_any_cadence() -> None:
    assert response_factor([0.0, 0.4, 7.3], 0.0) == pytest.approx([1, 1, 1])


@given(visits=st.integers(0, 20), elasticity=st.floats(0, 0.99), base=st.floats(0, 1e6))
def test_one_more_visit_a_month_brings_its_visit_value(visits, elasticity, base) -> None:
    worth = worth_of(base, elasticity)
    more = expected_sales(worth, visits + 1.0).contribution_eur
    now = expected_sales(worth, float(visits)).contribution_eur
    assert more - now == pytest.approx(
        worth.visit_value_eur(np.array([float(visits)])), rel=1e-6, abs=1e-6
    )


@given(visits=st.floats(0, 30), more=st.floats(0, 30), elasticity=st.floats(0, 0.99))
def test_more_visits_never_bring_less_and_never_beyond_the_curve(visits, more, elasticity) -> None:
    now = response_factor(visits, elasticity)
    assert now <= response_factor(visits + more, elasticity) + 1e-12
    assert 1 <= now <= (1 + visits) ** elasticity * (1 + 1e-12)


@pytest.mark.parametrize(("visits", "months"), [(-0.1, 1), (float("nan"), 1), (1, -1), (1, np.inf)])
def test_impossible_cadences_and_lengths_are_refused(visits: float, months: float) -> None:
    with pytest.raises(InvalidAccountsError):
        expected_sales(worth_of(1.0, 0.3), visits, months)
