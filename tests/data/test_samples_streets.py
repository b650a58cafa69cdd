"""A sample on a street map: real businesses, invented figures."""

from datetime import date

import numpy as np
import pytest

from accounts.account import STATUSES, Status
from data.samples.names import CRAFT, SHOP
from data.samples.opening import PATTERN_CHANCE
from data.samples.streets import Business, Home, sample_on_streets

MONDAY = date(2026, 11, 16)
OAKHAM, UPPINGHAM = Home(-0.731, 52.670, "Oakham"), Home(-0.722, 52.589, "Uppingham")


def businesses(count: int) -> list[Business]:
    rng = np.random.default_rng(3)
    return [
        Business(
            f"Shop {k}",
            "craft" if k % 3 == 0 else "shop",
            float(rng.uniform(-0.8, -0.5)),
            float(rng.uniform(52.55, 52.75)),
            "LE15",
            "Oakham",
        )
        for k in range(count)
    ]


def test_every_business_is_an_account_in_its_order_and_place() -> None:
    given = businesses(400)
    sample = sample_on_streets(given, [OAKHAM], "Europe/London", MONDAY, seed=1)
    sites = sample.customers.sites
    assert sample.customers.name == tuple(business.name for business in given)
    assert sites.lon.tolist() == [business.lon for business in given]
    assert sites.town == tuple(business.town for business in given)


def test_figures_are_those_of_the_german_sample_in_kind() -> None:
    sample = sample_on_streets(businesses(400), [OAKHAM], "Europe/London", MONDAY, seed=1)
    customers = sample.status == STATUSES.index(Status.CUSTOMER)
    assert 0.4 < customers.mean() < 0.8
    assert 20_000 < np.median(sample.customers.potential_eur) < 45_000
    assert len(sample.visits.day) > 400
    assert len(sample.orders.day) > 1_000


def test_opening_hours_are_those_of_the_trade() -> None:
    given = businesses(300)
    hours = sample_on_streets(given, [OAKHAM], "Europe/London", MONDAY, 1).customers.opening_hours
    for key, kind in (("craft", CRAFT), ("shop", SHOP)):
        rows = [k for k, business in enumerate(given) if business.key == key]
        possible = np.flatnonzero(PATTERN_CHANCE[kind])
        assert set(hours[rows]) <= set(possible.tolist())


def test_a_rep_lives_in_each_likely_home_and_owns_what_is_near() -> None:
    given = businesses(500)
    sample = sample_on_streets(given, [OAKHAM, UPPINGHAM], "Europe/London", MONDAY, seed=1)
    assert [rep.town for rep in sample.reps] == ["Oakham", "Uppingham"]
    lat = sample.customers.sites.lat
    assert (sample.owner[lat > 52.69] == 0).all()
    assert (sample.owner[lat < 52.57] == 1).all()


def test_few_businesses_have_one_rep() -> None:
    sample = sample_on_streets(businesses(9), [OAKHAM, UPPINGHAM], "Europe/London", MONDAY, 1)
    assert len(sample.reps) == 1


def test_visits_begin_in_working_hours_of_the_place() -> None:
    """A shop in New York is visited by day there, which is the afternoon in UTC."""
    sample = sample_on_streets(businesses(200), [OAKHAM], "America/New_York", MONDAY, seed=1)
    hour_utc = sample.visits.start_utc_s // 3600 % 24
    assert ((hour_utc >= 11) & (hour_utc <= 22)).all()


def test_a_map_without_businesses_has_a_rep_and_no_accounts() -> None:
    sample = sample_on_streets([], [OAKHAM], "Europe/London", MONDAY, seed=1)
    assert (len(sample.customers), len(sample.reps), len(sample.visits.day)) == (0, 1, 0)


def test_no_home_is_refused() -> None:
    with pytest.raises(ValueError, match="place where a rep lives"):
        sample_on_streets(businesses(3), [], "Europe/London", MONDAY, 1)


def test_the_same_day_and_seed_give_the_same_sample() -> None:
    def revenue() -> list[int]:
        sample = sample_on_streets(businesses(50), [OAKHAM], "Europe/London", MONDAY, seed=7)
        return list(sample.orders.amount_cents)

    assert revenue() == revenue()
