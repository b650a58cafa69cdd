"""Accounts."""

from flask import Blueprint, Response

from api.resources.http import Payload, payload_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.account import AccountCard, AccountList, AccountsQuery, BoxQuery
from api.services import accounts
from api.services.boxes import bounding_box
from api.state import AppState, Snapshot

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@operation(
    "Accounts, by id or for what was typed",
    query=AccountsQuery,
    answer=AccountList,
    problems=(422, 503),
)
def list_accounts(query: AccountsQuery) -> AccountList:
    """All of them in pages, those within a box, or the best matches for a text."""
    box = bounding_box(query.bbox)
    if query.q is not None:
        return accounts.find_accounts(app_state(), query.q, box, query.limit)
    cursor = None if query.cursor is None else int(query.cursor)
    return accounts.list_accounts(app_state(), box, cursor, query.limit)


@blueprint.get("/accounts.geojson")
@operation(
    "Accounts as points of a map",
    query=BoxQuery,
    media="application/geo+json",
    not_modified=True,
    problems=(422, 503),
)
def account_points(query: BoxQuery) -> Response:
    """A FeatureCollection; the feature id is the account id, due is green, yellow or red."""
    snapshot, box = app_state().snapshot(), bounding_box(query.bbox)
    if box is None:
        return payload_response(_all_points(snapshot))
    return payload_response(Payload.of(accounts.account_points(snapshot, box)))


def prepare(state: AppState) -> None:
    """Make the points of all accounts now."""
    _all_points(state.snapshot())


def _all_points(snapshot: Snapshot) -> Payload:
    return snapshot.memo.get("points", lambda: Payload.of(accounts.account_points(snapshot, None)))


@blueprint.get("/accounts/<account_id>")
@operation("One account as a card", answer=AccountCard, problems=(404, 503))
def account_card(account_id: str) -> AccountCard:
    return accounts.account_card(app_state(), account_id)
