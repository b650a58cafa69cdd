"""What it takes to serve accounts: hours by role, money, and what is left of the contribution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.touches.settings import TOUCH_CHANNELS, TouchSettings, TouchType


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """
    Accounts and what was done for them in a period; n accounts, c channels.

    Parameters
    ----------
    touches
        (n, c) float64, in the order of `TOUCH_CHANNELS`.
    contact_s
        (n, c) float64, time with the account that those took in all; NaN where it was not noted
        down, and then it is what the settings say.
    visit_s
        (n,) float64, how long a visit takes.
    travel_s, travel_m
        (n,) float64, of one journey to it.
    contacts, orders
        (n,) int64, people known there, and orders in the period.
    buys
        (n,) bool, whether it is a customer.
    years
        Length of the period.
    """

    touches: NDArray[np.float64]
    contact_s: NDArray[np.float64]
    visit_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    travel_m: NDArray[np.float64]
    contacts: NDArray[np.int64]
    orders: NDArray[np.int64]
    buys: NDArray[np.bool_]
    years: float


@dataclass(frozen=True, slots=True, eq=False)
class CostToServe:
    """
    Of each account in the period.

    Parameters
    ----------
    sales_s, support_s
        (n, r) float64, time of each role in the order of the settings: direct sales, and customer
        support. Journeys are sales.
    travel_s
        (n,) float64, on the road, which the times above contain.
    maintenance_s
        (n,) float64, care beside touches and journeys, which the times above contain too.
    time_eur, travel_eur, expense_eur
        (n,) float64, cost of time with overhead, of kilometres, and of everything else.
    by_channel_s, by_channel_eur
        (n, c + 1) float64, time and money by channel, journeys included; maintenance last.
    """

    sales_s: NDArray[np.float64]
    support_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    maintenance_s: NDArray[np.float64]
    time_eur: NDArray[np.float64]
    travel_eur: NDArray[np.float64]
    expense_eur: NDArray[np.float64]
    by_channel_s: NDArray[np.float64]
    by_channel_eur: NDArray[np.float64]

    @property
    def total_eur(self) -> NDArray[np.float64]:
        return self.time_eur + self.travel_eur + self.expense_eur

    @property
    def hours(self) -> NDArray[np.float64]:
        """Of all roles together."""
        return np.asarray((self.sales_s + self.support_s).sum(axis=1) / 3600)


def cost_to_serve(served: Served, settings: TouchSettings) -> CostToServe:
    """
    Add up what the touches and the care of a period took.

    Everybody of a channel's team spends its share of the time with the account, of the
    preparation and, where the channel needs one, of the journey. Demos and visits at one time are
    two journeys: who combines them does better than this says.
    """
    n, roles = len(served.buys), settings.roles
    sales_s, support_s = np.zeros((n, len(roles))), np.zeros((n, len(roles)))
    by_channel_s = np.zeros((n, len(TOUCH_CHANNELS) + 1))
    by_channel_eur = np.zeros_like(by_channel_s)
    travel_s, travel_eur, expense_eur = np.zeros(n), np.zeros(n), np.zeros(n)
    for column, kind in enumerate(settings.types):
        count = served.touches[:, column]
        noted_s = served.contact_s[:, column]
        usual_s = count * contact_time_s(kind, served.visit_s)
        work_s = np.where(np.isnan(noted_s), usual_s, noted_s)
        work_s = work_s + count * kind.activity.preparation_s
        road_s = count * served.travel_s if kind.needs_journey else np.zeros(n)
        road_eur = count * served.travel_m / 1000 * settings.km_rate_eur * kind.needs_journey
        for role, share in kind.activity.team.items():
            at = _index(settings, role)
            sales_s[:, at] += share * (work_s * (1 - kind.activity.support_share) + road_s)
            support_s[:, at] += share * work_s * kind.activity.support_share
        rate_eur = settings.team_rate_eur(kind.activity.team)
        expenses = count * kind.activity.expense_eur
        by_channel_s[:, column] = (work_s + road_s) * sum(kind.activity.team.values())
        by_channel_eur[:, column] = (work_s + road_s) / 3600 * rate_eur + road_eur + expenses
        travel_s += road_s
        travel_eur += road_eur
        expense_eur += expenses
    care = settings.maintenance
    maintenance_s = maintenance_time_s(served, settings)
    for role, share in care.team.items():
        at = _index(settings, role)
        sales_s[:, at] += share * maintenance_s * (1 - care.support_share)
        support_s[:, at] += share * maintenance_s * care.support_share
    by_channel_s[:, -1] = maintenance_s * sum(care.team.values())
    by_channel_eur[:, -1] = maintenance_s / 3600 * settings.team_rate_eur(care.team)
    rates = np.array([role.hour_rate_eur for role in roles]) * (1 + settings.overhead_share)
    return CostToServe(
        sales_s=sales_s,
        support_s=support_s,
        travel_s=travel_s,
        maintenance_s=maintenance_s,
        time_eur=(sales_s + support_s) @ rates / 3600,
        travel_eur=travel_eur,
        expense_eur=expense_eur,
        by_channel_s=by_channel_s,
        by_channel_eur=by_channel_eur,
    )


def maintenance_time_s(served: Served, settings: TouchSettings) -> NDArray[np.float64]:
    """Care for each account in the period beside touches, (n,) seconds of the whole team."""
    care = settings.maintenance
    more_contacts = np.maximum(served.contacts - 1, 0)
    yearly_s = served.buys * care.base_s + more_contacts * care.per_contact_s
    return np.asarray(served.years * yearly_s + served.orders * care.per_order_s)


def contact_time_s(kind: TouchType, visit_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Time with each account that one touch takes, (n,)."""
    duration_s = kind.activity.duration_s
    return visit_s if duration_s is None else np.full(len(visit_s), float(duration_s))


