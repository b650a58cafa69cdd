"""
One rep's time shared among accounts, with travel: after Skiera and Albers (1998), COSTA.

Sales of an account are c (q t)**b at t hours, of which the share q is spent calling and the rest on
the way. With m the margin, each account weighs a = (m c q**b)**(1/(1-b)); a rep's hours go by that
weight, and what the rep brings at best is T**b A**(1-b) with A the sum of the weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.allocation.response_curves import Array, check_range
from accounts.errors import InvalidResponseError


@dataclass(frozen=True, slots=True, eq=False)
class RepHours:
    """
    The best use of the hours of r reps.

    Parameters
    ----------
    hours
        (n,) of each account.
    contribution
        (r,) what each rep brings.
    value_of_hour
        (r,) what one more hour of the rep would bring. It differs between reps: hours cannot be
        moved from one to another, accounts can.
    """

    hours: Array
    contribution: Array
    value_of_hour: Array


def calling_share(travel_s: ArrayLike, service_duration_s: ArrayLike) -> Array:
    """q, the share of selling time spent calling: 1 / (1 + travel per calling hour)."""
    service = np.asarray(service_duration_s, dtype=np.float64)
    return np.asarray(service / (service + np.asarray(travel_s)))


def sales_scale(sales: ArrayLike, calling_hours: ArrayLike, elasticity: float) -> Array:
    """
    c, so that the curve passes through today: sales / calling hours**b.

    Where nobody has called yet, take the sales that are aimed at (share x potential) at the calls
    that are planned.
    """
    hours = np.asarray(calling_hours, dtype=np.float64)
    check_range("Calling hours", np.atleast_1d(hours), 0, above=True)
    return np.asarray(np.asarray(sales) / hours**elasticity)


def best_hours(
    scale: Array,
    share: Array,
    margin: Array,
    rep: NDArray[np.intp],
    rep_hours: Array,
    elasticity: float,
) -> RepHours:
    """
    Share each rep's hours among the rep's accounts.

    Parameters
    ----------
    scale, share, margin
        (n,) c, q and m of each account.
    rep
        (n,) row of the account's rep.
    rep_hours
        (r,) T, selling time of each rep.
    elasticity
        b, above 0 and below 1.

    Raises
    ------
    InvalidResponseError
        When the elasticity lies outside of that.
    """
    if not 0 < elasticity < 1:
        raise InvalidResponseError(
            f"Elasticity is {elasticity}; it must be above 0 and below 1 to share time by it."
        )
    weight = (margin * scale * share**elasticity) ** (1 / (1 - elasticity))
    total = np.bincount(rep, weight, minlength=len(rep_hours))
    part = np.divide(weight, total[rep], out=np.zeros_like(weight), where=total[rep] > 0)
    contribution = rep_hours**elasticity * total ** (1 - elasticity)
    value_of_hour = np.divide(
        elasticity * contribution,
        rep_hours,
        out=np.zeros_like(contribution),
        where=rep_hours > 0,
    )
    return RepHours(rep_hours[rep] * part, contribution, value_of_hour)
