"""
The matrix of potential and visit value: four cells, and what to do with the accounts in each.

What an account could buy and what a visit to it brings are different things. Where both are high,
more visits pay; where both are low, somebody on the phone does as well.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError
from accounts.visit_value import Worth


class Cell(StrEnum):
    """The four cells, by the action that each of them asks for."""

    RAISE_FREQUENCY = "raise_frequency"
    REACTIVATE_ACQUIRE = "reactivate_acquire"
    KEEP = "keep"
    TELESALES = "telesales"


CELLS = tuple(Cell)
"""In the order in which `cells_of` numbers them: high potential first, high visit value first."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Where high begins; what equals a threshold is high.

    Parameters
    ----------
    potential_eur
        Potential a year.
    visit_value_eur
        Extra contribution of one more visit.

    Raises
    ------
    InvalidAccountsError
        When one is negative or no number.
    """

    potential_eur: float
    visit_value_eur: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise InvalidAccountsError(f"Threshold {name} is {value}; it must be at least 0.")

    @classmethod
    def medians(
        cls, potential_eur: NDArray[np.float64], visit_value_eur: NDArray[np.float64]
    ) -> "Thresholds":
        """Half of the accounts above each; of none, zero."""
        if len(potential_eur) == 0:
            return cls(0.0, 0.0)
        return cls(float(np.median(potential_eur)), float(np.median(visit_value_eur)))


def cells_of(
    potential_eur: NDArray[np.float64],
    visit_value_eur: NDArray[np.float64],
    thresholds: Thresholds,
) -> NDArray[np.uint8]:
    """The cell of each account, (n,) uint8, index into `CELLS`."""
    is_large = potential_eur >= thresholds.potential_eur
    is_worth_it = visit_value_eur >= thresholds.visit_value_eur
    return np.where(is_large, np.where(is_worth_it, 0, 1), np.where(is_worth_it, 2, 3)).astype(
        np.uint8
    )


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """
    What was spent on each account in a period, and what it brought.

    Parameters
    ----------
    visits
        (n,) float64, visits in person.
    service_s, travel_s
        (n,) float64, time at the account and on the way to it.
    cost_eur
        (n,) float64, of both.
    """

    visits: NDArray[np.float64]
    service_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    cost_eur: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellSums:
    """
    Sums over the accounts of each cell, (4,) float64 in the order of `CELLS`.

    Parameters
    ----------
    accounts
        How many there are.
    potential_eur, revenue_eur
        A year.
    visits, service_s, travel_s, cost_eur
        Of the period, as in `Effort`.
    visit_value_eur
        What one more visit to each of the accounts would bring, in all.
    """

    accounts: NDArray[np.float64]
    potential_eur: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    visits: NDArray[np.float64]
    service_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    cost_eur: NDArray[np.float64]
    visit_value_eur: NDArray[np.float64]

    @property
    def hours(self) -> NDArray[np.float64]:
        """Service and travel of the period."""
        return (self.service_s + self.travel_s) / 3600

    @property
    def visit_share(self) -> NDArray[np.float64]:
        """Of all visits of the period; zeros where there was none."""
        return self.visits / max(float(self.visits.sum()), 1.0)


def sum_cells(
    cells: NDArray[np.uint8],
    potential_eur: NDArray[np.float64],
    revenue_eur: NDArray[np.float64],
    visit_value_eur: NDArray[np.float64],
    effort: Effort,
) -> CellSums:
    """Add up by cell. All arrays (n,)."""

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(cells, values, minlength=len(CELLS)), dtype=np.float64)

    return CellSums(
        accounts=total(np.ones(len(cells))),
        potential_eur=total(potential_eur),
        revenue_eur=total(revenue_eur),
        visits=total(effort.visits),
        service_s=total(effort.service_s),
        travel_s=total(effort.travel_s),
        cost_eur=total(effort.cost_eur),
        visit_value_eur=total(visit_value_eur),
    )


@dataclass(frozen=True, slots=True)
class Telesales:
    """
    What it means to serve the cell of low potential and low value by phone, over the period.

    Parameters
    ----------
    visits
        Visits that are not made any more, each replaced by a call.
    visit_share
        Of all visits.
    freed_hours, freed_cost_eur
        Field time, service and travel, and what it costs.
    call_hours, call_cost_eur
        Of the calls instead.
    lost_eur
        Contribution that the calls do not bring.
    more_visits
        Visits to accounts of the cell of high potential and high value for which the freed hours
        suffice.
    gained_eur
        Contribution that those bring.
    """

    visits: float
    visit_share: float
    freed_hours: float
    freed_cost_eur: float
    call_hours: float
    call_cost_eur: float
    lost_eur: float
    more_visits: float
    gained_eur: float

    @property
    def saved_eur(self) -> float:
        """If the freed time is not used for anything else."""
        return self.freed_cost_eur - self.call_cost_eur - self.lost_eur

    @property
    def shifted_eur(self) -> float:
        """If the freed time goes to the accounts where both are high."""
        return self.gained_eur - self.call_cost_eur - self.lost_eur


def telesales_case(
    cells: NDArray[np.uint8],
    sums: CellSums,
    effort: Effort,
    worth: Worth,
    months: float,
    call_duration_s: float,
    call_cost_eur: float,
    call_effect_share: float,
) -> Telesales:
    """
    Work out what moving the last cell to the phone frees, costs and gains.

    Both sides go by the response that visits are valued with: at n visits a month an account
    brings margin x base x (1 + n)**b. A call counts as `call_effect_share` of a visit; the freed
    visits spread evenly over the accounts of the best cell, so that returns diminish there.

    Parameters
    ----------
    months
        Length of the period.
    call_duration_s, call_cost_eur, call_effect_share
        Of one call: time, cost, and what it does as a share of what a visit does, 0 to 1.
    """
    best, last = CELLS.index(Cell.RAISE_FREQUENCY), CELLS.index(Cell.TELESALES)
    visits, freed_hours = float(sums.visits[last]), float(sums.hours[last])
    # Where the best cell was never visited, a visit there takes as long as everywhere.
    is_known = sums.visits[best] > 0
    hours = float(sums.hours[best] if is_known else sums.hours.sum())
    count = float(sums.visits[best] if is_known else sums.visits.sum())
    accounts = float(sums.accounts[best])
    more_visits = freed_hours * count / hours if hours > 0 and accounts > 0 else 0.0

    monthly = effort.visits / months

    def gain_eur(
        rows: NDArray[np.bool_], before: NDArray[np.float64], after: NDArray[np.float64]
    ) -> float:
        b = worth.elasticity[rows]
        factor = (1 + after[rows]) ** b - (1 + before[rows]) ** b
        return float((worth.margin_share[rows] * worth.base_eur[rows] * factor).sum() * months)

    return Telesales(
        visits=visits,
        visit_share=float(sums.visit_share[last]),
        freed_hours=freed_hours,
        freed_cost_eur=float(sums.cost_eur[last]),
        call_hours=visits * call_duration_s / 3600,
        call_cost_eur=visits * call_cost_eur,
        lost_eur=gain_eur(cells == last, call_effect_share * monthly, monthly),
        more_visits=more_visits,
        gained_eur=gain_eur(
            cells == best, monthly, monthly + more_visits / max(accounts, 1.0) / months
        ),
    )
