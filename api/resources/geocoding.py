"""Addresses to positions and back."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.geocode import GeocodeAnswer, GeocodeQuery, ReverseAnswer, ReverseQuery
from api.services import geocoding

blueprint = Blueprint("geocoding", __name__)


@blueprint.get("/geocode")
@operation(
    "Where an address is", query=GeocodeQuery, answer=GeocodeAnswer, problems=(404, 409, 422, 503)
)
def geocode(query: GeocodeQuery) -> GeocodeAnswer:
    """As one text or in its parts; with how exactly that is known and what else may be meant."""
    return geocoding.geocode(app_state(), query)


@blueprint.get("/reverse")
@operation(
    "The address of a position",
    query=ReverseQuery,
    answer=ReverseAnswer,
    problems=(404, 409, 422, 503),
)
def reverse(query: ReverseQuery) -> ReverseAnswer:
    """The nearest house, street or place."""
    return geocoding.reverse(app_state(), query)
