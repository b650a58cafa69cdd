import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import PROGRAMME, InvalidResponseError, PowerResponse
from accounts.response import extra_sales
from accounts.value.account_values import ValueParameters, value_accounts
from accounts.visit_value import monthly_base_eur

RESPONSE = PowerResponse(0.3)
ASSUMED = ValueParameters.assumed(len(PROGRAMME))


def visit_value_eur(table, margin_share):
    """With the assumed elasticity, which is 0.3."""
    return value_accounts(table, ASSUMED, 0, margin_share).visit_value_eur


def test_base_mixes_own_history_and_potential_by_the_number_of_orders(make_table):
    # Own rate: EUR 1,000 a month seen at one visit a month, so 1000 / 2**0.3 without.
    # From potential: 120,000 x 5 % / 12 = EUR 500. Weights 24/27 and 3/27.
    expected = 24 / 27 * 1000 / 2**0.3 + 3 / 27 * 500
    assert monthly_base_eur(make_table(), RESPONSE) == pytest.approx([expected])


def test_account_without_orders_is_valued_by_its_potential_alone(make_table):
    table = make_table(order_count=np.array([0]), revenue_eur=np.array([0.0]))
    assert monthly_base_eur(table, RESPONSE) == pytest.approx([500.0])


def test_visit_value_is_the_margin_on_what_one_more_visit_adds(make_table):
    table = make_table(order_count=np.array([0]), revenue_eur=np.array([0.0]))
    # One visit a month today: 30 % of 500 x (3**0.3 - 2**0.3).
    expected = 0.3 * 500 * (3**0.3 - 2**0.3)
    assert visit_value_eur(table, 0.3) == pytest.approx([expected])


def test_visit_value_is_far_below_revenue_per_visit(make_table):
    revenue_per_visit = 1000.0  # a month's revenue over its one visit
    assert visit_value_eur(make_table(), 1.0)[0] < revenue_per_visit / 4


@given(
    base=st.floats(0, 1e6),
    visits=st.floats(0, 30),
    more=st.floats(0.1, 30),
    elasticity=st.floats(0, 0.99),
)
def test_extra_sales_are_never_negative_and_fall_with_visits(base, visits, more, elasticity):
    now = extra_sales(base, visits, elasticity)
    assert now >= 0
    assert extra_sales(base, visits + more, elasticity) <= now * (1 + 1e-9) + 1e-9


@given(base=st.floats(1, 1e6), visits=st.floats(0, 30))
def test_base_undoes_sales(base, visits):
    assert RESPONSE.base(RESPONSE.sales(base, visits), visits) == pytest.approx(base)


@pytest.mark.parametrize("elasticity", [-0.1, 1.0, float("nan")])
def test_impossible_elasticity_is_refused(elasticity):
    with pytest.raises(InvalidResponseError):
        PowerResponse(elasticity)
