"""What touches cost and bring, and what serving accounts leaves of their contribution."""

import numpy as np
from numpy.typing import NDArray

from accounts.market import categorise
from accounts.touches.cost_to_serve import next_touch, planned_hours_per_year
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel
from accounts.touches.winning import Pursuits, Winning, winning
from api.schemas.analysis import ScopeQuery
from api.schemas.touches import (
    ChannelFigures,
    CostFigures,
    CostlyAccount,
    NextTouchAnswer,
    RoleFigures,
    TouchesAnswer,
    WinningAnswer,
)
from api.services.analysis import money, period_of, rows_of, said_of, share
from api.services.market_settings import market_settings
from api.services.potentials import potential_eur
from api.services.served import (
    MONTHS_OF_COST,
    Service,
    contribution_eur,
    pursuits_of,
    service_of,
)
from api.services.touch_settings import touch_policy
from api.state import AppState, Snapshot

COSTLY_TOLD = 20
CURVE_POINTS = 30
"""Steps of a curve that are told; later ones concern few."""


def touches(state: AppState, query: ScopeQuery) -> TouchesAnswer:
    """
    The last 12 months of the accounts that are meant.

    Raises
    ------
    RefusedRequestError
        When the rep or the segment is not known.
    """
    snapshot = state.snapshot()
    rows = rows_of(snapshot, query)
    service, policy = service_of(state, snapshot), touch_policy(state, snapshot)
    cost = service.cost
    sales_s, support_s = cost.sales_s[rows].sum(axis=0), cost.support_s[rows].sum(axis=0)
    overhead = 1 + service.settings.overhead_share
    customers = int(service.served.buys[rows].sum())
    maintenance_h = float(cost.maintenance_s[rows].sum()) / 3600
    after_eur = contribution_eur(snapshot) - cost.total_eur
    costly = rows[after_eur[rows] < 0]
    segment = snapshot.table.segment
    return TouchesAnswer(
        **said_of(snapshot, rows),
        period=period_of(snapshot, MONTHS_OF_COST),
        version=policy.version,
        settings=policy.settings,
        versions=policy.versions,
        channels=_channels(snapshot, service, rows),
        winning=_winning(state, snapshot, service, rows),
        team=tuple(
            RoleFigures(
                role=role.name,
                sales_hours=round(sales / 3600, 1),
                support_hours=round(support / 3600, 1),
                cost=money((sales + support) / 3600 * role.hour_rate_eur * overhead),
            )
            for role, sales, support in zip(
                service.settings.roles, sales_s.tolist(), support_s.tolist(), strict=True
            )
        ),
        support_share=share(float(support_s.sum()), float(support_s.sum() + sales_s.sum())),
        maintenance_hours_per_customer=round(maintenance_h / customers, 2) if customers else 0.0,
        total=cost_figures(snapshot, service, rows),
        segments=tuple(
            cost_figures(snapshot, service, rows[segment[rows] == k], one.name)
            for k, one in enumerate(snapshot.programme)
            if (segment[rows] == k).any()
        ),
        costly=_costly(snapshot, service, costly[np.argsort(after_eur[costly])][:COSTLY_TOLD]),
        costly_count=len(costly),
    )


def cost_figures(
    snapshot: Snapshot, service: Service, rows: NDArray[np.intp], segment: str | None = None
) -> CostFigures:
    """Cost of some accounts, and what it leaves of their contribution."""
    cost = service.cost
    revenue = float(snapshot.table.recent_revenue_eur[rows].sum())
    contribution = float(contribution_eur(snapshot)[rows].sum())
    total = float(cost.total_eur[rows].sum())
    return CostFigures(
        segment=segment,
        account_count=len(rows),
        hours=round(float(cost.hours[rows].sum()), 1),
        travel_hours=round(float(cost.travel_s[rows].sum()) / 3600, 1),
        maintenance_hours=round(float(cost.maintenance_s[rows].sum()) / 3600, 1),
        time_cost=money(cost.time_eur[rows].sum()),
        travel_cost=money(cost.travel_eur[rows].sum()),
        expense_cost=money(cost.expense_eur[rows].sum()),
        cost=money(total),
        revenue=money(revenue),
        contribution=money(contribution),
        contribution_after_cost=money(contribution - total),
        cost_share=round(total / revenue, 4) if revenue > 0 else None,
    )


def next_answers(
    snapshot: Snapshot, service: Service, rows: NDArray[np.intp]
) -> tuple[NextTouchAnswer, ...]:
    """One more touch of each channel, on average over some accounts; zeros over none."""
    served = service.served
    worth_eur = snapshot.scores(snapshot.today_day).visit_value_cents / 100
    found = []
    for kind in service.settings.types:
        one = next_touch(
            kind,
            service.settings,
            worth_eur[rows],
            served.visit_s[rows],
            served.travel_s[rows],
            served.travel_m[rows],
        )
        time_s, cost, value = (
            float(column.mean()) if len(rows) else 0.0
            for column in (one.time_s, one.cost_eur, one.value_eur)
        )
        found.append(
            NextTouchAnswer(
                duration_s=round(time_s),
                cost=money(cost),
                value=money(value),
                net=money(value - cost),
            )
        )
    return tuple(found)


