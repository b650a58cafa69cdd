"""The generated sample keeps what `docs/sample.md` promises."""

import hashlib
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from accounts.account import STATUSES, Status
from accounts.engagement import PROGRAMME, Channel
from data.samples import truth
from data.samples.calendar import EPOCH_DAY, history_before, public_holidays, weekday_index
from data.samples.describe import conditional_beta, mainland, monthly_counts, pooled_beta
from data.samples.generate import RECENT_DAYS, Sample, generate
from data.samples.germany import read_postcodes, read_roads
from data.samples.opening import PATTERNS
from geo import great_circle_m

TODAY = date(2026, 11, 16)
TODAY_DAY = TODAY.toordinal() - EPOCH_DAY


@pytest.fixture(scope="module")
def sample() -> Sample:
    return generate(TODAY, seed=1)


def postcode_rows(sample: Sample) -> NDArray[np.int64]:
    """Row of each account's postcode in `read_postcodes()`."""
    row_of = {code: row for row, code in enumerate(read_postcodes().code)}
    return np.array([row_of[code] for code in sample.customers.sites.postcode])


def test_sizes_are_those_promised(sample: Sample) -> None:
    assert len(sample.customers) == 24_000
    assert len(sample.reps) == 60
    assert 70_000 < len(sample.visits.day) < 110_000
    assert 150_000 < len(sample.orders.day) < 230_000


def test_same_day_and_seed_give_the_same_data(sample: Sample) -> None:
    assert _digest(generate(TODAY, seed=1)) == _digest(sample)


def test_another_seed_or_day_gives_other_data(sample: Sample) -> None:
    digests = {_digest(sample), _digest(generate(TODAY, 2)), _digest(generate(date(2026, 6, 1), 1))}
    assert len(digests) == 3


