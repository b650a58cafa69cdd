import numpy as np
import pytest

from accounts import FOUNDING_PROGRAMME, NO_VISITS_DAYS
from accounts.touches.settings import default_settings
from accounts.touches.yearly_effort import yearly_effort


def test_visits_calls_hours_and_cost_follow_from_the_cadence():
    """
    One account each of 100k_1m (a call every 30 days, a visit every 182) and of zero.

    100k_1m: 365.25/182 = 2.007 visits of 45 min + 15 min preparation + 30 min driving, 1.5 h each;
    365.25/30 = 12.175 calls of 10 + 5 min, 0.25 h each. Hours: 3.010 + 3.044 = 6.054.
    Cost: 3.010 h x 45 x 1.2 + 2.007 x 30 km x 0.30 + 3.044 h x 35 x 1.2 = 162.56 + 18.06 + 127.84.
    """
    found = yearly_effort(
        FOUNDING_PROGRAMME,
        np.array([3, 0]),
        np.array([182.0, 30.0]),
        np.array([2700, 1800]),
        np.array([1800.0, 1800.0]),
        np.array([30_000.0, 30_000.0]),
        default_settings(45.0, 0.30),
    )
    assert found.visits.tolist() == pytest.approx([365.25 / 182, 0])
    assert found.calls.tolist() == pytest.approx([12.175, 0])
    assert found.hours.tolist() == pytest.approx([6.054, 0], abs=1e-3)
    assert found.cost_eur.tolist() == pytest.approx([308.46, 0], abs=0.05)
    both = found.of(np.array([True, True]))
    assert (both.account_count, both.hours) == (2, pytest.approx(6.054, abs=1e-3))


def test_nobody_visits_an_account_without_an_interval():
    found = yearly_effort(
        FOUNDING_PROGRAMME,
        np.array([4]),
        np.array([NO_VISITS_DAYS]),
        np.array([1800]),
        np.zeros(1),
        np.zeros(1),
        default_settings(45.0, 0.30),
    )
    assert (found.visits[0], found.cost_eur[0]) == (0, 0)
