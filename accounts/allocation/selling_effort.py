"""
The hours that accounts get, and what they bring for them: what an allocation starts from.

Money and hours are those of a year.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.allocation.pattern_curves import PatternCurves
from accounts.allocation.response_curves import Array, PowerCurves, ResponseCurves, VisitCurves
from accounts.visit_value import Worth, visits_per_month

MONTHS = 12
"""Of a year; the response counts visits in a month."""


class CurveForm(StrEnum):
    """
    How contribution grows with hours.

    `visits`: base (1 + visits a month)**b, the response that visit values are made of; accounts
    buy without visits, too. `power`: hours**b, after which nothing is sold without a visit: the
    form of most published elasticities, which makes much more of an hour.
    """

    VISITS = "visits"
    POWER = "power"


@dataclass(frozen=True, slots=True, eq=False)
class SellingEffort:
    """
    Accounts as they are visited today, or would be by their visit interval.

    Parameters
    ----------
    done, planned
        (n,) visits a month over the history, and by the visit interval.
    hours_per_visit
        (n,) service and travel.
    contribution_eur
        (n,) a year's expected contribution at the visits done.
    elasticity
        (n,) as it was fitted, or assumed.
    """

    done: Array
    planned: Array
    hours_per_visit: Array
    contribution_eur: Array
    elasticity: Array

    @classmethod
    def of(cls, table: AccountTable, worth: Worth, travel_s: Array) -> "SellingEffort":
        """
        Parameters
        ----------
        travel_s
            (n,) travel of one visit.
        """
        done = visits_done_per_month(table)
        sales = worth.base_eur * (1 + done) ** worth.elasticity
        return cls(
            done=done,
            planned=visits_per_month(table),
            # A visit takes a minute at least, so that no hour is worth infinitely much.
            hours_per_visit=np.maximum(table.service_duration_s + travel_s, 60.0) / 3600,
            contribution_eur=MONTHS * worth.margin_share * sales,
            elasticity=worth.elasticity,
        )

    def at(self, rows: NDArray[np.intp]) -> "SellingEffort":
        """Of some accounts."""
        return SellingEffort(*(getattr(self, name)[rows] for name in self.__slots__))

    @property
    def hours(self) -> Array:
        """A year's hours of each account today, (n,)."""
        return np.asarray(MONTHS * self.done * self.hours_per_visit)


def visits_done_per_month(table: AccountTable) -> Array:
    """Visits done over the history, (n,); a month of very many counts as `MOST_MONTHLY_VISITS`."""
    counts = np.arange(table.visit_months.shape[1])
    return np.asarray(table.visit_months @ counts / max(table.history_months, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """
    Groups of accounts that share hours.

    Parameters
    ----------
    group
        (n,) row of each account's unit.
    today
        (u,) a year's hours today.
    pattern
        (u,) hours that the curve is drawn by, above 0: today's, or where there are none those of
        the visit intervals.
    contribution_eur
        (u,) a year's contribution today.
    """

    effort: SellingEffort
    group: NDArray[np.intp]
    today: Array
    pattern: Array
    contribution_eur: Array

    @classmethod
    def of(cls, effort: SellingEffort, group: NDArray[np.intp], count: int) -> "Units":
        today, planned, value = (
            np.bincount(group, of_account, minlength=count).astype(np.float64)
            for of_account in (
                effort.hours,
                MONTHS * effort.planned * effort.hours_per_visit,
                effort.contribution_eur,
            )
        )
        return cls(effort, group, today, np.where(today > 0, today, planned), value)

    def curves(self, form: CurveForm, elasticity: float | None = None) -> ResponseCurves:
        """
        Through today's point of each unit, whatever the elasticity.

        Parameters
        ----------
        elasticity
            One for all; None takes that of each account, and for `power` its mean by contribution.
        """
        effort = self.effort
        if form is CurveForm.POWER:
            return self._power(elasticity)
        power = effort.elasticity if elasticity is None else np.full(len(self.group), elasticity)
        base = effort.contribution_eur / (1 + effort.done) ** power
        visits = np.where(self.today[self.group] > 0, effort.done, effort.planned)
        if len(self.group) == len(self.today):
            # One account each: solved without a search.
            order = np.argsort(self.group)
            per_visit = (MONTHS * effort.hours_per_visit)[order]
            return VisitCurves(base[order], power[order], per_visit)
        return PatternCurves(self.group, base, visits, power, self.pattern)

    def _power(self, elasticity: float | None) -> PowerCurves:
        count = len(self.today)
        if elasticity is None:
            weighted = self.effort.contribution_eur * self.effort.elasticity
            total = np.bincount(self.group, weighted, minlength=count)
            power = np.divide(
                total, self.contribution_eur, out=np.zeros(count), where=self.contribution_eur > 0
            )
        else:
            power = np.full(count, elasticity)
        return PowerCurves(self.contribution_eur / self.pattern**power, power)
