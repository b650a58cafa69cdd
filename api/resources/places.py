"""Places for a type-ahead."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.place import PlaceList, PlacesQuery
from api.services import places as service

blueprint = Blueprint("places", __name__)


@blueprint.get("/places")
@operation("Places for what was typed", query=PlacesQuery, answer=PlaceList, problems=(422, 503))
def places(query: PlacesQuery) -> PlaceList:
    """Towns and postcodes, largest first; `query` of each can be sent back as a place."""
    return service.find_places(app_state(), query.q, query.limit)
