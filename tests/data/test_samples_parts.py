"""Names, opening hours, markets and regions of the sample."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from accounts.account import OpeningWindow
from data.samples import truth
from data.samples.germany import read_outline, read_postcodes
from data.samples.history import _within_hours
from data.samples.markets import Market, measure_market, scatter
from data.samples.names import KIND_CHANCE, TRADES, company_names, person_names
from data.samples.opening import (
    PATTERN_CHANCE,
    PATTERNS,
    WORKING_CHANCE,
    WORKING_PATTERNS,
    draw_patterns,
    is_open_on,
)
from data.samples.regions import balanced_centres, draw_regions


@pytest.fixture(scope="module")
def market() -> Market:
    return measure_market()


def test_names_that_come_up_twice_carry_the_town() -> None:
    """Two towns, so many accounts that some names must repeat within a trade."""
    count = 3_000
    towns = ["Kassel", "Fulda"] * (count // 2)
    trade = np.zeros(count, dtype=np.int64)
    names = company_names(trade, np.full(count, 5_000.0), towns, np.random.default_rng(1))
    with_town = [name for name in names if name.endswith((", Kassel", ", Fulda"))]
    assert 100 < len(with_town) < count / 2
    plain = [name for name in names if not name.endswith((", Kassel", ", Fulda"))]
    assert len(set(plain)) == len(plain)


def test_large_accounts_have_legal_forms_of_large_companies() -> None:
    rng = np.random.default_rng(1)
    names = company_names(np.arange(70), np.full(70, 1e6), [f"Ort {i}" for i in range(70)], rng)
    assert all(("GmbH" in name) or ("AG" in name) or ("KG" in name) for name in names)


def test_people_of_one_list_differ() -> None:
    people = person_names(60, np.random.default_rng(1))
    assert len({person.split()[-1] for person in people}) == 60


def test_chances_add_up() -> None:
    assert sum(KIND_CHANCE) == pytest.approx(1)
    assert sum(WORKING_CHANCE) == pytest.approx(1)
    for chances in PATTERN_CHANCE.values():
        assert len(chances) == len(PATTERNS)
        assert sum(chances) == pytest.approx(1)
    assert len(WORKING_CHANCE) == len(WORKING_PATTERNS)
    assert {trade.kind for trade in TRADES} == set(PATTERN_CHANCE)


def test_patterns_are_drawn_as_often_as_their_chance() -> None:
    kind = np.repeat(np.arange(4), 20_000)
    drawn = draw_patterns(kind, np.random.default_rng(1))
    for value, chances in PATTERN_CHANCE.items():
        share = np.bincount(drawn[kind == value], minlength=len(PATTERNS)) / 20_000
        np.testing.assert_allclose(share, chances, atol=0.015)


def test_patterns_hold_midday_closing_closed_afternoons_and_closed_mondays() -> None:
    midday = (OpeningWindow(1, 8 * 3600, 12 * 3600), OpeningWindow(1, 13 * 3600, 17 * 3600))
    assert PATTERNS[4][:2] == midday
    wednesday = [window.closes_s for window in PATTERNS[5] if window.weekday == 3]
    assert wednesday == [12 * 3600]
    assert is_open_on()[7].tolist() == [False, True, True, True, True, True, False]


@given(
    start_s=st.integers(0, 86_399),
    weekday=st.integers(0, 6),
    pattern=st.integers(0, len(PATTERNS) - 1),
)
def test_a_start_is_moved_into_the_opening_hours_and_no_further(
    start_s: int, weekday: int, pattern: int
) -> None:
    windows = [window for window in PATTERNS[pattern] if window.weekday == weekday + 1]
    moved = int(_within_hours(np.array([start_s]), np.array([weekday]), np.array([pattern]))[0])
    if windows:
        best = min(
            abs(min(max(start_s, window.opens_s), window.closes_s - 1800) - start_s)
            for window in windows
        )
        assert any(window.opens_s <= moved <= window.closes_s - 1800 for window in windows)
        assert abs(moved - start_s) == best


def test_market_holds_the_country(market: Market) -> None:
    assert len(market.people) == len(read_postcodes())
    assert 80e6 < market.people.sum() < 85e6
    assert market.people.min() >= truth.MIN_POSTCODE_PEOPLE
    assert market.radius_km.max() <= 3.0


def test_positions_at_the_coast_stay_on_land(market: Market) -> None:
    """Cuxhaven, with water on two sides: all drawn positions are within the outline."""

    row = read_postcodes().code.index("27472")
    lon, lat = scatter(market, np.full(2_000, row), np.random.default_rng(1))
    assert shapely.contains_xy(read_outline(), lon, lat).all()
    assert len(set(zip(lon, lat, strict=True))) > 1_000


def test_balanced_centres_of_a_line_of_clusters() -> None:
    """Three clusters of equal weight, though the first has four times as many points."""
    rng = np.random.default_rng(1)
    sizes = (400, 100, 100)
    xy = np.concatenate(
        [rng.normal((100.0 * i, 0.0), 1.0, (size, 2)) for i, size in enumerate(sizes)]
    )
    weight = np.repeat([1.0, 4.0, 4.0], sizes)
    centres = balanced_centres(xy, weight, 3, rng)
    np.testing.assert_allclose(np.sort(centres[:, 0]), [0, 100, 200], atol=2)


@pytest.mark.parametrize("seed", range(4))
def test_every_rep_has_enough_accounts_and_two_homes_are_pinned(market: Market, seed: int) -> None:
    rng = np.random.default_rng(seed)
    chance = market.people / market.people.sum()
    account_postcode = rng.choice(len(chance), truth.ACCOUNTS, p=chance)
    homes, owner = draw_regions(market, account_postcode, rng)
    assert len(set(homes.tolist())) == truth.REPS
    count = np.bincount(owner, minlength=truth.REPS)
    assert count.min() >= truth.MIN_ACCOUNTS_PER_REP
    assert count.max() > 1.5 * count.mean(), "today's regions are uneven"
    codes = read_postcodes().code
    assert {codes[home] for home in homes} >= set(truth.PINNED_HOMES)


def test_regions_are_made_of_three_digit_areas(market: Market) -> None:
    rng = np.random.default_rng(1)
    chance = market.people / market.people.sum()
    account_postcode = rng.choice(len(chance), truth.ACCOUNTS, p=chance)
    _, owner = draw_regions(market, account_postcode, rng)
    area = np.array([read_postcodes().code[row][:3] for row in account_postcode])
    assert len(set(zip(area, owner, strict=True))) == len(set(area))
