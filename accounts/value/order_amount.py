"""
What an order of an account is worth: its own mean, shrunk to its like (Gamma-Gamma).

Amounts of an account are gamma with shape p, and their scale varies between accounts, so that the
mean expected given x orders of mean m is p (gamma + x m) / (p x + q - 1). After Fader & Hardie
(2013), The gamma-gamma model of monetary value, with two changes. Amounts are taken relative to
what is usual at the account's potential. And p comes from how the orders of each account differ
from one another: estimated from the means alone it makes up for accounts differing by more than a
gamma distribution allows, and an account's own orders then count far too little (p = 0.8 where
the truth is 4).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import gammaln, psi

MIN_ACCOUNTS = 20

TYPICAL_SHAPES = (4.0, 4.0)
"""p and q where too few accounts order to tell."""

P_LIMITS = (0.1, 1000.0)
LOG_LIMITS = (tuple(np.log(P_LIMITS)), (0.2, 6.9), (-9.2, 9.2))
"""Of p, q and gamma; q above 1.2, or else the mean of all accounts would be infinite."""

RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """
    How amounts vary.

    Parameters
    ----------
    p, q, gamma
        Of the relative amounts.
    coefficient
        Of the features of `accounts.value.features.size_features`, for the logarithm of the usual
        amount in the currency of the data set.
    """

    p: float
    q: float
    gamma: float
    coefficient: tuple[float, ...]

    def expected_eur(
        self,
        count: NDArray[np.int64],
        mean_eur: NDArray[np.float64],
        features: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Mean amount of the orders to come, (n,), given number and mean of those seen."""
        usual = np.exp(features @ np.array(self.coefficient))
        seen = count * np.where(count > 0, mean_eur, 0.0) / usual
        return np.asarray(usual * self.p * (self.gamma + seen) / (self.p * count + self.q - 1))

    def relative_sd(self, count: NDArray[np.int64]) -> NDArray[np.float64]:
        """Standard deviation of the logarithm of the mean amount given so many orders, (n,)."""
        return np.asarray(1 / np.sqrt(self.p * count + self.q))


def fit_order_amounts(
    row: NDArray[np.int64], amount_eur: NDArray[np.float64], features: NDArray[np.float64]
) -> OrderAmounts:
    """
    Most likely distribution of amounts.

    Parameters
    ----------
    row, amount_eur
        (m,) account and amount of each order; all amounts above 0.
    features
        (n, f) float64 of the accounts, the first all 1.
    """
    n = len(features)
    count = np.bincount(row, minlength=n)
    used = np.flatnonzero(count)
    p, q = TYPICAL_SHAPES
    if not len(used):
        return OrderAmounts(p, q, (q - 1) / p, (0.0,) * features.shape[1])
    mean = np.bincount(row, amount_eur, minlength=n)[used] / count[used]
    mean_log = np.bincount(row, np.log(amount_eur), minlength=n)[used] / count[used]
    x, log_mean = features[used], np.log(mean)
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 0.0
    normal = np.einsum("if,ig->fg", x, x) + np.diag(penalty)
    coefficient = np.linalg.solve(normal, np.einsum("if,i->f", x, log_mean))
    if len(used) >= MIN_ACCOUNTS:
        relative = np.exp(log_mean - (x * coefficient).sum(axis=1))
        p = within_shape(count[used], log_mean - mean_log)
        p, q, gamma = fit_gamma_gamma(count[used], relative, p)
    else:
        gamma = (q - 1) / p
    return OrderAmounts(p, q, gamma, tuple(coefficient.tolist()))


def within_shape(count: NDArray[np.int64], spread: NDArray[np.float64]) -> float:
    """
    Shape of the gamma distribution of the amounts of one account, from many accounts.

    Parameters
    ----------
    count
        (n,) int64, orders of each account; one alone says nothing.
    spread
        (n,) float64, logarithm of the mean less the mean of the logarithms. Of x amounts it is
        psi(p x) - log(p x) - psi(p) + log(p) on average.
    """
    several = count > 1
    orders, seen = count[several], float(count[several] @ spread[several])
    if not several.any():
        return TYPICAL_SHAPES[0]
    values, repeats = np.unique(orders, return_counts=True)

    def excess(log_p: float) -> float:
        p = float(np.exp(log_p))
        expected = psi(p * values) - np.log(p * values) - psi(p) + np.log(p)
        return float((repeats * values) @ expected) - seen

    low, high = LOG_LIMITS[0]
    if excess(low) <= 0:
        return P_LIMITS[0]
    if excess(high) >= 0:
        return P_LIMITS[1]
    return float(np.exp(brentq(excess, low, high, xtol=1e-6)))


def fit_gamma_gamma(
    count: NDArray[np.int64], mean: NDArray[np.float64], p: float | None = None
) -> tuple[float, float, float]:
    """Most likely p, q and gamma given means, or q and gamma where p is known; counts above 0."""
    log_mean, log_count = np.log(mean), np.log(count)

    def minus_log_likelihood(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shape, q, gamma = np.exp(at)
        known, log_whole = shape * count, np.log(gamma + mean * count)
        value = gammaln(known + q) - gammaln(known) - gammaln(q) + q * np.log(gamma)
        value += (known - 1) * log_mean + known * log_count - (known + q) * log_whole
        by_p = count * (psi(known + q) - psi(known) + log_mean + log_count - log_whole)
        by_q = psi(known + q) - psi(q) + np.log(gamma) - log_whole
        by_gamma = q / gamma - (known + q) / (gamma + mean * count)
        gradient = [shape * by_p.mean(), q * by_q.mean(), gamma * by_gamma.mean()]
        return -float(value.mean()), -np.array(gradient)

    start_p, start_q = TYPICAL_SHAPES
    limits = list(LOG_LIMITS)
    if p is not None:
        start_p = p
        limits[0] = (np.log(p), np.log(p))
    start = np.log([start_p, start_q, (start_q - 1) / start_p * float(np.mean(mean))])
    found = minimize(
        minus_log_likelihood,
        np.clip(start, *np.transpose(limits)),
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"ftol": 1e-12},
    )
    shape, q, gamma = np.exp(found.x).tolist()
    return shape, q, gamma
