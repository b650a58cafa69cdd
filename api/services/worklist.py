"""Accounts whose position should be looked at, those that could buy most first."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.schemas.pin import Worklist, WorklistItem, WorklistQuery
from api.services.account_card import address_answer
from api.services.locations import location_of
from api.services.trust import ISSUES, NO_ISSUE, issue_counts, location_issues
from api.state import AppState, Snapshot
from data import location_store
from data.tables import Account


def worklist(state: AppState, query: WorklistQuery) -> Worklist:
    """The next accounts after a cursor. What is mended meanwhile moves none of the others."""
    snapshot = state.snapshot()
    rows, keys = snapshot.memo.get(
        ("worklist", query.issue), lambda: _ordered(snapshot, _wanted(snapshot, query.issue))
    )
    first = 0
    if query.cursor is not None:
        potential_cents, account_id = map(int, query.cursor.split("-"))
        first = bisect_right(keys, (-potential_cents, account_id))
    shown = rows[first : first + query.limit]
    with state.database.session() as session:
        ids = [int(snapshot.table.account_id[row]) for row in shown]
        accounts = location_store.by_id(session, snapshot.dataset.id, ids)
    following = first + len(shown)
    last = keys[following - 1] if shown else (0, 0)
    return Worklist(
        counts=issue_counts(snapshot),
        items=tuple(
            _item(snapshot, row, account)
            for row, account_id in zip(shown, ids, strict=True)
            if (account := accounts.get(account_id)) is not None
        ),
        next_cursor=f"{-last[0]}-{last[1]}" if shown and following < len(rows) else None,
    )


def _wanted(snapshot: Snapshot, codes: Sequence[str] | None) -> NDArray[np.intp]:
    issues = location_issues(snapshot)
    if codes is None:
        return np.flatnonzero(issues != NO_ISSUE)
    return np.flatnonzero(np.isin(issues, [ISSUES.index(code) for code in codes]))


def _ordered(snapshot: Snapshot, rows: NDArray[np.intp]) -> tuple[list[int], list[tuple[int, int]]]:
    """Rows by potential, highest first, then by id; and what each of them is ordered by."""
    cents = np.rint(100 * snapshot.table.potential_eur[rows]).astype(np.int64)
    ids = snapshot.table.account_id[rows]
    order = np.lexsort((ids, -cents))
    keys = list(zip((-cents[order]).tolist(), ids[order].tolist(), strict=True))
    return rows[order].tolist(), keys


def _item(snapshot: Snapshot, row: int, account: Account) -> WorklistItem:
    return WorklistItem(
        account_id=str(account.id),
        name=account.name,
        address=address_answer(account),
        potential=account.potential_cents / 100,
        location=location_of(snapshot, row, account),
        version=account.version,
    )
