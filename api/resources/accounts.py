"""Accounts: lists, points of the map, one as a card, and what an area holds."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from api.resources.http import Payload, json_response, payload_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.account import AccountCard, AccountList
from api.schemas.account_filter import AccountFilter, AccountsQuery, Selection, SelectionRequest
from api.schemas.account_record import AccountChanges
from api.schemas.account_value import AccountValue
from api.services import account_edits
from api.services.account_card import account_card as card_of
from api.services.account_filter import matching_rows
from api.services.account_list import list_accounts as page_of_accounts
from api.services.account_points import account_points as points_of
from api.services.account_value import account_value as value_of
from api.services.selection import select
from api.state import AppState, Snapshot

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@operation(
    "Accounts in pages",
    query=AccountsQuery,
    answer=AccountList,
    not_modified=True,
    problems=(422, 503),
)
def list_accounts(query: AccountsQuery) -> Response:
    """All of them, or those that match every filter; `Link` has the address of the next page."""
    found = page_of_accounts(app_state().snapshot(), query)
    response = payload_response(Payload.of(found.body(), "application/json"))
    if found.next_cursor is not None:
        response.headers["Link"] = f'<{_next(found.next_cursor)}>; rel="next"'
    return response


def _next(cursor: str) -> str:
    """The address of the next page."""
    return f"{request.path}?{urlencode({**request.args, 'cursor': cursor})}"


@blueprint.get("/accounts.geojson")
@operation(
    "Accounts as points of a map",
    query=AccountFilter,
    media="application/geo+json",
    not_modified=True,
    problems=(422, 503),
)
def account_points(query: AccountFilter) -> Response:
    """
    A FeatureCollection; the feature id is the account id.

    Properties: `status`, `segment`, `due` (green, yellow or red), `potential` and `value` (customer
    value) to two digits, `risk` (of churn, in percent), `owner` (id of the rep as a number), and
    the `issue` of the position; the last three only where there is one.
    """
    snapshot = app_state().snapshot()
    if query == AccountFilter():
        return payload_response(_all_points(snapshot))
    return payload_response(Payload.of_bytes(points_of(snapshot, matching_rows(snapshot, query))))


def prepare(state: AppState) -> None:
    """Make the points of all accounts now."""
    _all_points(state.snapshot())


def _all_points(snapshot: Snapshot) -> Payload:
    def make() -> Payload:
        return Payload.of_bytes(points_of(snapshot, matching_rows(snapshot, AccountFilter())))

    found: Payload = snapshot.memo.get("points", make)
    return found


@blueprint.post("/accounts/selections")
@operation(
    "What the accounts in an area are worth",
    body=SelectionRequest,
    answer=Selection,
    problems=(400, 413, 415, 422, 503),
)
def select_accounts(body: SelectionRequest) -> Selection:
    """Of those within a polygon that match every filter; nothing is stored."""
    return select(app_state().snapshot(), body)


@blueprint.get("/accounts/<account_id>")
@operation("One account as a card", answer=AccountCard, problems=(404, 503))
def account_card(account_id: str) -> Response:
    """With its last visits and orders; the `ETag` is its version, for `If-Match`."""
    return _shown(card_of(app_state(), account_id))


@blueprint.get("/accounts/<account_id>/value")
@operation("What an account is worth", answer=AccountValue, problems=(404, 503))
def account_value(account_id: str) -> AccountValue:
    """Customer value, churn risk, potential, growth and visit value, each with its parts."""
    return value_of(app_state().snapshot(), account_id)


@blueprint.patch("/accounts/<account_id>")
@operation(
    "Change an account by hand",
    body=AccountChanges,
    answer=AccountCard,
    guarded=True,
    problems=(400, 404, 413, 415, 422, 503),
)
def change_account(account_id: str, body: AccountChanges) -> Response:
    """
    A key that is missing leaves what is known. An address that is new is looked for on the map.

    Pins and owners are set by requests of their own.
    """
    return _shown(account_edits.change_account(app_state(), account_id, body, preconditions()))


@blueprint.delete("/accounts/<account_id>")
@operation("Delete an account", status=204, guarded=True, problems=(404, 503))
def delete_account(account_id: str) -> Response:
    """It vanishes from lists and plans; its history stays, and visits to come are cancelled."""
    account_edits.delete_account(app_state(), account_id, preconditions())
    return Response(status=204)


def _shown(card: AccountCard) -> Response:
    return with_version(json_response(card), card.version)
