"""Where the nights of a trip may be spent: given places, home, preferred places, towns."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.schemas.place import ResolvedPlace
from api.services.considered import Considered
from api.services.trip_places import DayPlaces
from api.world import World
from routing.overnight import choose_overnight_towns
from routing.roads.engine import RoadEngine


@dataclass(frozen=True, slots=True)
class NightPlace:
    """
    A candidate for every night that is chosen.

    Parameters
    ----------
    cost_cents
        Of one night, where it is not the usual one.
    is_given
        Whether a day of the request starts or ends here anyway.
    """

    name: str | None
    position: tuple[float, float]
    cost_cents: int | None = None
    is_home: bool = False
    is_given: bool = False


def night_places(
    places: DayPlaces,
    preferred: tuple[tuple[ResolvedPlace, int | None], ...],
    towns: tuple[NightPlace, ...],
    *,
    home_allowed: bool,
    away_allowed: bool,
) -> tuple[NightPlace, ...]:
    """
    All candidates, each position once.

    Parameters
    ----------
    preferred
        With what a night there costs in cents, if that is said.
    away_allowed
        Whether preferred places and towns count.
    """
    found: dict[tuple[float, float], NightPlace] = {}
    for place in places.given:
        found[place.position] = NightPlace(
            place.name, place.position, is_home=places.is_home(place), is_given=True
        )
    if places.home is not None:
        home = NightPlace(places.home.name, places.home.position, is_home=True)
        found.setdefault(home.position, home)
    if away_allowed:
        for wanted, cost_cents in preferred:
            one = NightPlace(wanted.name, wanted.position)
            known = found.get(wanted.position, one)
            if cost_cents is not None and not known.is_home:
                known = replace(known, cost_cents=cost_cents)
            found[wanted.position] = known
        for town in towns:
            found.setdefault(town.position, town)
    return tuple(one for one in found.values() if home_allowed or not one.is_home)


def towns_for_nights(
    world: World,
    engine: RoadEngine,
    places: DayPlaces,
    considered: Considered,
    rows: NDArray[np.int64],
    max_visit_detour_s: int,
) -> tuple[NightPlace, ...]:
    """
    Towns with many prizes around them, for each stretch of the trip with nights to choose.

    Parameters
    ----------
    rows
        Of those considered: the candidates.
    max_visit_detour_s
        Longest detour to a single account.
    """
    population = np.array([town.population for town in world.towns], dtype=np.int64)
    chosen: dict[int, NightPlace] = {}
    seen = set()
    for stretch in places.stretches:
        way = (stretch.start.position, stretch.end.position, stretch.nights)
        if stretch.nights == 0 or way in seen:
            continue
        seen.add(way)
        for k in choose_overnight_towns(
            engine,
            engine.snap(*stretch.start.position),
            engine.snap(*stretch.end.position),
            world.snapped_towns,
            population,
            considered.snapped[rows],
            considered.prize_cents[rows],
            stretch.nights,
            max_visit_detour_s,
        ).tolist():
            town = world.towns[k]
            chosen[k] = NightPlace(town.name, (town.lon, town.lat))
    return tuple(chosen.values())