def visit_time_s(
    service_duration_s: NDArray[np.int64], contacts: NDArray[np.int64], settings: TouchSettings
) -> NDArray[np.float64]:
    """
    How long a visit to each account should be planned, (n,) seconds.

    Each contact beyond the first makes it longer by `Maintenance.extra_contact_share`.
    """
    more = np.maximum(contacts - 1, 0)
    return np.asarray(service_duration_s * (1 + settings.maintenance.extra_contact_share * more))


@dataclass(frozen=True, slots=True, eq=False)
class NextTouch:
    """
    One more touch of one channel at each account.

    Parameters
    ----------
    time_s
        (n,) float64, of the one who leads, with preparation and journey.
    cost_eur
        (n,) float64, of the whole team with overhead, kilometres and expenses.
    value_eur
        (n,) float64, extra contribution: the value of a visit times the channel's effect.
    """

    time_s: NDArray[np.float64]
    cost_eur: NDArray[np.float64]
    value_eur: NDArray[np.float64]

    @property
    def net_eur(self) -> NDArray[np.float64]:
        return self.value_eur - self.cost_eur


def next_touch(
    kind: TouchType,
    settings: TouchSettings,
    visit_value_eur: NDArray[np.float64],
    visit_s: NDArray[np.float64],
    travel_s: NDArray[np.float64],
    travel_m: NDArray[np.float64],
) -> NextTouch:
    """What one more touch takes, costs and brings, at each account; arrays (n,)."""
    time_s = contact_time_s(kind, visit_s) + kind.activity.preparation_s
    travel_eur: NDArray[np.float64] = np.zeros(len(visit_s))
    if kind.needs_journey:
        time_s = time_s + travel_s
        travel_eur = travel_m / 1000 * settings.km_rate_eur
    rate_eur = settings.team_rate_eur(kind.activity.team)
    return NextTouch(
        time_s=time_s,
        cost_eur=time_s / 3600 * rate_eur + travel_eur + kind.activity.expense_eur,
        value_eur=kind.effect_share * visit_value_eur,
    )


def planned_hours_per_year(
    settings: TouchSettings,
    visit_interval_days: NDArray[np.float64],
    visit_s: NDArray[np.float64],
    travel_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Hours a year that touches at their intervals ask for, (n, c), of the one who leads.

    Visits go by the interval of each account, other channels by theirs; those without an interval
    ask for nothing.
    """
    hours = np.zeros((len(visit_s), len(TOUCH_CHANNELS)))
    for column, kind in enumerate(settings.types):
        if kind.needs_journey and kind.interval_days is None and kind.activity.duration_s is None:
            per_year = 365.25 / visit_interval_days
        elif kind.interval_days is not None:
            per_year = np.full(len(visit_s), 365.25 / kind.interval_days)
        else:
            continue
        time_s = contact_time_s(kind, visit_s) + kind.activity.preparation_s
        hours[:, column] = per_year * (time_s + travel_s * kind.needs_journey) / 3600
    return hours


def _index(settings: TouchSettings, role: str) -> int:
    return [one.name for one in settings.roles].index(role)
