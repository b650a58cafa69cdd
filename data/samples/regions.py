"""Where the reps live, and today's regions: uneven ones, made of three-digit postcode areas."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.samples.germany import read_postcodes
from data.samples.markets import Market
from data.samples.truth import (
    MIN_ACCOUNTS_PER_REP,
    PINNED_HOMES,
    REGION_NOISE_LOG_SD,
    REPS,
)

HOME_SPREAD_KM = 12.0
"""Homes lie about this far from the middle of an even share of the people."""

LLOYD_ROUNDS, BALANCE_STEPS, NEAREST_CENTRES = 12, 25, 24
DRAWS_PER_CENTRES, MAX_DRAWS = 10, 500


def draw_regions(
    market: Market, account_postcode: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Homes and owners, drawn again until every rep owns `MIN_ACCOUNTS_PER_REP` accounts.

    Parameters
    ----------
    account_postcode
        (n,) int64, row of each account's postcode.

    Returns
    -------
    (r,) int64
        Row of the postcode where each rep lives.
    (n,) int64
        Index of the rep who owns each account.
    """
    for draw in range(MAX_DRAWS):
        if draw % DRAWS_PER_CENTRES == 0:
            centres_km = balanced_centres(market.xy_km, market.people, REPS, rng)
        homes = _draw_homes(market, centres_km, rng)
        owner = _nearest_home(market, homes, rng)[account_postcode]
        if np.bincount(owner, minlength=REPS).min() >= MIN_ACCOUNTS_PER_REP:
            return homes, owner
    raise AssertionError(f"No regions of {MIN_ACCOUNTS_PER_REP} accounts in {MAX_DRAWS} draws.")


def balanced_centres(
    xy_km: NDArray[np.float64],
    weight: NDArray[np.float64],
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """
    Centres of regions of about equal weight, (count, 2).

    A centroidal power diagram: each point goes to the centre whose squared distance less the
    centre's offset is smallest; offsets grow where weight is missing, then centres move to the
    centroids. After Aurenhammer, Hoffmann & Aronov (1998), Minkowski-type theorems and
    least-squares clustering.
    """
    centres = xy_km[rng.choice(len(xy_km), count, replace=False, p=weight / weight.sum())]
    target = weight.sum() / count
    offset = np.zeros(count)
    for _ in range(LLOYD_ROUNDS):
        tree = cKDTree(centres)
        near = tree.query(xy_km, k=min(count, NEAREST_CENTRES))[1]
        squared = ((xy_km[:, None] - centres[near]) ** 2).sum(axis=-1)
        step = tree.query(centres, k=2)[0][:, 1] ** 2 / 4
        for _ in range(BALANCE_STEPS):
            choice = (squared - offset[near]).argmin(axis=1)
            region = near[np.arange(len(near)), choice]
            missing = 1 - np.bincount(region, weight, count) / target
            offset += step * np.clip(missing, -1, 1)
        total = np.bincount(region, weight, count)
        sums = np.column_stack([np.bincount(region, weight * axis, count) for axis in xy_km.T])
        centres = np.where(total[:, None] > 0, sums / np.maximum(total, 1)[:, None], centres)
    return centres


def _draw_homes(
    market: Market, centres_km: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """A populated postcode near each centre, all different, the pinned ones among them."""
    codes = read_postcodes().code
    pinned = [codes.index(code) for code in PINNED_HOMES]
    free = np.ones(len(codes), dtype=bool)
    free[pinned] = False
    homes = np.full(len(centres_km), -1, dtype=np.int64)
    for home in pinned:
        distance = np.hypot(*(centres_km - market.xy_km[home]).T)
        homes[np.where(homes < 0, distance, np.inf).argmin()] = home
    for i in np.flatnonzero(homes < 0):
        distance = np.hypot(*(market.xy_km - centres_km[i]).T)
        chance = np.where(free, market.people * np.exp(-((distance / HOME_SPREAD_KM) ** 2)), 0)
        homes[i] = rng.choice(len(codes), p=chance / chance.sum())
        free[homes[i]] = False
    return homes


def _nearest_home(
    market: Market, homes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rep of each postcode: the nearest to the middle of its area, by a biased eye."""
    prefixes = np.array([code[:3] for code in read_postcodes().code])
    _, area = np.unique(prefixes, return_inverse=True)
    sums_km = np.column_stack([np.bincount(area, axis) for axis in market.xy_km.T])
    middle = sums_km / np.bincount(area)[:, None]
    distance = np.hypot(*np.moveaxis(middle[:, None] - market.xy_km[homes], -1, 0))
    bias = np.exp(rng.normal(0, REGION_NOISE_LOG_SD, len(homes)))
    return np.asarray((distance * bias).argmin(axis=1)[area])
