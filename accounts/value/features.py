"""What forecasts of the potential and of attainable sales look at."""

import numpy as np
from numpy.typing import NDArray

from accounts.account import STATUSES, AccountTable, Status

POTENTIAL_KINDS = 2
ATTAINABLE_KINDS = 1


def potential_features(table: AccountTable, segment_count: int) -> NDArray[np.float64]:
    """
    Of each account, (n, 7 + segments): a constant, whether it buys, size and segment.

    Size is what it bought in the last year, how long a visit takes and how many people are known.
    """
    recent = np.maximum(np.nan_to_num(table.recent_revenue_eur), 0.0)
    segment = np.minimum(table.segment.astype(np.int64), segment_count)
    members = segment[:, None] == np.arange(segment_count + 1)[None, :]
    plain = [
        np.ones(len(table)),
        table.status == STATUSES.index(Status.CUSTOMER),
        table.status == STATUSES.index(Status.INACTIVE),
        np.log1p(recent),
        np.log(np.maximum(table.service_duration_s, 60)),
        np.log1p(np.maximum(table.contact_count, 0)),
    ]
    return np.column_stack([*plain, members]).astype(np.float64)


def potential_kind(table: AccountTable) -> NDArray[np.int64]:
    """1 where an account bought within the last year, which says much of its potential, (n,)."""
    return (np.nan_to_num(table.recent_revenue_eur) > 0).astype(np.int64)


def size_features(
    potential_eur: NDArray[np.float64], usual_log_potential: float
) -> NDArray[np.float64]:
    """A constant, the logarithm of potential over usual one, whether it is unknown, (n, 3)."""
    is_known = np.isfinite(potential_eur) & (potential_eur > 0)
    log_potential = np.log(np.where(is_known, potential_eur, 1.0))
    size = np.where(is_known, log_potential - usual_log_potential, 0.0)
    return np.column_stack([np.ones(len(potential_eur)), size, ~is_known]).astype(np.float64)


def usual_log_potential(potential_eur: NDArray[np.float64]) -> float:
    """Mean logarithm of the potentials that are known; 0 where none is."""
    known = potential_eur[np.isfinite(potential_eur) & (potential_eur > 0)]
    return float(np.log(known).mean()) if len(known) else 0.0


def attainable_features(potential_eur: NDArray[np.float64]) -> NDArray[np.float64]:
    """A constant and the logarithm of the potential, (n, 2)."""
    return np.column_stack([np.ones(len(potential_eur)), np.log(np.maximum(potential_eur, 1.0))])
