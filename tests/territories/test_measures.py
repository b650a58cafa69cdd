import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories import InvalidAlignmentError, balance


def test_deviation_is_the_activity_over_the_fair_share():
    # 10 + 20, 30, 0: fair share 20.
    measured = balance([0, 0, 1], [10, 20, 30], 3)
    assert measured.activity.tolist() == [30, 30, 0]
    assert measured.deviation_share == pytest.approx([0.5, 0.5, -1.0])
    assert measured.max_deviation_share == pytest.approx(1.0)


def test_no_activity_at_all_is_in_balance():
    assert balance([0, 1], [0, 0], 2).max_deviation_share == 0


@pytest.mark.parametrize("territory", [[0, 2], [-1, 0]])
def test_unknown_territory_is_refused(territory):
    with pytest.raises(InvalidAlignmentError):
        balance(territory, [1, 1], 2)


def test_lengths_that_differ_are_refused():
    with pytest.raises(InvalidAlignmentError, match="2 units"):
        balance([0, 1], [1.0], 2)


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1e6)), min_size=1), st.floats(0.1, 100))
def test_balance_does_not_depend_on_the_unit_of_the_measure(units, factor):
    territory, activity = np.array([u[0] for u in units]), np.array([u[1] for u in units])
    before, after = balance(territory, activity, 5), balance(territory, factor * activity, 5)
    assert after.deviation_share == pytest.approx(before.deviation_share, abs=1e-9)
