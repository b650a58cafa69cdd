"""Loads compiled code, and compiles it where that has not been done."""

from collections.abc import Callable

from api.world import World
from routing.explain import warm_up as warm_explanation
from routing.search.warm import warm_up as warm_search


def warm_up(world: World, progress: Callable[[str], None]) -> None:
    """All that planning a trip needs."""
    warm_roads(world, progress)
    warm_search(progress)
    warm_explanation(progress)


def warm_roads(world: World, progress: Callable[[str], None]) -> None:
    """Ask the road engine everything once, for the ways between two towns."""
    progress("Compiling the road engine")
    # A map may have a single village, and without a map there is no town.
    lonlat = [(town.lon, town.lat) for town in world.towns[:2]] or [(0.0, 0.0)]
    places = world.engine.snap([lon for lon, _ in lonlat], [lat for _, lat in lonlat])
    first, last = places[0], places[len(places) - 1]
    world.engine.matrix(places, places)
    world.engine.one_to_many(first, places)
    world.engine.many_to_one(places, first)
    world.engine.path(first, last)
