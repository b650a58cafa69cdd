"""
How often an account would order if nobody visited it: its own count, shrunk to its like.

Counts are Poisson with rate x exposure, rates vary between the accounts of a segment by a gamma
distribution: the counts are negative binomial, and the mean rate given a count is
(shape + count) / (shape / mean + exposure).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

MIN_ACCOUNTS = 20
"""A group of fewer accounts goes by all of them together."""

SHAPE_LIMITS = (0.05, 200.0)


@dataclass(frozen=True, slots=True, eq=False)
class OrderRates:
    """
    How rates vary between the accounts of S groups, and of all in the last place.

    Parameters
    ----------
    shape
        (S + 1,) float64, of the gamma distribution; what an account's own history counts against.
    mean_per_month
        (S + 1,) float64, orders at no visit.
    """

    shape: NDArray[np.float64]
    mean_per_month: NDArray[np.float64]

    def expected(
        self, count: NDArray[np.int64], exposure: NDArray[np.float64], group: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Orders a month without visits, (n,), given counts and exposures in months."""
        shape, mean = self.shape[group], self.mean_per_month[group]
        return np.asarray((shape + count) / (shape / mean + exposure))


def fit_order_rates(
    count: NDArray[np.int64],
    exposure: NDArray[np.float64],
    group: NDArray[np.int64],
    group_count: int,
) -> OrderRates:
    """Most likely distribution of rates in each group of at least `MIN_ACCOUNTS` accounts."""
    usable = exposure > 0
    count, exposure, group = count[usable], exposure[usable], group[usable]
    every = _fit(count, exposure)
    found = [
        _fit(count[rows], exposure[rows]) if rows.sum() >= MIN_ACCOUNTS else every
        for rows in (group == index for index in range(group_count))
    ]
    shape, mean = zip(*found, every, strict=True)
    return OrderRates(np.array(shape), np.array(mean))


def _fit(count: NDArray[np.int64], exposure: NDArray[np.float64]) -> tuple[float, float]:
    """Shape and mean that make negative binomial counts most likely."""
    total = exposure.sum()
    if len(count) == 0 or count.sum() == 0:
        # One order in twice the time that was seen: rarer than anything that could be told.
        return 1.0, 0.5 / max(float(total), 1.0)
    values, repeats = np.unique(
        np.column_stack([count, np.round(exposure, 6)]), axis=0, return_counts=True
    )
    orders, months = values[:, 0], values[:, 1]

    def minus_log_likelihood(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shape, mean = np.exp(at)
        expected = mean * months
        value = (
            gammaln(shape + orders)
            - gammaln(shape)
            + shape * np.log(shape / (shape + expected))
            + orders * np.log(expected / (shape + expected))
        )
        d_shape = (
            psi(shape + orders)
            - psi(shape)
            + np.log(shape / (shape + expected))
            + (expected - orders) / (shape + expected)
        )
        d_mean = orders / mean - months * (shape + orders) / (shape + expected)
        gradient = np.array([shape * (repeats @ d_shape), mean * (repeats @ d_mean)])
        return -float(repeats @ value), -gradient

    start = np.log([1.0, count.sum() / total])
    low, high = np.log(SHAPE_LIMITS)
    found = minimize(
        minus_log_likelihood,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(low, high), (start[1] - 10, start[1] + 10)],
    )
    shape, mean = np.exp(found.x)
    return float(shape), float(mean)
