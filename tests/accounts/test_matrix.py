from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError, Worth
from accounts.matrix import (
    CELLS,
    Cell,
    Effort,
    Thresholds,
    cells_of,
    sum_cells,
    telesales_case,
)

POTENTIAL = np.array([90_000.0, 80_000.0, 10_000.0, 5_000.0])
VALUE = np.array([200.0, 20.0, 150.0, 10.0])
"""One account in each cell at thresholds of 50,000 and 100."""


def effort(visits: Sequence[float], service_s: float = 1800, travel_s: float = 1800) -> Effort:
    count = np.array(visits, dtype=np.float64)
    return Effort(count, count * service_s, count * travel_s, count * 50.0)


def worth(base_eur: float = 1000.0, elasticity: float = 0.5) -> Worth:
    return Worth(np.full(4, base_eur), np.full(4, elasticity), np.full(4, 0.3))


def test_each_cell_asks_for_its_action():
    cells = cells_of(POTENTIAL, VALUE, Thresholds(50_000, 100))
    assert [CELLS[k] for k in cells] == [
        Cell.RAISE_FREQUENCY,
        Cell.REACTIVATE_ACQUIRE,
        Cell.KEEP,
        Cell.TELESALES,
    ]


def test_what_equals_a_threshold_is_high():
    assert cells_of(np.array([50.0]), np.array([7.0]), Thresholds(50.0, 7.0))[0] == 0


def test_medians_halve_the_accounts():
    thresholds = Thresholds.medians(POTENTIAL, VALUE)
    # Between 10,000 and 80,000, and between 20 and 150.
    assert thresholds == Thresholds(45_000.0, 85.0)
    assert Thresholds.medians(np.empty(0), np.empty(0)) == Thresholds(0.0, 0.0)


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_threshold_that_is_none_is_refused(value):
    with pytest.raises(InvalidAccountsError, match="visit_value_eur"):
        Thresholds(0.0, value)


def test_sums_of_the_cells_are_the_sums_of_all():
    cells = np.array([0, 3, 3, 0], dtype=np.uint8)
    sums = sum_cells(cells, POTENTIAL, POTENTIAL / 10, VALUE, effort([1, 2, 3, 4]))
    assert sums.accounts.tolist() == [2, 0, 0, 2]
    assert sums.potential_eur.tolist() == [95_000, 0, 0, 90_000]
    assert sums.visits.tolist() == [5, 0, 0, 5]
    assert sums.visit_share.tolist() == [0.5, 0, 0, 0.5]
    assert sums.hours.tolist() == [5, 0, 0, 5]  # an hour each
    assert sums.visit_value_eur.tolist() == [210, 0, 0, 170]


def test_moving_a_cell_to_the_phone_by_hand():
    # The last account had 12 visits in 12 months, one a month, each of an hour at 50 EUR. A call
    # of 15 minutes at 10 EUR does a quarter of what a visit does.
    cells = np.array([0, 1, 2, 3], dtype=np.uint8)
    spent = effort([12, 0, 0, 12])
    sums = sum_cells(cells, POTENTIAL, POTENTIAL, VALUE, spent)
    case = telesales_case(cells, sums, spent, worth(), 12.0, 900, 10.0, 0.25)
    assert (case.visits, case.visit_share) == (12, 0.5)
    assert (case.freed_hours, case.freed_cost_eur) == (12, 600)
    assert (case.call_hours, case.call_cost_eur) == (3, 120)
    # 0.3 x 1000 x 12 months x (sqrt(1 + 1) - sqrt(1 + 0.25)) = 3600 x (1.414214 - 1.118034)
    assert case.lost_eur == pytest.approx(1066.246, abs=1e-3)
    # The first account is visited once a month; 12 hours are 12 more visits, so twice a month.
    # 3600 x (sqrt(3) - sqrt(2)) = 3600 x 0.317837
    assert case.more_visits == 12
    assert case.gained_eur == pytest.approx(1144.214, abs=1e-3)
    assert case.saved_eur == pytest.approx(600 - 120 - 1066.246, abs=1e-3)
    assert case.shifted_eur == pytest.approx(1144.214 - 120 - 1066.246, abs=1e-3)


def test_without_visits_nothing_is_freed_and_nothing_is_divided_by_zero():
    cells = np.array([0, 1, 2, 3], dtype=np.uint8)
    nothing = effort([0, 0, 0, 0])
    sums = sum_cells(cells, POTENTIAL, POTENTIAL, VALUE, nothing)
    case = telesales_case(cells, sums, nothing, worth(), 12.0, 900, 10.0, 0.25)
    assert (case.freed_hours, case.more_visits, case.gained_eur, case.lost_eur) == (0, 0, 0, 0)
    assert sums.visit_share.tolist() == [0, 0, 0, 0]


def test_time_freed_has_nowhere_to_go_where_no_account_is_best():
    cells = np.array([3, 3, 3, 3], dtype=np.uint8)
    spent = effort([1, 1, 1, 1])
    sums = sum_cells(cells, POTENTIAL, POTENTIAL, VALUE, spent)
    case = telesales_case(cells, sums, spent, worth(), 12.0, 900, 10.0, 0.25)
    assert case.freed_hours == 4
    assert (case.more_visits, case.gained_eur) == (0, 0)


def test_a_best_cell_that_was_never_visited_takes_the_time_of_the_others():
    cells = np.array([0, 1, 2, 3], dtype=np.uint8)
    spent = effort([0, 0, 0, 6])
    sums = sum_cells(cells, POTENTIAL, POTENTIAL, VALUE, spent)
    case = telesales_case(cells, sums, spent, worth(), 12.0, 900, 10.0, 0.25)
    assert case.more_visits == pytest.approx(6)
    assert case.gained_eur > 0


@given(
    st.lists(
        st.tuples(st.floats(0, 1e7), st.floats(0, 1e4), st.integers(0, 60)),
        min_size=1,
        max_size=40,
    ),
    st.floats(0, 1e7),
    st.floats(0, 1e4),
    st.floats(1.0, 10.0),
)
def test_higher_thresholds_never_take_visits_out_of_the_last_cell(rows, potential, value, factor):
    of, worth_eur, visits = np.array(rows, dtype=np.float64).T

    def in_last(thresholds: Thresholds) -> float:
        cells = cells_of(of, worth_eur, thresholds)
        spent = Effort(visits, visits, visits, visits)
        return float(sum_cells(cells, of, of, worth_eur, spent).visits[3])

    low, high = Thresholds(potential, value), Thresholds(potential * factor, value * factor)
    assert in_last(low) <= in_last(high)
