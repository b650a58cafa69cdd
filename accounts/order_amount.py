"""
What an order of an account is worth: its own mean, shrunk to its like (Gamma-Gamma).

Amounts of an account are gamma with shape p, and their scale varies between accounts, so that the
mean expected given x orders of mean m is p (gamma + x m) / (p x + q - 1). After Fader & Hardie
(2013), The gamma-gamma model of monetary value. Amounts are taken relative to the typical one of
the segment first: segments differ by far more than one distribution holds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

MIN_ACCOUNTS = 20

TYPICAL_SHAPES = (4.0, 4.0)
"""p and q where too few accounts order to tell."""

LOG_LIMITS = ((-2.3, 6.9), (0.2, 6.9), (-6.9, 9.2))
"""Of p, q and gamma; q above 1.2, or else the mean of all accounts would be infinite."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderAmounts:
    """
    How amounts vary.

    Parameters
    ----------
    p, q, gamma
        Of the relative amounts.
    scale_eur
        (S + 1,) float64, typical amount of each segment, and of all in the last place.
    """

    p: float
    q: float
    gamma: float
    scale_eur: NDArray[np.float64]

    def expected_eur(
        self, count: NDArray[np.int64], mean_eur: NDArray[np.float64], group: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Mean amount of the orders to come, (n,), given number and mean of those seen."""
        scale = self.scale_eur[group]
        seen = count * np.where(count > 0, mean_eur, 0.0) / scale
        return np.asarray(scale * self.p * (self.gamma + seen) / (self.p * count + self.q - 1))

    def relative_sd(self, count: NDArray[np.int64]) -> NDArray[np.float64]:
        """Standard deviation of the logarithm of the mean amount given so many orders, (n,)."""
        return np.asarray(1 / np.sqrt(self.p * count + self.q))


def fit_order_amounts(
    count: NDArray[np.int64],
    mean_eur: NDArray[np.float64],
    group: NDArray[np.int64],
    group_count: int,
) -> OrderAmounts:
    """Most likely distribution of amounts, from accounts with at least one order."""
    usable = (count > 0) & (mean_eur > 0) & np.isfinite(mean_eur)
    count, mean_eur, group = count[usable], mean_eur[usable], group[usable]
    if not len(count):
        p, q = TYPICAL_SHAPES
        return OrderAmounts(p, q, (q - 1) / p, np.ones(group_count + 1))
    log_mean = np.log(mean_eur)
    every = float(np.exp(log_mean.mean()))
    scale = [
        float(np.exp(log_mean[rows].mean())) if rows.sum() >= MIN_ACCOUNTS else every
        for rows in (group == index for index in range(group_count))
    ]
    scale_eur = np.array([*scale, every])
    if len(count) < MIN_ACCOUNTS:
        p, q = TYPICAL_SHAPES
        return OrderAmounts(p, q, (q - 1) / p, scale_eur)
    p, q, gamma = fit_gamma_gamma(count, mean_eur / scale_eur[group])
    return OrderAmounts(p, q, gamma, scale_eur)


def fit_gamma_gamma(
    count: NDArray[np.int64], mean: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Most likely p, q and gamma; all counts above 0."""

    def minus_log_likelihood(at: NDArray[np.float64]) -> float:
        p, q, gamma = np.exp(at)
        value = (
            gammaln(p * count + q)
            - gammaln(p * count)
            - gammaln(q)
            + q * np.log(gamma)
            + (p * count - 1) * np.log(mean)
            + p * count * np.log(count)
            - (p * count + q) * np.log(gamma + mean * count)
        )
        return -float(value.mean())

    p, q = TYPICAL_SHAPES
    start = np.log([p, q, (q - 1) / p * float(np.mean(mean))])
    found = minimize(
        minus_log_likelihood,
        np.clip(start, *np.transpose(LOG_LIMITS)),
        method="L-BFGS-B",
        bounds=LOG_LIMITS,
    )
    p, q, gamma = np.exp(found.x).tolist()
    return p, q, gamma
