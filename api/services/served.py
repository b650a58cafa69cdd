"""What was done for accounts in the last months, as cost and effort are worked out from."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from accounts import NEVER_ORDERED
from accounts.days import day_number
from accounts.touches.cost_to_serve import CostToServe, Served, cost_to_serve, visit_time_s
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel, TouchSettings
from accounts.touches.winning import Pursuits, find_pursuits
from api.services.analysis import period_of
from api.services.touch_settings import touch_settings
from api.state import AppState, Snapshot
from data import touch_store
from data.account_store import HISTORY_MONTHS, months_before
from data.touch_store import PastTouches

IN_PERSON = (TOUCH_CHANNELS.index(TouchChannel.FIELD), TOUCH_CHANNELS.index(TouchChannel.DEMO))
"""Channels for which somebody goes there."""

QUIET_DAYS = 183
"""An account that was not touched so long since the history began counts as not pursued before."""

MONTHS_OF_COST = 12


def history_of(state: AppState, snapshot: Snapshot) -> PastTouches:
    """All touches of the history."""

    def load() -> PastTouches:
        first = months_before(snapshot.today, HISTORY_MONTHS) + timedelta(days=1)
        with state.database.session() as session:
            return touch_store.past_touches(
                session, snapshot.dataset, snapshot.table.account_id, first, snapshot.today
            )

    made: PastTouches = snapshot.memo.get("touch_history", load)
    return made


def touch_counts(
    state: AppState, snapshot: Snapshot, months: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Touches of the last months, and their time with each account in seconds, (n, c) each."""
    past = history_of(state, snapshot).since(day_number(period_of(snapshot, months).first))
    n, c = len(snapshot.table), len(TOUCH_CHANNELS)
    at = past.row * c + past.channel
    count = np.bincount(at, minlength=n * c).reshape(n, c).astype(np.float64)
    duration_s = np.bincount(at, past.duration_s, minlength=n * c).reshape(n, c)
    return count, duration_s.astype(np.float64)


def served_of(state: AppState, snapshot: Snapshot, settings: TouchSettings) -> Served:
    """The last 12 months of all accounts."""
    period, table = period_of(snapshot, MONTHS_OF_COST), snapshot.table
    touches, contact_s = touch_counts(state, snapshot, MONTHS_OF_COST)
    with state.database.session() as session:
        orders = touch_store.order_counts(
            session, snapshot.dataset, table.account_id, period.first, period.last
        )
    return Served(
        touches=touches,
        contact_s=contact_s,
        visit_s=visit_time_s(table.service_duration_s, table.contact_count, settings),
        travel_s=snapshot.cadence.travel_s,
        travel_m=snapshot.cadence.travel_m,
        contacts=table.contact_count,
        orders=orders,
        buys=orders > 0,
        years=MONTHS_OF_COST / 12,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """What counts for touches, what was done for all accounts, and what that cost."""

    settings: TouchSettings
    served: Served
    cost: CostToServe


def service_of(state: AppState, snapshot: Snapshot) -> Service:
    """Of the last 12 months."""

    def make() -> Service:
        settings = touch_settings(state, snapshot)
        served = served_of(state, snapshot, settings)
        return Service(settings, served, cost_to_serve(served, settings))

    made: Service = snapshot.memo.get("service", make)
    return made


def contribution_eur(snapshot: Snapshot) -> NDArray[np.float64]:
    """Margin of the orders of the last 12 months, (n,); where nobody knows it, the expected one."""
    table = snapshot.table
    known = np.isfinite(table.margin_share)
    margin_share = np.where(known, table.margin_share, snapshot.worth.margin_share)
    return np.asarray(margin_share * table.recent_revenue_eur)


def pursuits_of(state: AppState, snapshot: Snapshot) -> tuple[NDArray[np.int64], Pursuits]:
    """Rows of the prospects that were pursued within the history, and how that went."""

    def find() -> tuple[NDArray[np.int64], Pursuits]:
        past, table = history_of(state, snapshot), snapshot.table
        begin = months_before(snapshot.today, HISTORY_MONTHS) + timedelta(days=1)
        return find_pursuits(
            past.row,
            past.day,
            table.first_order_day,
            NEVER_ORDERED,
            day_number(begin) + QUIET_DAYS,
            snapshot.today_day,
        )

    made: tuple[NDArray[np.int64], Pursuits] = snapshot.memo.get("pursuits", find)
    return made


def last_days(state: AppState, snapshot: Snapshot, row: int) -> list[date | None]:
    """Day of the last touch of each channel at an account within the history."""
    past = history_of(state, snapshot)
    mine = past.row == row
    found: list[date | None] = []
    for channel in range(len(TOUCH_CHANNELS)):
        days = past.day[mine & (past.channel == channel)]
        found.append(date(1970, 1, 1) + timedelta(days=int(days.max())) if len(days) else None)
    return found
