"""
How orders respond to visits, from changes within accounts; never from comparing accounts.

Visits are steered to good customers, so that a comparison between accounts mistakes the steering
for an effect. Given how many orders an account placed, their months are multinomial with chances
in proportion to

    exposure x exp(month effect) x (1 + visits) ** elasticity of its segment:

the account's own rate cancels, and with it everything about it that does not change. After Hausman,
Hall & Griliches (1984), Econometric models for count data; errors are robust to whatever dependence
there is within an account.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.response import DEFAULT_ELASTICITY
from accounts.value.history import IMPROBABLE
from accounts.value.panel import Panel

PRIOR_SD = 0.15
"""How far true elasticities of segments may lie from `DEFAULT_ELASTICITY`: between means of the
meta-analysis for pharmaceutical detailing and for the whole of personal selling lies 0.1."""

MIN_INFORMATIVE = 20
"""Accounts with changes that a segment needs for errors that can be believed."""

LONG_SILENCE_MONTHS = 11.5
"""An account without orders for a year at either end of the panel was not a customer all along."""

LIMITS = (0.0, 0.9)
"""What an elasticity may be used as."""

INTERVAL_Z = 1.2816
"""Normal quantile for intervals that hold 80 % of the time."""


@dataclass(frozen=True, slots=True, eq=False)
class ResponseFit:
    """
    Elasticities of S segments, and of all accounts together in the last place.

    Parameters
    ----------
    estimate, error
        (S + 1,) float64, what the data alone say and its standard error; NaN where nothing.
    shrunk, shrunk_sd
        (S + 1,) float64, mixed with the prior by precision, not limited.
    is_data
        (S + 1,) bool, whether the data say more than the prior.
    informative
        (S + 1,) int64, accounts that order and whose visits change.
    month_effect
        (T,) float64, log of orders in a month relative to the mean month; 0 in months without any.
    left_out
        Accounts that order but came or went within the panel, which would pass for an effect.
    """

    estimate: NDArray[np.float64]
    error: NDArray[np.float64]
    shrunk: NDArray[np.float64]
    shrunk_sd: NDArray[np.float64]
    is_data: NDArray[np.bool_]
    informative: NDArray[np.int64]
    month_effect: NDArray[np.float64]
    left_out: int

    @property
    def elasticity(self) -> NDArray[np.float64]:
        """(S + 1,), what to reckon with."""
        return np.clip(self.shrunk, *LIMITS)


def fit_response(
    panel: Panel,
    segment_count: int,
    prior: float = DEFAULT_ELASTICITY,
    prior_sd: float = PRIOR_SD,
) -> ResponseFit:
    """
    Elasticities by segment, with month effects common to all.

    An account that stopped ordering and being visited, or began with both, looks as if visits had
    made the difference; those for which the silence cannot be chance are left out. O(n T^2).
    """
    orders, exposure = panel.orders, panel.exposure
    steady = is_steady(orders, exposure)
    ordering = (orders.sum(axis=1) > 0) & (exposure > 0).any(axis=1)
    used = np.flatnonzero(ordering & steady)
    in_use = orders[used].sum(axis=0) > 0
    visits = panel.visits[used][:, in_use]
    changes = np.where(exposure[used][:, in_use] > 0, visits, visits[:, :1])
    varies = (changes != changes[:, :1]).any(axis=1)
    group = panel.segment[used]
    informative = np.bincount(group[varies], minlength=segment_count)[:segment_count]
    count = np.append(informative, informative.sum())

    estimate, error = np.full(segment_count + 1, np.nan), np.full(segment_count + 1, np.nan)
    month_effect = np.zeros(panel.month_count)
    if informative.sum() >= 2:
        cells = _Cells(
            orders[used][:, in_use].astype(np.float64),
            exposure[used][:, in_use],
            np.log1p(visits),
        )
        for column, groups in (
            (slice(segment_count), np.where(informative >= 2, np.arange(segment_count), -1)),
            (slice(segment_count, None), np.zeros(1, dtype=np.int64)),
        ):
            member = group if column.stop == segment_count else np.zeros_like(group)
            beta, beta_error, effect = _fit(cells, member, groups)
            estimate[column], error[column] = beta, beta_error
        month_effect[in_use] = effect - effect.mean()

    usable = np.isfinite(error) & (error > 0) & (count >= MIN_INFORMATIVE)
    data_weight = np.where(usable, prior_sd**2 / (prior_sd**2 + np.where(usable, error, 1) ** 2), 0)
    shrunk = prior + data_weight * (np.where(usable, estimate, prior) - prior)
    return ResponseFit(
        estimate=estimate,
        error=error,
        shrunk=shrunk,
        shrunk_sd=prior_sd * np.sqrt(1 - data_weight),
        is_data=data_weight > 0.5,
        informative=count,
        month_effect=month_effect,
        left_out=int((ordering & ~steady).sum()),
    )


def is_steady(orders: NDArray[np.int64], exposure: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Whether an account may have ordered at one rate all the time, (n,).

    Of k orders that fall anywhere in a period, none falls in a part s of it with chance (1 - s)**k.
    Few orders prove nothing, but whoever was silent for a year at either end is left out too: most
    of them are lost or new, and few of them would already double what is found.
    """
    total = exposure.sum(axis=1)
    seen = np.cumsum(exposure, axis=1)
    has = orders > 0
    first = has.argmax(axis=1)
    last = orders.shape[1] - 1 - has[:, ::-1].argmax(axis=1)
    row = np.arange(len(orders))
    before = seen[row, first] - exposure[row, first]
    after = total - seen[row, last]
    silence = np.maximum(before, after)
    share = silence / np.maximum(total, 1e-9)
    may_be_chance = (1 - share) ** orders.sum(axis=1) >= IMPROBABLE
    return np.asarray(may_be_chance & (silence < LONG_SILENCE_MONTHS))


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Accounts that order by months with orders: counts, exposure and log(1 + visits)."""

    orders: NDArray[np.float64]
    exposure: NDArray[np.float64]
    log_visits: NDArray[np.float64]


def _fit(
    cells: _Cells, member: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Newton's method for the conditional likelihood, which is concave.

    Parameters
    ----------
    member
        (n,), the group of each account.
    groups
        (S,), -1 where a group has no elasticity of its own and is taken for 0.

    Returns
    -------
    tuple
        Elasticities and their errors, (S,) each with NaN where there is none, and (T,) month
        effects, of which the first is 0.
    """
    free = np.flatnonzero(groups >= 0)
    position = np.full(max(len(groups), int(member.max()) + 1), -1)
    position[free] = np.arange(len(free))
    place = position[member]
    orders, log_visits = cells.orders, np.where(place[:, None] >= 0, cells.log_visits, 0.0)
    total = orders.sum(axis=1)
    months = orders.shape[1]
    theta = np.zeros(months + len(free))
    with np.errstate(divide="ignore"):
        log_exposure = np.log(cells.exposure)

    def chances(at: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        beta = np.append(at[months:], 0.0)[place]
        score = log_exposure + at[:months] + beta[:, None] * log_visits
        most = score.max(axis=1, keepdims=True)
        weight = np.exp(score - most)
        whole = weight.sum(axis=1, keepdims=True)
        seen = np.where(orders > 0, score, 0.0)
        value = (orders * seen).sum() - (total * (np.log(whole) + most)[:, 0]).sum()
        return weight / whole, float(value)

    chance, value = chances(theta)
    for _ in range(50):
        gradient, curvature, _ = _derivatives(orders, chance, total, log_visits, place, len(free))
        step = np.zeros_like(theta)
        step[1:] = np.linalg.solve(curvature[1:, 1:], gradient[1:])
        size = 1.0
        while True:
            tried, tried_value = chances(theta + size * step)
            if tried_value >= value - 1e-9 * abs(value) or size < 1e-4:
                break
            size /= 2
        theta, chance, value = theta + size * step, tried, tried_value
        if np.abs(step).max() < 1e-9:
            break
    _, curvature, by_account = _derivatives(orders, chance, total, log_visits, place, len(free))
    inverse = np.linalg.inv(curvature[1:, 1:])
    spread = np.einsum("ia,ib->ab", by_account[:, 1:], by_account[:, 1:])
    # With few accounts the robust error comes out too small; that of the model is a floor.
    variance = np.maximum(np.diag(inverse @ spread @ inverse), np.diag(inverse))[months - 1 :]
    beta, error = np.full(len(groups), np.nan), np.full(len(groups), np.nan)
    beta[free], error[free] = theta[months:], np.sqrt(np.maximum(variance, 0))
    return beta, error, theta[:months]


def _derivatives(
    orders: NDArray[np.float64],
    chance: NDArray[np.float64],
    total: NDArray[np.float64],
    log_visits: NDArray[np.float64],
    place: NDArray[np.int64],
    free: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Gradient, minus the second derivatives, and the gradient of each account.

    By einsum, since for such tall matrices the threads of a matrix product cost thirty times what
    they do, in seconds of the processor, on a machine that is busy.
    """
    months = orders.shape[1]
    expected = total[:, None] * chance
    residual = orders - expected
    mean = (chance * log_visits).sum(axis=1)
    by_account = np.zeros((len(orders), months + free))
    by_account[:, :months] = residual
    member = np.flatnonzero(place >= 0)
    by_account[member, months + place[member]] = (residual * log_visits).sum(axis=1)[member]

    curvature = np.zeros((months + free, months + free))
    curvature[:months, :months] = np.diag(expected.sum(axis=0)) - np.einsum(
        "it,iu->tu", expected, chance
    )
    off = expected * (log_visits - mean[:, None])
    own = total * ((chance * log_visits**2).sum(axis=1) - mean**2)
    for index in range(free):
        rows = place == index
        column = months + index
        curvature[:months, column] = curvature[column, :months] = off[rows].sum(axis=0)
        curvature[column, column] = own[rows].sum()
    # Nothing is known of a group without any change; the ridge keeps the rest solvable.
    curvature[np.diag_indices_from(curvature)] += 1e-9 * max(float(total.sum()), 1.0)
    return by_account.sum(axis=0), curvature, by_account
