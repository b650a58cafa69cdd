"""Accounts as a list, as points of the map, and one of them as a card."""

from datetime import UTC, date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, NEVER_VISITED, PROGRAMME, STATUSES, OpeningHours, Scores
from api.schemas.account import (
    AccountCard,
    AccountItem,
    AccountList,
    OpeningAnswer,
    PastOrder,
    PastVisit,
)
from api.services.account_search import rows_called
from api.services.errors import NotStoredError
from api.state import AppState, Snapshot
from data import account_store
from data.errors import NotFoundError
from geo import BoundingBox

EPOCH = date(1970, 1, 1)
DIGITS = 5
"""Decimals of a degree on the wire: about a metre."""


def rows_in(snapshot: Snapshot, box: BoundingBox | None) -> NDArray[np.intp]:
    """Rows of the table within a box, ascending; without one, all."""
    if box is None:
        return np.arange(len(snapshot.table))
    lon, lat = snapshot.table.lon, snapshot.table.lat
    return np.flatnonzero(
        (box.west <= lon) & (lon <= box.east) & (box.south <= lat) & (lat <= box.north)
    )


def row_of(snapshot: Snapshot, account_id: str) -> int | None:
    """The row of an account by its id on the wire, or None."""
    if not account_id.isascii() or not account_id.isdecimal() or len(account_id) > 18:
        return None
    return snapshot.table.row_of(int(account_id))


def list_accounts(
    state: AppState, box: BoundingBox | None, cursor: int | None, limit: int
) -> AccountList:
    """The next accounts after a cursor, by id."""
    snapshot = state.snapshot()
    rows = rows_in(snapshot, box)
    if cursor is not None:
        rows = rows[snapshot.table.account_id[rows] > cursor]
    scores = snapshot.scores(snapshot.today_day)
    shown = rows[:limit].tolist()
    return AccountList(
        items=tuple(AccountItem(**item_facts(snapshot, scores, row)) for row in shown),
        next_cursor=str(snapshot.table.account_id[shown[-1]]) if len(rows) > limit else None,
    )


def find_accounts(state: AppState, text: str, box: BoundingBox | None, limit: int) -> AccountList:
    """The accounts that are called so, best first. Who misses one types more of its name."""
    snapshot = state.snapshot()
    rows = rows_called(snapshot, text)
    if box is not None:
        rows = rows[np.isin(rows, rows_in(snapshot, box))]
    scores = snapshot.scores(snapshot.today_day)
    return AccountList(
        items=tuple(
            AccountItem(**item_facts(snapshot, scores, row)) for row in rows[:limit].tolist()
        )
    )


def account_points(snapshot: Snapshot, box: BoundingBox | None) -> dict[str, Any]:
    """What the map shows of every account with a position: id, class and due state."""
    table, scores = snapshot.table, snapshot.scores(snapshot.today_day)
    rows = rows_in(snapshot, box)
    rows = rows[snapshot.has_location[rows]]
    features = [
        {
            "type": "Feature",
            "id": account_id,
            "properties": {"status": status, "segment": segment, "due": due},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for account_id, status, segment, due, lon, lat in zip(
            table.account_id[rows].tolist(),
            (STATUSES[k].value for k in table.status[rows]),
            (PROGRAMME[k].name for k in table.segment[rows]),
            (DUE_STATES[k].value for k in scores.due_state[rows]),
            np.round(table.lon[rows], DIGITS).tolist(),
            np.round(table.lat[rows], DIGITS).tolist(),
            strict=True,
        )
    ]
    return {"type": "FeatureCollection", "features": features}


def account_card(state: AppState, account_id: str) -> AccountCard:
    """
    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    snapshot = state.snapshot()
    row = row_of(snapshot, account_id)
    if row is None:
        raise NotStoredError(f"There is no account {account_id}.")
    table, scores = snapshot.table, snapshot.scores(snapshot.today_day)
    try:
        with state.database.session() as session:
            card = account_store.get(
                session, snapshot.dataset.id, int(table.account_id[row]), snapshot.today
            )
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None
    last_day = int(table.last_visit_day[row])
    segment = PROGRAMME[table.segment[row]]
    return AccountCard(
        **item_facts(snapshot, scores, row),
        timezone=card.account.timezone,
        owner_id=None if card.owner is None else str(card.owner.id),
        owner=None if card.owner is None else card.owner.name,
        channel=segment.channel.value,
        revenue=round(float(table.revenue_eur[row]), 2),
        order_count=int(table.order_count[row]),
        history_months=table.history_months,
        visit_interval_days=float(table.visit_interval_days[row]),
        service_duration_s=int(table.service_duration_s[row]),
        last_visit=None if last_day == NEVER_VISITED else EPOCH + timedelta(days=last_day),
        due_factor=round(float(scores.due_factor[row]), 3),
        opening_hours=_opening(table.opening_patterns[table.opening_hours[row]]),
        visits=tuple(
            PastVisit(
                start=visit.start_at.astimezone(UTC),
                status=visit.status.value,
                channel=visit.channel.value,
                outcome=visit.outcome,
            )
            for visit in card.visits
        ),
        orders=tuple(
            PastOrder(
                date=order.order_date, amount=order.amount_cents / 100, currency=order.currency
            )
            for order in card.orders
        ),
    )


def item_facts(snapshot: Snapshot, scores: Scores, row: int) -> dict[str, Any]:
    """What every list says of an account."""
    table = snapshot.table
    ratio = float(scores.due_ratio[row])
    return {
        "account_id": str(table.account_id[row]),
        "name": table.name[row],
        "status": STATUSES[table.status[row]].value,
        "segment": PROGRAMME[table.segment[row]].name,
        "postcode": table.postcode[row],
        "town": table.town[row],
        "position": position_of(snapshot, row),
        "potential": round(float(table.potential_eur[row]), 2),
        "due": DUE_STATES[scores.due_state[row]].value,
        "due_ratio": None if np.isnan(ratio) else round(ratio, 2),
        "visit_value": int(scores.visit_value_cents[row]) / 100,
        "prize": int(scores.prize_cents[row]) / 100,
        "priority": int(scores.priority[row]),
    }


def position_of(snapshot: Snapshot, row: int) -> tuple[float, float] | None:
    if not snapshot.has_location[row]:
        return None
    lon, lat = float(snapshot.table.lon[row]), float(snapshot.table.lat[row])
    return round(lon, DIGITS), round(lat, DIGITS)


def _opening(hours: OpeningHours) -> tuple[OpeningAnswer, ...]:
    return tuple(
        OpeningAnswer(
            weekday=window.weekday, opens=_clock(window.opens_s), closes=_clock(window.closes_s)
        )
        for window in hours
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
