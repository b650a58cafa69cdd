"""The market of regions, reps or segments."""

from flask import Blueprint, Response

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.market import MarketAnswer, MarketPolicyAnswer, MarketPolicyChange, MarketQuery
from api.services import market as service
from api.services import market_settings

blueprint = Blueprint("market", __name__)


@blueprint.get("/market")
@operation(
    "Potential, share and gap of markets",
    query=MarketQuery,
    answer=MarketAnswer,
    problems=(422, 503),
)
def get_market(query: MarketQuery) -> Response:
    """With categories and odd prices; the `ETag` is the version of the settings, for `If-Match`."""
    found = service.market(app_state(), query)
    return with_version(json_response(found), found.version)


@blueprint.put("/market")
@operation(
    "Say what share of markets to aim at, and what categories there are",
    body=MarketPolicyChange,
    answer=MarketPolicyAnswer,
    guarded=True,
    problems=(400, 413, 415, 422, 503),
)
def put_market(body: MarketPolicyChange) -> Response:
    """The next version, which counts from now on; older ones are kept."""
    done = market_settings.decide_market(app_state(), body, preconditions())
    return with_version(json_response(done), done.version)
