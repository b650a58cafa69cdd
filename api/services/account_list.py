"""Accounts as a list."""

from api.schemas.account import AccountItem, AccountList
from api.schemas.account_filter import AccountsQuery
from api.services.account_filter import matching_rows
from api.services.account_order import Order, order_by, page_of
from api.services.account_search import match_key
from api.services.accounts import item_facts
from api.services.areas import area_within, is_within
from api.state import Snapshot


def list_accounts(snapshot: Snapshot, query: AccountsQuery) -> AccountList:
    """
    A page of the accounts that a filter means, in the order that is asked for.

    Raises
    ------
    RefusedRequestError
        When a segment, a rep or the cursor is not known, or the box or the polygon is empty.
    """
    rows = matching_rows(snapshot, query)
    if query.polygon is not None:
        rows = rows[is_within(snapshot, rows, area_within(query.polygon))]
    if query.q is not None and query.sort is None:
        order = Order("match", match_key(snapshot, query.q))
    else:
        order = order_by(snapshot, query.sort or "id")
    page = page_of(rows, order, query.cursor, query.limit)
    scores = snapshot.scores(snapshot.today_day)
    return AccountList(
        items=tuple(AccountItem(**item_facts(snapshot, scores, row)) for row in page.rows),
        total=len(rows),
        next_cursor=page.next_cursor,
    )
