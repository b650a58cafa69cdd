"""
How often an account would order if nobody visited it: its own count, shrunk to its like.

Counts are Poisson with rate x exposure, and rates of accounts of one size vary by a gamma
distribution: the counts are negative binomial, and the mean rate given a count is
(shape + count) / (shape / mean + exposure). Where a few accounts order far more often than one
gamma distribution allows, it would take too much from them; then several with means in steps are
mixed, as many of each as fits the counts best. The mean goes with a power of the potential, and not
with the segment: segments are drawn by past revenue, so that what chance had given an account it
would be given twice.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

SHAPE_LIMITS = (0.05, 200.0)

STEPS = np.exp(np.linspace(-3.0, 3.0, 9))
"""Multiples of the mean rate: from a twentieth to twenty times."""

STEP_SHAPES = (3.0, 6.0)
MIN_FOR_STEPS = 100
EM_ROUNDS = 60

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
        Of the features of `accounts.value.features.size_features`, for the logarithm of the mean
        orders a month without visits.
    step, step_share
        Multiples of that mean about which accounts lie, and the share of accounts at each.
    step_shape
        Shape of each step's distribution, or 0 where the only step is that of `shape`.
    """

    shape: float
    coefficient: tuple[float, ...]
    step: tuple[float, ...] = (1.0,)
    step_share: tuple[float, ...] = (1.0,)
    step_shape: float = 0.0

    def expected(
        self,
        count: NDArray[np.int64],
        exposure: NDArray[np.float64],
        features: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Orders a month without visits, (n,), given counts and exposures in months."""
        mean = np.exp(features @ np.array(self.coefficient))
        if not self.step_shape:
            return np.asarray((self.shape + count) / (self.shape / mean + exposure))
        means = mean[:, None] * np.array(self.step)
        share = _step_log_likelihood(self.step_shape, means, count, exposure)
        share += np.log(np.array(self.step_share))
        share = np.exp(share - share.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        at_step = (self.step_shape + count[:, None]) / (self.step_shape / means + exposure[:, None])
        return np.asarray((share * at_step).sum(axis=1))


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
    plain = OrderRates(float(np.exp(found.x[0])), tuple(found.x[1:].tolist()))
    return _in_steps(plain, count, months, x)


def _in_steps(
    plain: OrderRates,
    count: NDArray[np.int64],
    months: NDArray[np.float64],
    features: NDArray[np.float64],
) -> OrderRates:
    """The mixture where it is likelier by more than its freedom gives it (BIC), else the plain."""
    if len(count) < MIN_FOR_STEPS:
        return plain
    mean = np.exp(features @ np.array(plain.coefficient))
    each = _step_log_likelihood(plain.shape, mean[:, None], count, months)
    best, best_score = plain, float(each.sum())
    for shape in STEP_SHAPES:
        likelihood = _step_log_likelihood(shape, mean[:, None] * STEPS, count, months)
        most = likelihood.max(axis=1, keepdims=True)
        scaled = np.exp(likelihood - most)
        share = np.full(len(STEPS), 1 / len(STEPS))
        for _ in range(EM_ROUNDS):
            part = scaled * share
            part /= part.sum(axis=1, keepdims=True)
            share = (part.sum(axis=0) + 1 / len(STEPS)) / (len(count) + 1)
        value = float((np.log((scaled * share).sum(axis=1)) + most[:, 0]).sum())
        score = value - 0.5 * (len(STEPS) - 1) * float(np.log(len(count)))
        if score > best_score:
            best = replace(
                plain,
                step=tuple(STEPS.tolist()),
                step_share=tuple(share.tolist()),
                step_shape=shape,
            )
            best_score = score
    return best


def _step_log_likelihood(
    shape: float,
    means: NDArray[np.float64],
    count: NDArray[np.int64],
    months: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Of negative binomial counts by account and step, (n, steps), up to the factorial."""
    expected = np.maximum(means * months[:, None], 1e-300)
    k = count[:, None]
    return np.asarray(
        gammaln(shape + k)
        - gammaln(shape)
        - shape * np.log1p(expected / shape)
        + k * (np.log(expected) - np.log(shape + expected))
    )
