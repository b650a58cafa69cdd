"""The market of regions, reps or segments, categories of accounts, and odd prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER, STATUSES, Status
from accounts.market import (
    MarketSums,
    Targets,
    categorise,
    peer_share,
    set_targets,
    sum_markets,
)
from accounts.outliers import compare
from api.schemas.market import (
    CategoryFigures,
    MarketAnswer,
    MarketFigures,
    MarketQuery,
    OddAccount,
)
from api.services.accounts import owner_facts
from api.services.analysis import money, period_of, rows_of, said_of, share
from api.services.market_settings import MarketSettings, market_policy, market_settings
from api.services.potentials import potential_eur
from api.services.served import IN_PERSON, touch_counts
from api.state import AppState, Snapshot

MONTHS = 12
ODD_TOLD = 100

LEAST_MARGIN_SD = 0.005
LEAST_LOG_ORDER_SD = 0.05
"""Differences below these, half a percentage point and a twentieth, are no matter of pricing."""

FEWEST_ORDERS = 3
"""Orders from which their mean amount says something of an account."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is summed up, of all accounts, (n,) each."""

    is_customer: NDArray[np.bool_]
    potential_eur: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    visits: NDArray[np.float64]
    growth_eur: NDArray[np.float64]
    is_crowded: NDArray[np.bool_]
    category: NDArray[np.intp]


def market(state: AppState, query: MarketQuery) -> MarketAnswer:
    """
    Markets of the accounts that are meant.

    Raises
    ------
    RefusedRequestError
        When the rep or the segment is not known.
    """
    snapshot = state.snapshot()
    rows = rows_of(snapshot, query)
    settings, policy = market_settings(snapshot), market_policy(state, snapshot)
    facts = _facts(state, snapshot, settings)
    # What can be reached is seen in the whole data set, whoever asks about a part of it.
    everybody = np.arange(len(snapshot.table))
    whole_index, whole_keys = _markets(snapshot, query, everybody)
    whole = _sums(facts, everybody, whole_index, len(whole_keys))
    is_set = settings.rule.target_share is not None
    target_share = settings.rule.target_share or peer_share(whole)

    index, keys = _markets(snapshot, query, rows)
    sums = _sums(facts, rows, index, len(keys))
    targets = _targets(facts, rows, index, sums, target_share, settings)
    one = np.zeros(len(rows), dtype=np.intp)
    total = _sums(facts, rows, one, 1)
    growth = np.bincount(index, facts.growth_eur[rows], minlength=len(keys))
    order = np.argsort(-targets.gap_eur, kind="stable").tolist()
    odd, compared = _odd(snapshot, settings, facts, rows)
    return MarketAnswer(
        **said_of(snapshot, rows),
        period=period_of(snapshot, MONTHS),
        version=policy.version,
        settings=policy.settings,
        versions=policy.versions,
        target_basis="set" if is_set else "peers",
        target_share=round(target_share, 4),
        total=_figures(
            total,
            _targets(facts, rows, one, total, target_share, settings),
            np.bincount(one, facts.growth_eur[rows], minlength=1),
            0,
        ),
        markets=tuple(
            _figures(sums, targets, growth, k, keys[k], _name(snapshot, query, keys[k]))
            for k in order
        ),
        categories=_categories(settings, facts, rows),
        odd=tuple(odd[:ODD_TOLD]),
        odd_count=len(odd),
        compared_count=compared,
    )


def _facts(state: AppState, snapshot: Snapshot, settings: MarketSettings) -> Facts:
    table, potential = snapshot.table, potential_eur(snapshot)
    count, _ = touch_counts(state, snapshot, MONTHS)
    return Facts(
        is_customer=table.status == STATUSES.index(Status.CUSTOMER),
        potential_eur=potential,
        revenue_eur=table.recent_revenue_eur,
        visits=count[:, IN_PERSON].sum(axis=1),
        growth_eur=snapshot.values.growth_eur,
        is_crowded=settings.rule.is_crowded(table.postcode),
        category=categorise(potential, settings.categories),
    )


def _markets(
    snapshot: Snapshot, query: MarketQuery, rows: NDArray[np.intp]
) -> tuple[NDArray[np.intp], list[str | None]]:
    """Index of each row's market, and what the markets are called; None: without one."""
    table = snapshot.table
    if query.by == "rep":
        owners, index = np.unique(table.owner_rep_id[rows], return_inverse=True)
        return index, [None if owner == NO_OWNER else str(owner) for owner in owners.tolist()]
    if query.by == "segment":
        found, index = np.unique(table.segment[rows], return_inverse=True)
        return index, [snapshot.programme[k].name for k in found.tolist()]
    codes = [table.postcode[row][: query.digits] for row in rows.tolist()]
    names, index = np.unique(np.array(codes, dtype=object), return_inverse=True)
    return index, [name or None for name in names.tolist()]


