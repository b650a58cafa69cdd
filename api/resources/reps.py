"""Representatives, and who owns what."""

from flask import Blueprint, Response, request

from api.resources.converters import AS_IT_IS
from api.resources.http import json_response, read_values
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.account_record import AccountKey, OwnerAnswer, OwnerChange
from api.schemas.dataset import RepList
from api.schemas.rep import RepAnswer, RepFacts
from api.services import dataset, owners
from api.services import reps as service

blueprint = Blueprint("reps", __name__)


@blueprint.get("/reps")
@operation("The representatives", answer=RepList, problems=(503,))
def reps() -> RepList:
    """With the town of their home and how many accounts they own."""
    return dataset.reps(app_state())


@blueprint.put("/reps/by-external-id/<system>/<any_text:external_id>", **AS_IT_IS)
@operation(
    "Write what another system says of a rep",
    body=RepFacts,
    answer=RepAnswer,
    also=(201,),
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def put_rep_by_external_id(system: str, external_id: str, body: RepFacts) -> Response:
    """
    201 where there was none. A key that is missing leaves what is known.

    Accounts whose owner the system called so before the rep was known, are the rep's from today.
    """
    key = read_values(AccountKey, {"system": system, "external_id": external_id})
    done = service.put_rep(app_state(), key.system, key.external_id, body)
    response = json_response(done.rep, 201 if done.is_new else 200)
    if done.is_new:
        response.headers["Location"] = request.path
    return response


@blueprint.put("/accounts/<account_id>/owner")
@operation(
    "Say who owns an account",
    body=OwnerChange,
    answer=OwnerAnswer,
    guarded=True,
    problems=(400, 404, 413, 415, 422, 503),
)
def set_owner(account_id: str, body: OwnerChange) -> Response:
    """By hand, from today on; it stays until the CRM names another owner than before."""
    done = owners.set_owner(app_state(), account_id, body.rep_id, preconditions())
    return with_version(json_response(done), done.version)
