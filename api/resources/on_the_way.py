"""Who is on the way."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.account import OnTheWay, OnTheWayQuery
from api.services import on_the_way as service

blueprint = Blueprint("on_the_way", __name__)


@blueprint.get("/on-the-way")
@operation(
    "Accounts on the way from one place to another",
    query=OnTheWayQuery,
    answer=OnTheWay,
    problems=(422, 503),
)
def on_the_way(query: OnTheWayQuery) -> OnTheWay:
    """All accounts are examined; listed are those whose detour alone is within the limit."""
    return service.on_the_way(app_state(), query)
