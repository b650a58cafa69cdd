"""Touches of one account: what there was, what the next one brings, and what it costs to serve."""

import numpy as np

from accounts import NEVER_ORDERED
from accounts.market import categorise
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel
from api.schemas.touches import AccountChannel, AccountTouches, Pursuit
from api.services import policies
from api.services.accounts import stored_row
from api.services.analysis import money, period_of, said_of
from api.services.market_settings import market_settings
from api.services.potentials import potential_eur
from api.services.served import MONTHS_OF_COST, Service, history_of, last_days, service_of
from api.services.touch_settings import SUBJECT
from api.services.touches import cost_figures, next_answers, winning_of
from api.state import AppState, Snapshot


def account_touches(state: AppState, account_id: str) -> AccountTouches:
    """
    The last 12 months of an account.

    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    snapshot = state.snapshot()
    row = stored_row(snapshot, account_id)
    service = service_of(state, snapshot)
    rows = np.array([row])
    table, served = snapshot.table, service.served
    upcoming = next_answers(snapshot, service, rows)
    best = max(range(len(upcoming)), key=lambda k: upcoming[k].net)
    return AccountTouches(
        **said_of(snapshot, rows),
        account_id=str(table.account_id[row]),
        name=table.name[row],
        period=period_of(snapshot, MONTHS_OF_COST),
        version=policies.version_of(snapshot.policies.get(SUBJECT)),
        contacts=int(table.contact_count[row]),
        visit_duration_s=round(float(served.visit_s[row])),
        channels=tuple(
            AccountChannel(
                channel=channel.value,
                touches=int(served.touches[row, k]),
                last=last,
                next=upcoming[k],
            )
            for k, (channel, last) in enumerate(
                zip(TOUCH_CHANNELS, last_days(state, snapshot, row), strict=True)
            )
        ),
        best_channel=TOUCH_CHANNELS[best].value if upcoming[best].net > 0 else None,
        maintenance_hours=round(float(service.cost.maintenance_s[row]) / 3600, 2),
        total=cost_figures(snapshot, service, rows),
        pursuit=_pursuit(state, snapshot, service, row),
    )


def _pursuit(state: AppState, snapshot: Snapshot, service: Service, row: int) -> Pursuit | None:
    """Of an account that never ordered: what it will take, whatever was tried so far."""
    if snapshot.table.first_order_day[row] != NEVER_ORDERED:
        return None
    categories = market_settings(snapshot).categories
    category = int(categorise(potential_eur(snapshot)[[row]], categories)[0])
    _, found = winning_of(state, snapshot, service, category)
    field = next_answers(snapshot, service, np.array([row]))[
        TOUCH_CHANNELS.index(TouchChannel.FIELD)
    ]
    return Pursuit(
        category=categories[category].name,
        touches_so_far=int((history_of(state, snapshot).row == row).sum()),
        touches_expected=round(found.touches_per_win, 2),
        days_expected=round(found.days_per_win, 1),
        cost_expected=money(found.touches_per_win * field.cost),
        basis=found.basis,
    )
