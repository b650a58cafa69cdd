import numpy as np
import pytest

from accounts.value.potential_forecast import LogForecast, Places, fit_forecast, neighbour_mean


def places(n, rng, regions=4):
    region = np.array([f"{k % regions:02d}" for k in range(n)])
    return Places(region, rng.uniform(8, 10, n), rng.uniform(50, 52, n))


def fitted(y, features, where, kind=None, seed=0):
    kind = np.zeros(len(y), dtype=np.int64) if kind is None else kind
    found = fit_forecast(features, y, where, kind, int(kind.max()) + 1, np.random.default_rng(seed))
    assert found is not None
    return found


def test_regions_are_the_first_two_digits_of_the_postcode():
    where = Places.of(("34117", "8", ""), np.zeros(3), np.zeros(3))
    assert where.region.tolist() == ["34", "8", ""]


def test_forecast_adds_features_region_and_neighbours():
    """
    Features 1 and 2 with coefficients 3 and 1; region +0.5; all neighbours 0.4 above what that
    says, of which an account shares half: 3 + 2 + 0.5 + 0.2.
    """
    forecast = LogForecast((3.0, 1.0), {"34": 0.5}, 0.5, (1.0,))
    features = np.column_stack([np.ones(21), np.full(21, 2.0)])
    where = Places(np.array(["34"] * 21), np.linspace(9, 9.1, 21), np.full(21, 51.0))
    known = np.full(21, 3 + 2 + 0.5 + 0.4)
    known[5] = np.nan
    assert forecast.log_of(features, where, known, np.array([5])) == pytest.approx([5.7])


def test_region_and_neighbours_are_found_where_they_matter():
    rng = np.random.default_rng(0)
    where = places(4_000, rng)
    region = where.region.astype(np.int64) * 0.5
    smooth = np.sin(4 * where.lon) + np.cos(4 * where.lat)
    y = 2.0 + region + smooth + rng.normal(0, 0.2, 4_000)
    found = fitted(y, np.ones((4_000, 1)), where)
    assert found.region_effect["03"] - found.region_effect["00"] == pytest.approx(1.5, abs=0.15)
    assert found.neighbour_share > 0.8
    alone = fitted(rng.permutation(y), np.ones((4_000, 1)), where)
    assert alone.neighbour_share < 0.2
    assert found.log_width[0] < 0.5 * alone.log_width[0]


def test_intervals_hold_as_often_as_promised_for_errors_of_any_form():
    held = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = np.column_stack([np.ones(1_500), rng.normal(0, 1, 1_500)])
        y = x @ [5.0, 0.7] + 0.5 * rng.standard_t(3, 1_500)
        where = places(1_500, rng)
        train = np.arange(1_000)
        found = fitted(y[train], x[train], where.take(train), seed=seed)
        known = np.where(np.arange(1_500) < 1_000, y, np.nan)
        rest = np.arange(1_000, 1_500)
        off = np.abs(found.log_of(x, where, known, rest) - y[rest])
        held.append((off <= found.log_width[0]).mean())
    assert np.mean(held) == pytest.approx(0.8, abs=0.02)


def test_each_kind_has_a_width_of_its_own():
    rng = np.random.default_rng(2)
    kind = np.arange(2_000) % 2
    y = 4 + rng.normal(0, 1, 2_000) * np.where(kind == 1, 0.2, 2.0)
    found = fitted(y, np.ones((2_000, 1)), places(2_000, rng), kind)
    assert found.log_width[1] == pytest.approx(0.2 * 1.28, rel=0.2)
    assert found.log_width[0] == pytest.approx(2.0 * 1.28, rel=0.2)


def test_an_account_is_not_its_own_neighbour():
    where = Places(np.array(["34"] * 3), np.array([9.0, 9.0, 9.0]), np.full(3, 51.0))
    rest = np.array([1.0, 2.0, 6.0])
    assert neighbour_mean(where, rest, where, is_same=True) == pytest.approx([4.0, 3.5, 1.5])


def test_too_few_accounts_give_no_forecast():
    rng = np.random.default_rng(0)
    kind = np.zeros(20, dtype=np.int64)
    assert fit_forecast(np.ones((20, 1)), np.zeros(20), places(20, rng), kind, 1, rng) is None


def test_accounts_without_a_position_go_by_features_and_region():
    rng = np.random.default_rng(3)
    where = places(200, rng)
    lost = Places(where.region, np.full(200, np.nan), where.lat)
    y = rng.normal(3, 1, 200)
    found = fitted(y, np.ones((200, 1)), lost)
    assert found.neighbour_share == 0
    assert np.isfinite(found.log_of(np.ones((200, 1)), lost, y, np.arange(200))).all()
