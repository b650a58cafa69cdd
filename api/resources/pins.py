"""Where accounts are: the worklist, and the pin of one of them."""

from flask import Blueprint, Response

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.location import AccountLocation
from api.schemas.pin import LocationChange, Worklist, WorklistQuery
from api.services import pins
from api.services import worklist as worklist_service
from api.services.pins import Pinned

blueprint = Blueprint("pins", __name__)


@blueprint.get("/accounts/worklist")
@operation(
    "Accounts whose position should be looked at",
    query=WorklistQuery,
    answer=Worklist,
    problems=(422, 503),
)
def worklist(query: WorklistQuery) -> Worklist:
    """Those that could buy most first, with what is wrong and what else may be meant."""
    return worklist_service.worklist(app_state(), query)


@blueprint.put("/accounts/<account_id>/location")
@operation(
    "Put an account where it is",
    body=LocationChange,
    answer=AccountLocation,
    guarded=True,
    problems=(400, 404, 409, 412, 413, 415, 422, 503),
)
def set_location(account_id: str, body: LocationChange) -> Response:
    """By hand, so that no import and no geocoder moves it again."""
    return _shown(pins.set_location(app_state(), account_id, body, preconditions()))


@blueprint.delete("/accounts/<account_id>/location")
@operation(
    "Forget where an account was put, and look for its address again",
    answer=AccountLocation,
    guarded=True,
    problems=(404, 409, 412, 503),
)
def forget_location(account_id: str) -> Response:
    """On the map of the data set. A position that came from another system stays."""
    return _shown(pins.forget_location(app_state(), account_id, preconditions()))


def _shown(pinned: Pinned) -> Response:
    return with_version(json_response(pinned.location), pinned.version)
