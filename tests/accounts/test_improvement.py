from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError, Worth
from accounts.planning.expected_sales import expected_sales
from accounts.planning.improvement import FIELD, ServicePlan, with_elasticity, year_of
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel, default_settings

PHONE = TOUCH_CHANNELS.index(TouchChannel.PHONE)
SETTINGS = default_settings(45.0, 0.30)
HOUR = 3600.0


def plan_of(visits: float = 0.0, calls: float = 0.0, n: int = 1) -> ServicePlan:
    """Visits of half an hour, half an hour and 20 km away."""
    touches = np.zeros((n, len(TOUCH_CHANNELS)))
    touches[:, FIELD], touches[:, PHONE] = visits, calls
    return ServicePlan(
        touches, np.full(n, 0.5 * HOUR), np.full(n, 0.5 * HOUR), np.full(n, 20_000.0)
    )


def worth_of(n: int = 1) -> Worth:
    return Worth(np.full(n, 1000.0), np.full(n, 0.5), np.full(n, 0.3))


def test_a_year_of_visits_costs_hours_and_kilometres_and_brings_contribution() -> None:
    plan = plan_of(visits=12)
    year = year_of(plan, plan, worth_of(), SETTINGS)
    # A visit is half an hour, a quarter before and after, and half an hour of way.
    assert year.hours == pytest.approx([12 * 1.25])
    assert (year.travel_h.tolist(), year.travel_km.tolist()) == ([6], [240])
    # An hour costs EUR 45 and 20 % overhead, a kilometre 0.30: 15 x 54 + 240 x 0.30 = EUR 882.
    assert year.cost_eur == pytest.approx([882])
    # A visit a month: 12 x 1000 x 2**0.5 = 16,971, of which 30 % is contribution.
    assert year.sales_eur == pytest.approx([12_000 * 2**0.5])
    assert year.contribution_eur == pytest.approx([3_600 * 2**0.5])


def test_new_calls_count_as_their_share_of_a_visit_and_need_no_way() -> None:
    # Four calls a month at a quarter of a visit each are one visit a month.
    year = year_of(plan_of(calls=48), plan_of(), worth_of(), SETTINGS)
    assert year.sales_eur == pytest.approx([12_000 * 2**0.5])
    assert (year.travel_km.tolist(), year.other_touches.tolist()) == ([0], [48])
    # Ten minutes and five before and after, an hour of inside sales at EUR 35 and 20 %.
    assert year.cost_eur == pytest.approx([48 * 0.25 * 42])


def test_calls_of_today_are_in_the_base_and_their_loss_is_felt() -> None:
    today = plan_of(visits=12, calls=48)
    kept = year_of(today, today, worth_of(), SETTINGS)
    assert kept.sales_eur == pytest.approx([12_000 * 2**0.5])
    # Without the calls, which were worth one of the visits, there are no visits left.
    dropped = year_of(plan_of(visits=12), today, worth_of(), SETTINGS)
    assert dropped.sales_eur == pytest.approx([12_000])
    # What falls below nothing is nothing.
    less = year_of(plan_of(visits=6), today, worth_of(), SETTINGS)
    assert less.sales_eur == pytest.approx([12_000])


@pytest.mark.parametrize("elasticity", [0.0, 0.2, 0.4])
def test_another_elasticity_leaves_the_sales_of_today(elasticity: float) -> None:
    visits = np.array([0.4])
    other = with_elasticity(worth_of(), elasticity, visits)
    assert expected_sales(other, visits).sales_eur == pytest.approx(
        expected_sales(worth_of(), visits).sales_eur
    )
    assert other.elasticity.tolist() == [elasticity]


@given(visits=st.floats(0, 100), calls=st.floats(0, 400), more=st.floats(0, 100))
def test_more_visits_cost_more_and_never_bring_less(visits, calls, more) -> None:
    today, raised = plan_of(visits, calls), plan_of(visits + more, calls)
    before, after = (year_of(one, today, worth_of(), SETTINGS) for one in (today, raised))
    assert after.contribution_eur >= before.contribution_eur - 1e-9
    assert after.cost_eur >= before.cost_eur - 1e-9
    for name in before.__slots__:
        assert np.isfinite(getattr(after, name)).all()


def test_columns_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidAccountsError, match="touches holds"):
        plan_of(visits=-1)
    with pytest.raises(InvalidAccountsError, match="1 accounts but 2 entries in travel_s"):
        replace(plan_of(), travel_s=np.zeros(2))
