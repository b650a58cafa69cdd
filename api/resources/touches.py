"""What touches cost and bring, of all accounts and of one."""

from flask import Blueprint, Response

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.analysis import ScopeQuery
from api.schemas.touches import (
    AccountTouches,
    TouchesAnswer,
    TouchPolicyAnswer,
    TouchPolicyChange,
)
from api.services import account_touches as of_account
from api.services import touch_settings
from api.services import touches as service

blueprint = Blueprint("touches", __name__)


@blueprint.get("/touches")
@operation(
    "What touches take, cost and bring",
    query=ScopeQuery,
    answer=TouchesAnswer,
    problems=(422, 503),
)
def get_touches(query: ScopeQuery) -> Response:
    """Over the last 12 months; the `ETag` is the version of the settings, for `If-Match`."""
    found = service.touches(app_state(), query)
    return with_version(json_response(found), found.version)


@blueprint.put("/touches")
@operation(
    "Say what touches take, cost and bring",
    body=TouchPolicyChange,
    answer=TouchPolicyAnswer,
    guarded=True,
    problems=(400, 413, 415, 422, 503),
)
def put_touches(body: TouchPolicyChange) -> Response:
    """The next version, which counts from now on; older ones are kept."""
    done = touch_settings.decide_touches(app_state(), body, preconditions())
    return with_version(json_response(done), done.version)


@blueprint.get("/accounts/<account_id>/touches")
@operation("Touches of one account", answer=AccountTouches, problems=(404, 503))
def get_account_touches(account_id: str) -> AccountTouches:
    """What there was in the last 12 months, what the next touch brings, and what it all costs."""
    return of_account.account_touches(app_state(), account_id)
