"""
How often an account would order if nobody visited it: its own count, shrunk to its like.

Counts are Poisson with rate x exposure, and rates of accounts of one size vary by a gamma
distribution: the counts are negative binomial, and the mean rate given a count is
(shape + count) / (shape / mean + exposure). The mean goes with a power of the potential, and not
with the segment: segments are drawn by past revenue, so that what chance had given an account it
would be given twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

SHAPE_LIMITS = (0.05, 200.0)

RIDGE = 1e-3
"""On all but the mean rate, in accounts: keeps slopes at 0 where all potentials are alike."""


@dataclass(frozen=True, slots=True)
class OrderRates:
    """
    How rates vary between accounts.

    Parameters
    ----------
    shape
        Of the gamma distribution; what an account's own history counts against.
    coefficient
        Of the features of `accounts.value_features.size_features`, for the logarithm of the mean
        orders a month without visits.
    """

    shape: float
    coefficient: tuple[float, ...]

    def expected(
        self,
        count: NDArray[np.int64],
        exposure: NDArray[np.float64],
        features: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Orders a month without visits, (n,), given counts and exposures in months."""
        mean = np.exp(features @ np.array(self.coefficient))
        return np.asarray((self.shape + count) / (self.shape / mean + exposure))


def fit_order_rates(
    count: NDArray[np.int64], exposure: NDArray[np.float64], features: NDArray[np.float64]
) -> OrderRates:
    """
    Most likely distribution of rates.

    Parameters
    ----------
    features
        (n, f) float64, the first all 1.
    """
    usable = exposure > 0
    count, months, x = count[usable], exposure[usable], features[usable]
    if len(count) == 0 or count.sum() == 0:
        # One order in twice the time that was seen: rarer than anything that could be told.
        rare = np.log(0.5 / max(float(months.sum()), 1.0))
        return OrderRates(1.0, (float(rare), *(0.0,) * (features.shape[1] - 1)))

    def minus_log_likelihood(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shape, slope = np.exp(at[0]), at[1:]
        expected = np.exp(np.clip(x @ slope, -30, 30)) * months
        whole = shape + expected
        value = gammaln(shape + count) - gammaln(shape)
        value += shape * np.log(shape / whole) + count * np.log(expected / whole)
        by_shape = psi(shape + count) - psi(shape) + np.log(shape / whole)
        by_shape += (expected - count) / whole
        by_log_mean = count - expected * (shape + count) / whole
        gradient = np.append(shape * by_shape.sum(), (by_log_mean[:, None] * x).sum(axis=0))
        penalty = np.append(0.0, RIDGE * slope)
        penalty[1] = 0.0
        total = float(value.sum()) - 0.5 * float(penalty[1:] @ slope)
        return -total / len(count), -(gradient - penalty) / len(count)

    start = np.zeros(1 + x.shape[1])
    start[1] = np.log(count.sum() / months.sum())
    low, high = np.log(SHAPE_LIMITS)
    found = minimize(
        minus_log_likelihood,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(low, high), *[(-20.0, 20.0)] * x.shape[1]],
        options={"ftol": 1e-11},
    )
    return OrderRates(float(np.exp(found.x[0])), tuple(found.x[1:].tolist()))
