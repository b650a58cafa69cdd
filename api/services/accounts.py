"""Rows of the account table by box and by id, and what every list says of one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, NO_OWNER, NO_VISITS_DAYS, STATUSES, Scores
from api.services.errors import NotStoredError
from api.services.trust import issue_of
from api.state import Snapshot
from geo import BoundingBox

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


def id_of(text: str) -> int | None:
    """The id of an account, or of a rep, as the database has it; None where it can be none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if number < 2**31 else None


def row_of(snapshot: Snapshot, account_id: str) -> int | None:
    """The row of an account by its id on the wire, or None."""
    number = id_of(account_id)
    return None if number is None else snapshot.table.row_of(number)


def stored_row(snapshot: Snapshot, account_id: str) -> int:
    """
    The row of an account that is to be there.

    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    row = row_of(snapshot, account_id)
    if row is None:
        raise NotStoredError(f"There is no account {account_id}.")
    return row


def item_facts(snapshot: Snapshot, scores: Scores, row: int) -> dict[str, Any]:
    """What every list says of an account."""
    table = snapshot.table
    ratio = float(scores.due_ratio[row])
    return {
        "account_id": str(table.account_id[row]),
        "name": table.name[row],
        "status": STATUSES[table.status[row]].value,
        "segment": snapshot.programme[table.segment[row]].name,
        "postcode": table.postcode[row],
        "town": table.town[row],
        "position": position_of(snapshot, row),
        "potential": round(float(table.potential_eur[row]), 2),
        "due": DUE_STATES[scores.due_state[row]].value,
        "due_ratio": None if np.isnan(ratio) else round(ratio, 2),
        "visit_value": int(scores.visit_value_cents[row]) / 100,
        "prize": int(scores.prize_cents[row]) / 100,
        "priority": int(scores.priority[row]),
        **value_facts(snapshot, row),
        "growth": round(float(snapshot.values.growth_eur[row]), 2),
        **owner_facts(snapshot, int(table.owner_rep_id[row])),
        "location_issue": issue_of(snapshot, row),
    }


def interval_answer(interval_days: float) -> float | None:
    """An interval as columns have it; None where there are no visits."""
    return None if interval_days >= NO_VISITS_DAYS else interval_days


def value_facts(snapshot: Snapshot, row: int) -> dict[str, float | None]:
    """What an account is worth as a customer, and how likely it has gone."""
    values = snapshot.values
    has_ordered = bool(values.has_orders[row])
    return {
        "customer_value": round(float(values.customer_value_eur[row]), 2),
        "churn_risk": round(float(values.churn_risk[row]), 4) if has_ordered else None,
    }


def served_facts(snapshot: Snapshot, row: int, day: int) -> dict[str, Any]:
    """Who serves an account on a day, by its segment or by an exception."""
    account_id = int(snapshot.table.account_id[row])
    held = [
        one for one in snapshot.exceptions if one.account_id == account_id and one.holds_on(day)
    ]
    channels = [one.channel for one in held if one.channel is not None]
    channel = channels[-1] if channels else snapshot.programme[snapshot.table.segment[row]].channel
    return {"channel": channel.value, "strategic": any(one.is_strategic for one in held)}


def owner_facts(snapshot: Snapshot, rep_id: int) -> dict[str, str | None]:
    """The id and the name of an owner, or of `NO_OWNER`."""
    names: dict[int, str] = snapshot.memo.get(
        "rep_names", lambda: {rep.id: rep.name for rep in snapshot.reps}
    )
    is_owned = rep_id != NO_OWNER
    return {
        "owner_id": str(rep_id) if is_owned else None,
        "owner": names.get(rep_id) if is_owned else None,
    }


def position_of(snapshot: Snapshot, row: int) -> tuple[float, float] | None:
    if not snapshot.has_location[row]:
        return None
    lon, lat = float(snapshot.table.lon[row]), float(snapshot.table.lat[row])
    return round(lon, DIGITS), round(lat, DIGITS)