def test_a_day_that_is_no_monday_is_refused() -> None:
    with pytest.raises(ValueError, match="reference_monday"):
        generate(date(2026, 11, 17), seed=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_largest_percent_holds_15_to_20_percent_of_the_potential(seed: int) -> None:
    potential = np.sort(generate(TODAY, seed).customers.potential_eur)[::-1]
    assert 0.15 < potential[:240].sum() / potential.sum() < 0.20


def test_accounts_lie_near_their_postcode(sample: Sample) -> None:
    customers, postcodes = sample.customers, read_postcodes()
    rows = postcode_rows(sample)
    sites = customers.sites
    away_m = great_circle_m(sites.lon, sites.lat, postcodes.lon[rows], postcodes.lat[rows])
    assert away_m.max() < 3_100
    assert len(np.unique(rows)) > 5_000


def test_accounts_follow_the_population(sample: Sample) -> None:
    towns = np.array(read_postcodes().place)[postcode_rows(sample)]
    share = {town: np.char.startswith(towns, town).mean() for town in ("Berlin", "Kassel")}
    assert 0.03 < share["Berlin"] < 0.05  # 3.4 of 81 million
    assert 0.0015 < share["Kassel"] < 0.004  # 0.2 of 81 million


def test_a_few_accounts_are_on_islands_without_a_road(sample: Sample) -> None:
    node = read_roads().postcode_node[postcode_rows(sample)]
    assert 5 <= (~mainland()[node]).sum() <= 60


def test_names_differ_and_are_not_overlong(sample: Sample) -> None:
    names = sample.customers.name
    assert len(set(names)) > 0.99 * len(names)
    assert all(5 <= len(name) <= 100 and name == name.strip() for name in names)
    assert len({rep.name for rep in sample.reps}) == len(sample.reps)


def test_status_is_what_the_orders_say(sample: Sample) -> None:
    last = np.full(len(sample.customers), -1)
    np.maximum.at(last, sample.orders.account, sample.orders.day)
    expected = np.where(last < 0, 0, np.where(last >= TODAY_DAY - RECENT_DAYS, 1, 2))
    assert STATUSES == (Status.PROSPECT, Status.CUSTOMER, Status.INACTIVE)
    np.testing.assert_array_equal(sample.status, expected)
    assert np.bincount(sample.status).min() > 1_000


def test_segment_is_that_of_the_expected_revenue_for_customers_and_zero_for_others(
    sample: Sample,
) -> None:
    is_customer = sample.status == STATUSES.index(Status.CUSTOMER)
    assert (sample.segment[~is_customer] == 0).all()
    limits = [*(part.revenue_from_eur for part in PROGRAMME), np.inf]
    for index in range(1, len(PROGRAMME)):
        expected = sample.customers.expected_eur[sample.segment == index]
        assert len(expected) > 0
        assert expected.min() >= limits[index]
        assert expected.max() < limits[index + 1]


def test_prospects_have_potential_and_nearly_all_never_meant_to_buy(sample: Sample) -> None:
    """The others were lost before their first order."""
    is_prospect = sample.status == STATUSES.index(Status.PROSPECT)
    assert (sample.customers.expected_eur[is_prospect] == 0).mean() > 0.95
    assert sample.customers.potential_eur[is_prospect].min() >= 1


def test_revenue_comes_near_the_expected_one(sample: Sample) -> None:
    """Below it, since reps are short of time and some accounts are lost."""
    years = history_before(TODAY, 24).month_share.sum() / 12
    revenue_eur = sample.orders.amount_cents.sum() / 100 / years
    assert 0.85 < revenue_eur / sample.customers.expected_eur.sum() < 1.0


def test_field_visits_take_30_to_60_minutes_and_key_accounts_longer(sample: Sample) -> None:
    minutes = sample.customers.service_duration_s / 60
    is_field = np.array([part.channel is Channel.FIELD for part in PROGRAMME])
    of_field = is_field[sample.customers.segment]
    assert set(np.unique(minutes[of_field])) == {30, 45, 60}
    assert set(np.unique(minutes[~of_field])) == {75, 90}


def test_every_kind_of_opening_hours_occurs(sample: Sample) -> None:
    count = np.bincount(sample.customers.opening_hours, minlength=len(PATTERNS))
    assert count.min() > 200
    two_windows = [i for i, week in enumerate(PATTERNS) if len(week) > 6]
    closed_on_monday = [i for i, week in enumerate(PATTERNS) if week[0].weekday == 2]
    assert count[two_windows].sum() > 2_000
    assert count[closed_on_monday].sum() > 500


def test_visits_are_on_working_days_before_today(sample: Sample) -> None:
    day = sample.visits.day
    assert weekday_index(day).max() <= 4
    assert history_before(TODAY, 24).first_day <= day.min()
    assert day.max() < TODAY_DAY
    holidays = {
        d.toordinal() - EPOCH_DAY for year in (2024, 2025, 2026) for d in public_holidays(year)
    }
    assert not holidays & set(day.tolist())


def test_visits_begin_while_the_account_is_open(sample: Sample) -> None:
    visits = sample.visits
    offset_s = np.where(_is_summer(visits.day), 7200, 3600)
    local_s = visits.start_utc_s + offset_s - visits.day * 86_400
    for pattern, week in enumerate(PATTERNS):
        rows = sample.customers.opening_hours[visits.account] == pattern
        is_open = np.zeros(rows.sum(), dtype=bool)
        for window in week:
            is_open |= (
                (weekday_index(visits.day[rows]) == window.weekday - 1)
                & (local_s[rows] >= window.opens_s)
                & (local_s[rows] <= window.closes_s)
            )
        assert is_open.all()


def test_orders_are_on_working_days_before_today_and_worth_something(sample: Sample) -> None:
    assert weekday_index(sample.orders.day).max() <= 4
    assert sample.orders.day.max() < TODAY_DAY
    assert sample.orders.amount_cents.min() >= 100
    share = sample.orders.margin_cents.sum() / sample.orders.amount_cents.sum()
    # A few accounts hold much of the revenue, so that their margins move the mean a little.
    assert share == pytest.approx(truth.MARGIN_SHARE, abs=0.005)


def test_margins_vary_between_accounts_and_a_few_stand_out(sample: Sample) -> None:
    orders = sample.orders
    margin, amount = (
        np.bincount(orders.account, cents, minlength=len(sample.customers))
        for cents in (orders.margin_cents, orders.amount_cents)
    )
    bought = amount > 0
    share = margin[bought] / amount[bought]
    np.testing.assert_allclose(share, sample.margin_share[bought], atol=0.005)
    off = np.abs(share - truth.MARGIN_SHARE)
    assert 0.002 < (off > 4 * truth.MARGIN_SD).mean() < 0.006
    assert np.median(off) == pytest.approx(0.6745 * truth.MARGIN_SD, rel=0.05)
    assert share.min() > 0
    assert share.max() < 0.6


def test_reps_do_what_a_rep_can_do(sample: Sample) -> None:
    years = history_before(TODAY, 24).month_share.sum() / 12
    per_year = np.bincount(sample.visits.rep, minlength=60) / years
    assert per_year.max() < 1.1 * truth.VISITS_PER_REP_YEAR


def test_visits_are_made_by_the_owner(sample: Sample) -> None:
    np.testing.assert_array_equal(sample.visits.rep, sample.owner[sample.visits.account])


def test_good_customers_are_visited_more_often(sample: Sample) -> None:
    interval = [np.median(sample.visit_interval_days[sample.segment == s]) for s in range(6)]
    assert interval == sorted(interval, reverse=True)


@pytest.mark.parametrize("seed", [1, 5, 8])
def test_true_response_is_found_within_accounts(seed: int) -> None:
    """In the segments with enough accounts, within three standard errors and 0.05."""
    sample = generate(TODAY, seed)
    visits, orders = monthly_counts(sample)
    exposure = history_before(TODAY, truth.HISTORY_MONTHS).month_share
    for segment in (1, 2, 3):
        rows = sample.segment == segment
        beta, error = conditional_beta(visits[rows], orders[rows], exposure)
        deviation = abs(beta - truth.SEGMENT_TRUTHS[segment].beta)
        assert deviation < min(0.05, 3 * error), PROGRAMME[segment].name


def test_comparing_accounts_overstates_the_response(sample: Sample) -> None:
    visits, orders = monthly_counts(sample)
    assert pooled_beta(visits[sample.segment > 0], orders[sample.segment > 0]) > 1.0


def test_shuffled_visits_show_no_response(sample: Sample) -> None:
    visits, orders = monthly_counts(sample)
    rows = sample.segment == 2
    exposure = history_before(TODAY, truth.HISTORY_MONTHS).month_share
    whole = exposure == 1.0
    shuffled = np.random.default_rng(0).permuted(visits[rows][:, whole], axis=1)
    beta, error = conditional_beta(shuffled, orders[rows][:, whole], exposure[whole])
    assert abs(beta) < 3 * error


def test_conditional_estimate_by_hand() -> None:
    """
    One account, one month without a visit and one with: given 30 orders, 20 of them in the month
    with the visit, 2 ** beta = 20 / 10, so beta = 1 and its error is 1 / sqrt(30 x 2/9 x ln(2)^2).
    """
    beta, error = conditional_beta(np.array([[0, 1]]), np.array([[10, 20]]), np.ones(2))
    assert beta == pytest.approx(1.0, abs=1e-4)
    assert error == pytest.approx((30 * 2 / 9 * np.log(2) ** 2) ** -0.5, rel=1e-3)


def test_lost_accounts_neither_order_nor_are_visited_for_a_year(sample: Sample) -> None:
    is_inactive = sample.status == STATUSES.index(Status.INACTIVE)
    last_visit = np.full(len(sample.customers), -1)
    np.maximum.at(last_visit, sample.visits.account, sample.visits.day)
    gone = is_inactive & (last_visit < TODAY_DAY - RECENT_DAYS)
    assert gone.sum() > 0.6 * is_inactive.sum(), "the others paused"


def _digest(value: Any) -> str:
    """Of everything in a sample, by content."""
    found = hashlib.sha256()

    def add(part: Any) -> None:
        if isinstance(part, np.ndarray):
            found.update(part.tobytes())
        elif is_dataclass(part):
            for field in fields(part):
                found.update(field.name.encode())
                add(getattr(part, field.name))
        else:
            found.update(repr(part).encode())

    add(value)
    return found.hexdigest()


def _is_summer(day: np.ndarray) -> np.ndarray:
    """Summer time from the last Sunday of March to the last Sunday of October."""
    periods = [
        (date(2024, 3, 31), date(2024, 10, 27)),
        (date(2025, 3, 30), date(2025, 10, 26)),
        (date(2026, 3, 29), date(2026, 10, 25)),
    ]
    summer = np.zeros(len(day), dtype=bool)
    for begin, end in periods:
        summer |= (day >= begin.toordinal() - EPOCH_DAY) & (day < end.toordinal() - EPOCH_DAY)
    return summer