def _name(snapshot: Snapshot, query: MarketQuery, key: str | None) -> str | None:
    if query.by != "rep" or key is None:
        return None
    return owner_facts(snapshot, int(key))["owner"]


def _sums(facts: Facts, rows: NDArray[np.intp], index: NDArray[np.intp], count: int) -> MarketSums:
    return sum_markets(
        index,
        count,
        facts.is_customer[rows],
        facts.potential_eur[rows],
        facts.revenue_eur[rows],
        facts.visits[rows],
    )


def _targets(
    facts: Facts,
    rows: NDArray[np.intp],
    index: NDArray[np.intp],
    sums: MarketSums,
    target_share: float,
    settings: MarketSettings,
) -> Targets:
    return set_targets(
        index,
        sums,
        facts.potential_eur[rows],
        facts.is_crowded[rows],
        target_share,
        settings.rule.crowded_share,
    )


def _figures(
    sums: MarketSums,
    targets: Targets,
    growth_eur: NDArray[Any],
    k: int,
    key: str | None = None,
    name: str | None = None,
) -> MarketFigures:
    return MarketFigures(
        market=key,
        name=name,
        account_count=int(sums.accounts[k]),
        customer_count=int(sums.customers[k]),
        visits=int(sums.visits[k]),
        potential=money(sums.potential_eur[k]),
        base_potential=money(sums.base_potential_eur[k]),
        revenue=money(sums.revenue_eur[k]),
        share=round(float(sums.share[k]), 4),
        share_of_wallet=round(float(sums.share_of_wallet[k]), 4),
        target_share=round(float(targets.target_share[k]), 4),
        target=money(targets.target_eur[k]),
        gap=money(targets.gap_eur[k]),
        base_gap=money(sums.base_gap_eur[k]),
        growth=money(growth_eur[k]),
    )


def _categories(
    settings: MarketSettings, facts: Facts, rows: NDArray[np.intp]
) -> tuple[CategoryFigures, ...]:
    categories = settings.categories
    category = facts.category[rows]
    sums = _sums(facts, rows, category, len(categories))
    wanted = np.array([one.visits_per_year for one in categories])
    is_served = facts.visits[rows] >= wanted[category]
    served = np.bincount(category, is_served, minlength=len(categories)).tolist()
    return tuple(
        CategoryFigures(
            name=one.name,
            account_count=int(sums.accounts[k]),
            customer_count=int(sums.customers[k]),
            potential=money(sums.potential_eur[k]),
            revenue=money(sums.revenue_eur[k]),
            share=round(float(sums.share[k]), 4),
            share_of_wallet=round(float(sums.share_of_wallet[k]), 4),
            visits_per_year=one.visits_per_year,
            visits_per_account=share(float(sums.visits[k]), float(sums.accounts[k]), 2),
            served_share=share(served[k], float(sums.accounts[k])),
        )
        for k, one in enumerate(categories)
    )


def _odd(
    snapshot: Snapshot, settings: MarketSettings, facts: Facts, rows: NDArray[np.intp]
) -> tuple[list[OddAccount], int]:
    """Those that stand out in margin or amount of an order, and how many were compared."""
    table = snapshot.table
    segment = table.segment.astype(np.intp)
    fine = segment * len(settings.categories) + facts.category
    has_orders = (table.order_count >= FEWEST_ORDERS) & (table.revenue_eur > 0)
    order_eur = np.where(has_orders, table.revenue_eur / np.maximum(table.order_count, 1), np.nan)
    found: list[OddAccount] = []
    compared = np.zeros(len(table), dtype=np.bool_)
    margin = compare(table.margin_share, fine, segment, LEAST_MARGIN_SD)
    size = compare(np.log(order_eur), fine, segment, LEAST_LOG_ORDER_SD)
    for measure, one, values, usual in (
        ("margin", margin, table.margin_share, margin.usual),
        ("order_value", size, order_eur, np.exp(size.usual)),
    ):
        compared |= one.group_size > 0
        for row in _among(np.flatnonzero(one.stand_out()), rows):
            lost = (usual[row] - values[row]) * table.recent_revenue_eur[row]
            found.append(
                OddAccount(
                    account_id=str(table.account_id[row]),
                    name=table.name[row],
                    segment=snapshot.programme[table.segment[row]].name,
                    category=settings.categories[facts.category[row]].name,
                    measure=measure,
                    value=round(float(values[row]), 4),
                    usual=round(float(usual[row]), 4),
                    robust_z=round(float(one.robust_z[row]), 2),
                    like_count=int(one.group_size[row]),
                    revenue=money(table.recent_revenue_eur[row]),
                    at_stake=money(lost) if measure == "margin" else None,
                )
            )
    found.sort(key=lambda odd: -abs(odd.robust_z))
    return found, int(compared[rows].sum())


def _among(found: NDArray[np.intp], rows: NDArray[np.intp]) -> Sequence[int]:
    kept: list[int] = found[np.isin(found, rows)].tolist()
    return kept
