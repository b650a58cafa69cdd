"""Generates the accounts: where they are, what they could buy and what they do buy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.engagement import PROGRAMME
from data.samples import truth
from data.samples.calendar import DAYS_PER_YEAR
from data.samples.germany import read_postcodes
from data.samples.markets import Market, scatter
from data.samples.names import KIND_CHANCE, TRADES, company_names
from data.samples.opening import draw_patterns


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """
    Where accounts are; n of them.

    Parameters
    ----------
    lon, lat
        (n,) float64, degrees.
    postcode, town
        Of length n.
    name
        Of length n, or None where names are to be invented.
    trade_kind
        (n,) int64, `CRAFT` and the like of `data.samples.names`; None: to be invented, too.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    postcode: tuple[str, ...]
    town: tuple[str, ...]
    name: tuple[str, ...] | None = None
    trade_kind: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """
    Accounts with the truth about them, in the order of their sites; n of them.

    Parameters
    ----------
    sites
        Where they are.
    name
        Of length n.
    potential_eur
        (n,) float64, whole euros a year.
    buys
        (n,) bool, whether it ever bought within the history.
    expected_eur
        (n,) float64, yearly revenue at the cadence of its segment; 0 where it does not buy.
    segment
        (n,) uint8, by `expected_eur`.
    beta
        (n,) float64, response to visits.
    interval_days
        (n,) float64, cadence wanted, before a rep's time is short.
    rate_per_month, amount_eur
        (n,) float64, orders in a month without visits and the mean amount of one.
    service_duration_s
        (n,) int64.
    opening_hours
        (n,) int64, into `data.samples.opening.PATTERNS`.
    """

    sites: Sites
    name: tuple[str, ...]
    potential_eur: NDArray[np.float64]
    buys: NDArray[np.bool_]
    expected_eur: NDArray[np.float64]
    segment: NDArray[np.uint8]
    beta: NDArray[np.float64]
    interval_days: NDArray[np.float64]
    rate_per_month: NDArray[np.float64]
    amount_eur: NDArray[np.float64]
    service_duration_s: NDArray[np.int64]
    opening_hours: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sites)


def draw_sites(market: Market, rng: np.random.Generator) -> tuple[Sites, NDArray[np.int64]]:
    """`truth.ACCOUNTS` sites sorted by postcode, and the row of each one's postcode."""
    chance = market.people / market.people.sum()
    rows = np.sort(rng.choice(len(chance), truth.ACCOUNTS, p=chance))
    lon, lat = scatter(market, rows, rng)
    postcodes = read_postcodes()
    code = tuple(postcodes.code[row] for row in rows)
    return Sites(lon, lat, code, tuple(postcodes.place[row] for row in rows)), rows


def draw_customers(sites: Sites, rng: np.random.Generator) -> Customers:
    """Generate an account at each site."""
    n = len(sites)
    potential_eur, key_rows = _draw_potential(n, rng)
    buys = rng.random(n) < buyer_chance(potential_eur)
    penetration = rng.beta(*truth.PENETRATION_BETA, n)
    penetration[key_rows] = rng.beta(*truth.KEY_PENETRATION_BETA, len(key_rows))
    buys[key_rows] = True
    expected_eur = np.where(buys, potential_eur * penetration, 0.0)
    limits = [segment.revenue_from_eur for segment in PROGRAMME[1:]]
    segment = np.digitize(expected_eur, limits)
    beta = np.array([part.beta for part in truth.SEGMENT_TRUTHS])[segment]

    cadence_days = np.array([part.visit_interval_days for part in PROGRAMME], dtype=np.float64)
    interval_days = cadence_days[segment] * rng.lognormal(0, truth.INTERVAL_LOG_SD, n)
    visits_per_month = DAYS_PER_YEAR / 12 / interval_days
    # The expected revenue is the one at the wanted cadence.
    base_eur = expected_eur / 12 / (1 + visits_per_month) ** beta
    rate = _draw_rate(expected_eur, rng)
    rate_per_month = np.where(buys, rate, 0.0)
    amount_eur = np.where(buys, base_eur / rate, 0.0)

    kind, name = sites.trade_kind, sites.name
    if kind is None or name is None:
        kinds = np.array([trade.kind for trade in TRADES])
        trade_chance = np.array(KIND_CHANCE)[kinds] / np.bincount(kinds)[kinds]
        trade = rng.choice(len(TRADES), n, p=trade_chance)
        kind, name = kinds[trade], company_names(trade, potential_eur, sites.town, rng)
    return Customers(
        sites=sites,
        name=name,
        potential_eur=potential_eur,
        buys=buys,
        expected_eur=expected_eur,
        segment=segment.astype(np.uint8),
        beta=beta,
        interval_days=interval_days,
        rate_per_month=rate_per_month,
        amount_eur=amount_eur,
        service_duration_s=_draw_service(segment, rng),
        opening_hours=draw_patterns(kind, rng),
    )


def buyer_chance(potential_eur: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that an account buys at all: larger ones are worked on harder."""
    decades = np.log10(potential_eur / truth.POTENTIAL_MEDIAN_EUR)
    chance = truth.BUYER_SHARE + truth.BUYER_SHARE_PER_DECADE * decades
    return np.clip(chance, *truth.BUYER_SHARE_LIMITS)


def _draw_potential(
    n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Potential in whole euros, and the rows of the key accounts."""
    potential = rng.lognormal(np.log(truth.POTENTIAL_MEDIAN_EUR), truth.POTENTIAL_LOG_SD, n)
    keys = min(n, max(1, round(truth.KEY_ACCOUNTS * n / truth.ACCOUNTS)))
    key_rows = rng.choice(n, keys, replace=False)
    # One draw in each slice of the distribution: a few free draws from so heavy a tail would
    # make the share of the largest accounts a matter of the seed.
    slices = (np.arange(keys) + rng.random(keys)) / keys
    tail = (1 - slices) ** (-1 / truth.KEY_POTENTIAL_PARETO)
    potential[key_rows] = truth.KEY_POTENTIAL_FROM_EUR * tail
    return np.rint(np.clip(potential, 1, truth.POTENTIAL_CAP_EUR)), key_rows


def _draw_rate(expected_eur: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    size = np.maximum(expected_eur, 500.0) / 10_000.0
    shape = truth.RATE_GAMMA_SHAPE
    scatter_factor = rng.gamma(shape, 1 / shape, len(expected_eur))
    rate = truth.RATE_AT_10K * size**truth.RATE_REVENUE_EXPONENT * scatter_factor
    return np.clip(rate, *truth.RATE_LIMITS)


def _draw_service(segment: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    minutes = np.zeros(len(segment), dtype=np.int64)
    for index, part in enumerate(truth.SEGMENT_TRUTHS):
        rows = np.flatnonzero(segment == index)
        minutes[rows] = rng.choice(part.service_minutes, len(rows))
    return minutes * 60
