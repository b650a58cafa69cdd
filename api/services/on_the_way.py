"""Who is on the way from one place to another: two sweeps over the roads for all accounts."""

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, STATUSES, Scores
from api.schemas.account import OnTheWay, OnTheWayItem, OnTheWayQuery
from api.schemas.place import ResolvedPlace
from api.services.accounts import position_of, value_facts
from api.services.errors import Fault, ImpossibleTripError, RefusedRequestError
from api.services.places import PlaceResolver, resolve_text
from api.services.trust import NO_ISSUE, issue_counts, location_issues
from api.state import AppState, Snapshot
from routing.corridor import Corridor, corridor
from routing.problem import UNREACHABLE


def on_the_way(state: AppState, query: OnTheWayQuery) -> OnTheWay:
    """
    Accounts whose detour alone is within the limit, sorted, a page of them.

    Those whose position cannot be relied upon are only counted.

    Raises
    ------
    RefusedRequestError
        When a place is not known, or no road leads from one to the other.
    """
    snapshot = state.snapshot()
    world = snapshot.world
    resolver = PlaceResolver(world, snapshot)
    start = resolve_text(resolver, query.from_, "/from")
    end = resolve_text(resolver, query.to, "/to")
    if start is None or end is None:
        raise RefusedRequestError(resolver.faults)
    key = ("corridor", start.position, end.position)
    found = snapshot.memo.get(
        key,
        lambda: corridor(
            world.engine,
            world.engine.snap(*start.position),
            world.engine.snap(*end.position),
            snapshot.snapped,
        ),
    )
    if found.direct_s >= UNREACHABLE:
        raise ImpossibleTripError([no_road(start, end, "/to")])
    scores = snapshot.scores(snapshot.today_day)
    is_known = location_issues(snapshot) == NO_ISSUE
    within = np.flatnonzero(is_known & (found.detour_s <= query.max_detour_s))
    ordered = within[_order(query.sort, within, snapshot, scores, found)]
    first = 0 if query.cursor is None else int(query.cursor)
    shown = ordered[first : first + query.limit].tolist()
    following = first + len(shown)
    return OnTheWay(
        start=start,
        end=end,
        direct_travel_s=found.direct_s,
        direct_distance_m=found.direct_m,
        considered=len(snapshot.table),
        within=len(within),
        location_issues=issue_counts(snapshot),
        items=tuple(_item(snapshot, scores, found, row) for row in shown),
        next_cursor=str(following) if shown and following < len(ordered) else None,
    )


def no_road(start: ResolvedPlace, end: ResolvedPlace, at: str) -> Fault:
    return Fault(
        at,
        "UNREACHABLE_BY_ROAD",
        f"No known road leads from {start.name} to {end.name}: they lie in parts of the network "
        "that are not connected. Choose another start or end.",
    )


def _order(
    sort: str,
    rows: NDArray[np.intp],
    snapshot: Snapshot,
    scores: Scores,
    found: Corridor,
) -> NDArray[np.intp]:
    """Detour ascending, the others descending, `-` the other way round; ties by account id."""
    detour_s = found.detour_s[rows]
    prize = scores.prize_cents[rows].astype(np.float64)
    kind = sort.removeprefix("-")
    if kind == "detour":
        key = detour_s.astype(np.float64)
    elif kind == "potential":
        key = -snapshot.table.potential_eur[rows]
    elif kind == "prize":
        key = -prize
    elif kind == "customer_value":
        key = -snapshot.values.customer_value_eur[rows]
    elif kind == "churn_risk":
        # Who never ordered cannot be lost.
        key = -np.where(snapshot.values.has_orders, snapshot.values.churn_risk, -1.0)[rows]
    else:
        key = -prize / (snapshot.table.service_duration_s[rows] + np.maximum(detour_s, 0) + 1)
    return np.argsort(-key if sort.startswith("-") else key, kind="stable")


def _item(snapshot: Snapshot, scores: Scores, found: Corridor, row: int) -> OnTheWayItem:
    table = snapshot.table
    ratio = float(scores.due_ratio[row])
    position = position_of(snapshot, row)
    assert position is not None  # without one there is no detour
    return OnTheWayItem(
        account_id=str(table.account_id[row]),
        name=table.name[row],
        postcode=table.postcode[row],
        town=table.town[row],
        location=position,
        detour_s=int(found.detour_s[row]),
        potential=round(float(table.potential_eur[row]), 2),
        visit_value=int(scores.visit_value_cents[row]) / 100,
        due_ratio=None if np.isnan(ratio) else round(ratio, 2),
        due=DUE_STATES[scores.due_state[row]].value,
        prize=int(scores.prize_cents[row]) / 100,
        **value_facts(snapshot, row),
        status=STATUSES[table.status[row]].value,
        segment=snapshot.programme[table.segment[row]].name,
    )
