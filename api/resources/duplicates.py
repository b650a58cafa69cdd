"""Accounts that look like one."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.duplicate import (
    DecisionAnswer,
    DuplicateDecision,
    DuplicateList,
    DuplicatesQuery,
)
from api.services import duplicates

blueprint = Blueprint("duplicates", __name__)


@blueprint.get("/accounts/duplicates")
@operation(
    "Accounts that look like one", query=DuplicatesQuery, answer=DuplicateList, problems=(422, 503)
)
def list_duplicates(query: DuplicatesQuery) -> DuplicateList:
    """Pairs that nobody has decided on, the likeliest first. None is merged unasked."""
    return duplicates.duplicates(app_state(), query)


@blueprint.post("/accounts/duplicates")
@operation(
    "Decide whether two accounts are one",
    body=DuplicateDecision,
    answer=DecisionAnswer,
    problems=(400, 413, 415, 422, 503),
)
def decide_duplicate(body: DuplicateDecision) -> DecisionAnswer:
    """`distinct`: they are two, and are not proposed again. `merge`: one of them stays."""
    return duplicates.decide(app_state(), body)
