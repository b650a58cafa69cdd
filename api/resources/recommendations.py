"""Whom to visit first."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.recommendation import RecommendationList, RecommendationsQuery
from api.services import recommendations as service

blueprint = Blueprint("recommendations", __name__)


@blueprint.get("/recommendations")
@operation(
    "Whom to visit first in a week, and why",
    query=RecommendationsQuery,
    answer=RecommendationList,
    problems=(422, 503),
)
def recommendations(query: RecommendationsQuery) -> RecommendationList:
    """From the top down, by the prizes that the planner collects, each with its parts."""
    return service.recommendations(app_state(), query)
