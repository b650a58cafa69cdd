"""Vector tiles of a street map."""

import gzip
import hashlib

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from api.resources.http import Payload, payload_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.tile import TileQuery
from api.services.errors import NotReadyError
from api.services.tiles import tile_version
from data.errors import InvalidRoadMapError

blueprint = Blueprint("tiles", __name__)

MEDIA = "application/vnd.mapbox-vector-tile"

FOR_GOOD = "private, max-age=31536000, immutable"
"""For a tile that was asked for by the version of its map: no other bytes will ever be there."""


@blueprint.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@operation(
    "A tile of the basemap",
    query=TileQuery,
    media=MEDIA,
    not_modified=True,
    problems=(404, 422, 503),
)
def tile(z: int, x: int, y: int, query: TileQuery) -> Response:
    """
    Roads, water, land use, buildings, borders and names of a street map as a vector tile.

    Zooms are 0 to 14. With `v`, the version in `tiles_url`, it may be kept for good. A tile in
    which nothing is drawn has no bytes.
    """
    world = app_state().world
    if world.tiles is None:
        raise NotFound("The map in use has no tiles; /basemap/{layer}.geojson has its layers.")
    try:
        raw = world.tiles.tile(z, x, y)
    except ValueError as error:
        raise NotFound(str(error)) from None
    except InvalidRoadMapError as error:
        raise NotReadyError(str(error)) from error
    etag = hashlib.sha256(raw).hexdigest()[:20]
    response = payload_response(Payload(raw, gzip.compress(raw, 5, mtime=0), etag, MEDIA))
    if query.v == tile_version(world):
        response.headers["Cache-Control"] = FOR_GOOD
    return response
