"""Our own basemap as GeoJSON."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from api.resources.http import Payload, payload_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.services.basemap import border_features, place_features, road_features
from api.world import DRAWN_KINDS, World

blueprint = Blueprint("basemap", __name__)

MAX_AGE_S = 3600

LAYERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "roads": lambda world: road_features(
        world.graph, [kind for kind in DRAWN_KINDS if kind in world.graph.kinds]
    ),
    "border": lambda world: border_features(world.areas),
    "places": lambda world: place_features(
        (town.name, town.lon, town.lat, town.population) for town in world.towns
    ),
}


@blueprint.get("/basemap/<layer>.geojson")
@operation(
    "A layer of the basemap",
    media="application/geo+json",
    not_modified=True,
    problems=(404, 503),
)
def basemap(layer: str) -> Response:
    """roads (by kind), border (outline and neighbours) or places (by population)."""
    if layer not in LAYERS:
        raise NotFound(f"There is no layer {layer!r}; there are {', '.join(LAYERS)}.")
    world = app_state().world
    make = partial(_payload, world, layer)
    return payload_response(app_state().memo.get(layer, make), MAX_AGE_S)


def _payload(world: World, layer: str) -> Payload:
    return Payload.of(LAYERS[layer](world))
