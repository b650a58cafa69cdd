"""Accounts as other systems know them: one by what they call it, many at once, what changed."""

from flask import Blueprint, Response, request

from api.resources.converters import AS_IT_IS
from api.resources.http import json_response, read_items, read_values
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.account_record import (
    AccountBatch,
    AccountBatchResult,
    AccountChangeList,
    AccountFacts,
    AccountKey,
    BatchItem,
    ChangesQuery,
    ExternalAccount,
)
from api.services import account_batch, account_changes
from api.services import account_records as records

blueprint = Blueprint("account_records", __name__)

ADDRESS = "/accounts/by-external-id/<system>/<any_text:external_id>"


@blueprint.get(ADDRESS, **AS_IT_IS)
@operation(
    "An account by what another system calls it",
    answer=ExternalAccount,
    not_modified=True,
    problems=(404, 422, 503),
)
def get_account_by_external_id(system: str, external_id: str) -> Response:
    """All that is stored of it, without visits and orders; the `ETag` is its version."""
    key = _key(system, external_id)
    found = records.get_account(app_state(), key.system, key.external_id)
    response = with_version(json_response(found), found.version)
    response.make_conditional(request)
    return response


@blueprint.put(ADDRESS, **AS_IT_IS)
@operation(
    "Write what another system says of an account",
    body=AccountFacts,
    answer=ExternalAccount,
    also=(201,),
    guarded=True,
    problems=(400, 404, 413, 415, 422, 503),
)
def put_account_by_external_id(system: str, external_id: str, body: AccountFacts) -> Response:
    """
    201 where there was none, or it was deleted: it comes back with its history and its id.

    A key that is missing leaves what is known. An address that is new is looked for on the map.
    """
    key = _key(system, external_id)
    done = records.put_account(app_state(), key.system, key.external_id, body, preconditions())
    response = json_response(done.account, 201 if done.is_new else 200)
    if done.is_new:
        response.headers["Location"] = request.path
    return with_version(response, done.account.version)


@blueprint.delete(ADDRESS, **AS_IT_IS)
@operation(
    "Delete an account by what another system calls it",
    status=204,
    guarded=True,
    problems=(404, 422, 503),
)
def delete_account_by_external_id(system: str, external_id: str) -> Response:
    """
    It vanishes from lists and plans, and visits to come are cancelled.

    Visits, orders and routes of the past stay, and so does its id: PUT brings it back.
    """
    key = _key(system, external_id)
    records.delete_account(app_state(), key.system, key.external_id, preconditions())
    return Response(status=204)


def _key(system: str, external_id: str) -> AccountKey:
    return read_values(AccountKey, {"system": system, "external_id": external_id})


@blueprint.post("/accounts/batch")
@operation(
    "Write what another system says of many accounts",
    body=AccountBatch,
    answer=AccountBatchResult,
    problems=(400, 413, 415, 422, 503),
)
def put_accounts(body: AccountBatch) -> AccountBatchResult:
    """Each as with PUT. Those that cannot be used are refused one by one, the others go on."""
    return account_batch.put_accounts(app_state(), body, read_items(BatchItem, body.items))


@blueprint.get("/accounts/changes")
@operation(
    "What has changed of accounts",
    query=ChangesQuery,
    answer=AccountChangeList,
    problems=(422, 503),
)
def list_account_changes(query: ChangesQuery) -> AccountChangeList:
    """In the order of their last change, deleted ones too."""
    return account_changes.account_changes(app_state(), query)
