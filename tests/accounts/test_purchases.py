import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln
from scipy.special import gamma as gamma_of
from scipy.stats import beta as beta_distribution

from accounts.value.purchases import PurchaseModel, fit_purchases
from benchmarks.cdnow import CdnowError, fetch, read_summary

MODEL = PurchaseModel(r=0.2426, alpha=4.4135, a=0.7929, b=2.4258)
ONE = (np.array([2]), np.array([30.43]), np.array([38.86]))


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory):
    try:
        return read_summary(fetch(tmp_path_factory.mktemp("cdnow")))
    except CdnowError as error:
        pytest.skip(f"The data of CDNOW cannot be had: {error}")


def test_published_regression_on_cdnow_is_reproduced(cdnow):
    columns = (cdnow.repeats, cdnow.recency_weeks, cdnow.age_weeks)
    model = fit_purchases(*columns)
    # Often quoted from fits that stopped a little earlier as 0.2426, 4.4136, 0.7930 and 2.4261.
    assert model.r == pytest.approx(0.2426, rel=2e-4)
    assert model.alpha == pytest.approx(4.4136, rel=2e-4)
    assert model.a == pytest.approx(0.7930, rel=2e-4)
    assert model.b == pytest.approx(2.4261, rel=2e-4)
    assert model.log_likelihood(*columns) == pytest.approx(-9582.4256, abs=1e-4)
    assert model.expected_orders(39.0, *ONE)[0] == pytest.approx(1.2259, abs=5e-5)
    assert model.alive_share(*ONE)[0] == pytest.approx(0.7266, abs=5e-5)
    quoted = PurchaseModel(0.2426, 4.4136, 0.7930, 2.4261)
    assert model.log_likelihood(*columns) >= quoted.log_likelihood(*columns)


def test_chance_of_being_a_customer_follows_the_closed_form():
    # 1 / (1 + a/(b+x-1) ((alpha+T)/(alpha+t_x))**(r+x)) by hand.
    ratio = (4.4135 + 38.86) / (4.4135 + 30.43)
    expected = 1 / (1 + 0.7929 / (2.4258 + 1) * ratio**2.2426)
    assert MODEL.alive_share(*ONE) == pytest.approx([expected])


def test_a_customer_of_one_order_is_never_given_up_by_the_plain_model_but_by_the_modified_one():
    single = (np.array([0]), np.array([0.0]), np.array([50.0]))
    assert MODEL.alive_share(*single) == pytest.approx([1.0])
    modified = PurchaseModel(0.5, 4.0, 0.9, 1.6, may_stop_at_first=True)
    assert modified.alive_share(*single)[0] < 0.8


@pytest.mark.parametrize(("regularity", "may_stop"), [(1, False), (1, True), (2, True), (3, True)])
@pytest.mark.parametrize(
    ("x", "recency", "age", "horizon"), [(3, 20.0, 24.0, 12.0), (400, 23.9, 24.0, 12.0)]
)
def test_expected_orders_are_the_integral_over_the_chance_to_stop(
    regularity, may_stop, x, recency, age, horizon
):
    """Given p and a gamma rate, orders until the horizon are (1 - (A/(A + p t))**s) / p."""
    model = PurchaseModel(1.3, 2.0, 0.6, 5.0, regularity, may_stop)
    shape, scale = 1.3 + regularity * x, regularity * (2.0 + age)
    stop = beta_distribution(0.6, 5.0 + x + int(may_stop))

    def integrand(p):
        return (1 - (scale / (scale + p * horizon)) ** shape) / p * stop.pdf(p)

    whole = quad(integrand, 0, 0.05, limit=400)[0] + quad(integrand, 0.05, 1, limit=400)[0]
    columns = (np.array([x]), np.array([recency]), np.array([age]))
    expected = whole * model.alive_share(*columns)[0]
    assert model.expected_orders(horizon, *columns)[0] == pytest.approx(expected, rel=1e-4)


def test_likelihood_of_the_regular_variant_is_that_of_erlang_times():
    """
    One customer, k = 2, one repeat after 3 and silence for 2 more, by integration over rate and
    chance to stop; the factor of the times themselves, 3, does not depend on the parameters.
    """
    r, alpha, a, b = 1.5, 2.0, 0.8, 3.0
    model = PurchaseModel(r, alpha, a, b, regularity=2, may_stop_at_first=True)

    def given_rate(rate):
        density = np.exp(r * np.log(alpha) + (r - 1) * np.log(rate) - alpha * rate) / gamma_of(r)
        event = rate**2 * np.exp(-rate * 3)
        silent = np.exp(-rate * 2) * (1 + rate * 2)
        # E[(1-p) p] and E[(1-p)^2] over the beta distribution.
        stops = np.exp(betaln(a + 1, b + 1) - betaln(a, b))
        stays = np.exp(betaln(a, b + 2) - betaln(a, b))
        return density * event * (stops + stays * silent)

    likelihood = quad(given_rate, 0, 50)[0]
    columns = (np.array([1]), np.array([3.0]), np.array([5.0]))
    assert model.log_likelihood(*columns) == pytest.approx(np.log(likelihood), rel=1e-6)


def simulate(n, age, rng, regularity=1):
    """Customers who order at gamma rates and stop with beta chances."""
    rate, stop = rng.gamma(2.0, 1 / 2.0, n), rng.beta(1.0, 9.0, n)
    repeats, recency, later = np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n, dtype=np.int64)
    for row in range(n):
        when = 0.0
        while rng.random() >= stop[row]:
            when += rng.gamma(regularity, 1 / (rate[row] * regularity))
            if when > age + 12:
                break
            if when > age:
                later[row] += 1
            else:
                repeats[row], recency[row] = repeats[row] + 1, when
    return repeats, recency, np.full(n, age), later


def test_forecast_adds_up_on_simulated_customers():
    *columns, later = simulate(3_000, 24.0, np.random.default_rng(0))
    model = fit_purchases(*columns, may_stop_at_first=True)
    assert model.expected_orders(12.0, *columns).sum() == pytest.approx(later.sum(), rel=0.05)


def test_the_regular_variant_is_likelier_to_tell_who_is_gone_among_regular_buyers():
    """With one order after another like clockwork, a short silence says much."""
    *columns, later = simulate(2_000, 24.0, np.random.default_rng(1), regularity=3)
    errors = []
    for regularity in (1, 3):
        model = fit_purchases(*columns, regularity, may_stop_at_first=True)
        errors.append(np.abs(model.expected_orders(12.0, *columns) - later).mean())
    assert errors[1] < errors[0]


def test_customers_without_age_and_none_at_all_give_a_usable_model():
    nothing = (np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    for columns in (nothing, (np.zeros(3, dtype=np.int64), np.zeros(3), np.zeros(3))):
        model = fit_purchases(*columns)
        assert np.isfinite(model.expected_orders(12.0, *ONE)).all()


@pytest.mark.parametrize(
    ("x", "recency", "age"), [(0, 0.0, 0.0), (5_000, 24.0, 24.0), (1, 0.0, 9.0)]
)
def test_extreme_customers_have_finite_answers(x, recency, age):
    columns = (np.array([x]), np.array([recency]), np.array([age]))
    for model in (
        MODEL,
        PurchaseModel(0.01, 0.001, 1.0, 0.01, 3, True),
        PurchaseModel(1, 1, 1e-3, 900),
    ):
        assert 0 <= model.alive_share(*columns)[0] <= 1
        assert 0 <= model.expected_orders(12.0, *columns)[0] < np.inf
