"""In which cell of the matrix each account is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.matrix import Thresholds, cells_of
from api.services.market_settings import market_settings
from api.services.potentials import potential_eur
from api.state import Snapshot


@dataclass(frozen=True, slots=True)
class Chosen:
    """Thresholds, and where each comes from: `asked`, `set` or `median`."""

    thresholds: Thresholds
    potential_basis: str
    visit_value_basis: str


def visit_value_eur(snapshot: Snapshot) -> NDArray[np.float64]:
    """Of one more visit to each account, (n,)."""
    return np.asarray(snapshot.scores(snapshot.today_day).visit_value_cents / 100)


def thresholds_of(
    snapshot: Snapshot, potential: float | None = None, visit_value: float | None = None
) -> Chosen:
    """
    What is asked for, else what managers have set, else the medians of all accounts.

    The medians are those of the whole data set also where a part of it is looked at: an account is
    in one cell, whoever asks.
    """
    settings = market_settings(snapshot)
    medians: Thresholds = snapshot.memo.get(
        "matrix_medians",
        lambda: Thresholds.medians(potential_eur(snapshot), visit_value_eur(snapshot)),
    )
    first, first_basis = _first(
        (potential, "asked"),
        (settings.matrix_potential_eur, "set"),
        (medians.potential_eur, "median"),
    )
    second, second_basis = _first(
        (visit_value, "asked"),
        (settings.matrix_visit_value_eur, "set"),
        (medians.visit_value_eur, "median"),
    )
    return Chosen(Thresholds(first, second), first_basis, second_basis)


def _first(*options: tuple[float | None, str]) -> tuple[float, str]:
    return next((value, basis) for value, basis in options if value is not None)


def cells(snapshot: Snapshot, thresholds: Thresholds) -> NDArray[np.uint8]:
    """Of all accounts, (n,), index into `accounts.matrix.CELLS`."""
    return cells_of(potential_eur(snapshot), visit_value_eur(snapshot), thresholds)