def _channels(
    snapshot: Snapshot, service: Service, rows: NDArray[np.intp]
) -> tuple[ChannelFigures, ...]:
    served, cost = service.served, service.cost
    planned_h = planned_hours_per_year(
        service.settings,
        snapshot.table.visit_interval_days[rows],
        served.visit_s[rows],
        served.travel_s[rows],
    ).sum(axis=0)
    hours = cost.by_channel_s[rows].sum(axis=0) / 3600
    money_eur = cost.by_channel_eur[rows].sum(axis=0)
    count, noted_s = served.touches[rows].sum(axis=0), served.contact_s[rows].sum(axis=0)
    upcoming = next_answers(snapshot, service, rows)
    return tuple(
        ChannelFigures(
            channel=channel.value,
            touches=int(count[k]),
            mean_duration_s=round(noted_s[k] / count[k]) if count[k] else None,
            hours=round(float(hours[k]), 1),
            cost=money(money_eur[k]),
            planned_hours_per_year=round(float(planned_h[k]), 1),
            next=upcoming[k],
        )
        for k, channel in enumerate(TOUCH_CHANNELS)
    )


def _winning(
    state: AppState, snapshot: Snapshot, service: Service, rows: NDArray[np.intp]
) -> tuple[WinningAnswer, ...]:
    """Of all prospects that are meant, and of each category."""
    pursued, pursuits = pursuits_of(state, snapshot)
    is_meant = np.isin(pursued, rows)
    categories = market_settings(snapshot).categories
    category = categorise(potential_eur(snapshot), categories)[pursued]
    visit_eur = _visit_cost_eur(snapshot, service)

    def answer(name: str | None, chosen: NDArray[np.bool_]) -> WinningAnswer:
        found = winning(pursuits.of(chosen), service.settings.winning)
        of = pursued[chosen]
        per_visit = float(visit_eur[of if len(of) else rows].mean()) if len(rows) else 0.0
        return winning_answer(name, found, per_visit)

    return (
        answer(None, is_meant),
        *(answer(one.name, is_meant & (category == k)) for k, one in enumerate(categories)),
    )


def winning_of(
    state: AppState, snapshot: Snapshot, service: Service, category: int
) -> tuple[Pursuits, Winning]:
    """What winning a prospect of a category takes, from all of the data set."""
    pursued, pursuits = pursuits_of(state, snapshot)
    categories = market_settings(snapshot).categories
    chosen = categorise(potential_eur(snapshot), categories)[pursued] == category
    mine = pursuits.of(chosen)
    return mine, winning(mine, service.settings.winning)


def _visit_cost_eur(snapshot: Snapshot, service: Service) -> NDArray[np.float64]:
    """What one more visit to each account costs, (n,)."""
    served = service.served
    return next_touch(
        service.settings.type_of(TouchChannel.FIELD),
        service.settings,
        np.zeros(len(snapshot.table)),
        served.visit_s,
        served.travel_s,
        served.travel_m,
    ).cost_eur


def winning_answer(name: str | None, found: Winning, visit_cost_eur: float) -> WinningAnswer:
    curve = found.by_touches
    return WinningAnswer(
        category=name,
        pursued=found.pursued,
        won=found.won,
        touches_per_win=round(found.touches_per_win, 2),
        days_per_win=round(found.days_per_win, 1),
        cost_per_win=money(found.touches_per_win * visit_cost_eur),
        basis=found.basis,
        median_touches=found.median_touches,
        median_days=found.median_days,
        won_within_year_share=round(found.won_share, 4),
        won_within_year_low=round(found.won_share_low, 4),
        won_within_year_high=round(found.won_share_high, 4),
        not_won_share_by_touches=tuple(
            (at, round(left, 4))
            for at, left in zip(
                curve.at[:CURVE_POINTS].tolist(), curve.share[:CURVE_POINTS].tolist(), strict=True
            )
        ),
    )


def _costly(
    snapshot: Snapshot, service: Service, rows: NDArray[np.intp]
) -> tuple[CostlyAccount, ...]:
    table, contribution = snapshot.table, contribution_eur(snapshot)
    total = service.cost.total_eur
    return tuple(
        CostlyAccount(
            account_id=str(table.account_id[row]),
            name=table.name[row],
            segment=snapshot.programme[table.segment[row]].name,
            revenue=money(table.recent_revenue_eur[row]),
            contribution=money(contribution[row]),
            cost=money(total[row]),
            contribution_after_cost=money(contribution[row] - total[row]),
        )
        for row in rows.tolist()
    )
