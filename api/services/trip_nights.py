"""Where the nights of a trip may be spent, besides its ends."""

import numpy as np
from numpy.typing import NDArray

from api.schemas.place import ResolvedPlace
from api.services.considered import Considered
from api.services.trip_problem import NightPlace
from api.world import World
from routing.overnight import choose_overnight_towns
from routing.roads.engine import RoadEngine


def night_places(
    world: World,
    engine: RoadEngine,
    start: ResolvedPlace,
    end: ResolvedPlace,
    preferred: tuple[ResolvedPlace, ...],
    considered: Considered,
    rows: NDArray[np.int64],
    nights: int,
    max_visit_detour_s: int,
) -> tuple[NightPlace, ...]:
    """
    Those that the request prefers, and towns with many prizes around them.

    Parameters
    ----------
    rows
        Of those considered: the candidates.
    max_visit_detour_s
        Longest detour to a single account.
    """
    found = [NightPlace(place.name, *place.position) for place in preferred]
    chosen = choose_overnight_towns(
        engine,
        engine.snap(*start.position),
        engine.snap(*end.position),
        world.snapped_towns,
        np.array([town.population for town in world.towns], dtype=np.int64),
        considered.snapped[rows],
        considered.prize_cents[rows],
        nights,
        max_visit_detour_s,
    )
    towns = (world.towns[k] for k in chosen.tolist())
    return (*found, *(NightPlace(town.name, town.lon, town.lat) for town in towns))
