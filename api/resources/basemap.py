"""Our own basemap as GeoJSON."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from api.resources.http import Payload, payload_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.services.basemap import border_features, place_features, road_features
from api.state import AppState
from api.world import World

blueprint = Blueprint("basemap", __name__)

DRAWN_KINDS = ("highway", "local")
"""Kinds of roads on the basemap; the made-up ways to each postcode would only cover it."""


LAYERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "roads": lambda world: road_features(world.graph, DRAWN_KINDS),
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
    # Asked for anew each time, since another data set may bring another map.
    return payload_response(_payload(app_state(), layer))


def prepare(state: AppState) -> None:
    """Make all layers now; together they take a second."""
    for layer in LAYERS:
        _payload(state, layer)


def _payload(state: AppState, layer: str) -> Payload:
    world = state.world
    return state.memo.get((world.version, layer), lambda: Payload.of(LAYERS[layer](world)))
