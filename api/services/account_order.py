"""Accounts in an order, and the place in it from which a list goes on."""

import base64
import binascii
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from api.services.errors import Fault, RefusedRequestError
from api.state import Snapshot

BEFORE_OVERDUE = float(np.nextafter(1.0, 0.0))
"""Due ratio of an account that was never visited: it comes after those that are overdue."""

Key = list[str | float | int]
"""What accounts are ordered by, with the id as the last entry, so that no two are equal."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of the table in their order; `next_cursor` is None on the last page."""

    rows: tuple[int, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """
    How accounts are ordered.

    Parameters
    ----------
    name
        `id`, `name`, `potential`, `prize` and so on, or what else tells it from others.
    key
        Of a row, ascending.
    rank
        (n,) the place of each row in the order of all; None where rows come in order.
    is_reversed
        Whether the last one comes first.
    """

    name: str
    key: Callable[[int], Key]
    rank: NDArray[np.intp] | None = None
    is_reversed: bool = False


def order_by(snapshot: Snapshot, sort: str) -> Order:
    """An order by its name, `-` in front for the other way round."""
    name = sort.removeprefix("-")
    rank: NDArray[np.intp] | None = None
    if name != "id":
        rank = snapshot.memo.get(("rank", name), lambda: _ranks(snapshot, name))
    return Order(name, lambda row: _key(snapshot, name, row), rank, sort.startswith("-"))


def page_of(rows: NDArray[np.intp], order: Order, cursor: str | None, limit: int) -> Page:
    """
    The next rows after a cursor.

    The cursor says after which account to go on, by what that account was ordered by. It holds
    when accounts come, go and change between two pages: nobody who stays as they are is passed
    over or comes twice.

    Raises
    ------
    RefusedRequestError
        When the cursor is none of ours, or of another order.
    """
    ordered = rows if order.rank is None else rows[np.argsort(order.rank[rows])]
    first, last = 0, len(ordered)
    if cursor is not None:
        after = _read(cursor, order.name)
        try:
            if order.is_reversed:
                last = bisect_left(ordered, after, key=order.key)
            else:
                first = bisect_right(ordered, after, key=order.key)
        except TypeError:
            raise _unreadable(cursor) from None
    rest = ordered[first:last][::-1] if order.is_reversed else ordered[first:last]
    shown = rest[:limit].tolist()
    more = len(rest) > limit
    return Page(tuple(shown), _written(order.name, order.key(shown[-1])) if more else None)


def _ranks(snapshot: Snapshot, name: str) -> NDArray[np.intp]:
    """The place of each row in the order of all."""
    if name == "name":
        order: Sequence[int] = sorted(
            range(len(snapshot.table)), key=lambda row: name_key(snapshot.table.name[row])
        )
    else:
        order = np.argsort(_figures(snapshot, name), kind="stable").tolist()
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank


def _figures(snapshot: Snapshot, name: str) -> NDArray[np.float64]:
    """(n,) what accounts are ordered by, the best one smallest."""
    if name == "potential":
        return -snapshot.table.potential_eur
    scores = snapshot.scores(snapshot.today_day)
    if name == "prize":
        return -scores.prize_cents.astype(np.float64)
    if name == "visit_value":
        return -scores.visit_value_cents.astype(np.float64)
    values = snapshot.values
    if name == "customer_value":
        return -values.customer_value_eur
    if name == "growth":
        return -values.growth_eur
    if name == "churn_risk":
        # Who never ordered cannot be lost, and comes after all who can.
        return -np.where(values.has_orders, values.churn_risk, -1.0)
    ratio = scores.due_ratio
    return -np.where(np.isnan(ratio), BEFORE_OVERDUE, ratio)


def _key(snapshot: Snapshot, name: str, row: int) -> Key:
    account_id = int(snapshot.table.account_id[row])
    if name == "id":
        return [account_id]
    if name == "name":
        return [name_key(snapshot.table.name[row]), account_id]
    return [float(_figures(snapshot, name)[row]), account_id]


def name_key(name: str) -> str:
    """Names as people look them up: case and accents do not count."""
    if name.isascii():
        return name.casefold()
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _written(order: str, key: Key) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([order, *key])).decode().rstrip("=")


def _read(cursor: str, order: str) -> Key:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError):
        raise _unreadable(cursor) from None
    if not isinstance(found, list) or len(found) < 2:
        raise _unreadable(cursor)
    if found[0] != order:
        raise _fault(f"The cursor is of a list in another order than by {order}.")
    return found[1:]


def _unreadable(cursor: str) -> RefusedRequestError:
    return _fault(f"The cursor {cursor[:40]!r} is none of ours.")


def _fault(detail: str) -> RefusedRequestError:
    way_out = "Take it from next_cursor of the page before, or leave it out to begin."
    return RefusedRequestError([Fault("/cursor", "INVALID_FORMAT", f"{detail} {way_out}")])
