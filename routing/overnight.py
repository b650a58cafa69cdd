"""Which towns to offer for the nights of a trip, and from where a night away is worth its name."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.corridor import corridor
from routing.problem import UNREACHABLE
from routing.roads.engine import RoadEngine, SnappedPlaces


@dataclass(frozen=True, slots=True)
class OvernightRule:
    """
    What makes a town a candidate for a night, tried out on trips through Germany.

    Parameters
    ----------
    size
        How many towns at most.
    min_population
        Smaller towns have too few places to stay.
    max_detour_s
        Longest detour to the town on a trip from one place to another.
    min_travel_s
        Shortest drive from the start and to the end; nearer than that one sleeps there.
    spacing_s
        Shortest drive from one candidate to another.
    decay_s
        A client counts for 1/e of its prize if it is this far from the town.
    """

    size: int = 10
    min_population: int = 15_000
    max_detour_s: int = 45 * 60
    min_travel_s: int = 40 * 60
    spacing_s: int = 25 * 60
    decay_s: int = 30 * 60


def choose_overnight_towns(
    engine: RoadEngine,
    start: SnappedPlaces,
    end: SnappedPlaces,
    towns: SnappedPlaces,
    population: NDArray[np.int64],
    clients: SnappedPlaces,
    prize_cents: NDArray[np.int64],
    nights: int,
    max_visit_detour_s: int,
    rule: OvernightRule = OvernightRule(),
) -> NDArray[np.intp]:
    """
    Choose towns for the nights of a trip by the prizes around them.

    First one town for each night near its stage of the way, the best of each stage, so that
    the days of a long trip can be driven at all; then the best of the others. If start and end are
    one place, or so near each other that no town lies between them, the trip is a round: the
    detour allowed is that of the visits, and there are no stages.

    Parameters
    ----------
    start, end
        One place each.
    towns, population
        (t,) places and their inhabitants.
    clients, prize_cents
        (n,) shortlisted accounts and what they are worth now.
    nights
        Of the trip.
    max_visit_detour_s
        Longest detour to a single account.
    rule
        What makes a town a candidate.

    Returns
    -------
    (k,) indices of towns, best first. Empty where no town fits: then the nights can only be spent
    at the start or the end.
    """
    populous = np.flatnonzero(population >= rule.min_population)
    ways = corridor(engine, start, end, towns[populous])
    is_round = ways.direct_s < 2 * rule.min_travel_s
    max_detour_s = max_visit_detour_s if is_round else rule.max_detour_s
    fits = np.flatnonzero(
        (ways.detour_s <= max_detour_s)
        & (ways.from_start_s > rule.min_travel_s)
        & (ways.to_end_s > rule.min_travel_s)
    )
    candidates = populous[fits]
    travel_s = engine.matrix(towns[candidates], clients).duration_s
    around = np.exp(-travel_s / rule.decay_s) @ prize_cents
    best_first = np.lexsort((candidates, ways.detour_s[fits], -around))
    from_start_s, to_end_s = ways.from_start_s[fits], ways.to_end_s[fits]
    stage = from_start_s / (from_start_s + to_end_s) * (nights + 1)

    is_free = np.ones(len(candidates), np.bool_)
    chosen: list[int] = []

    def choose_first(is_wanted: NDArray[np.bool_]) -> bool:
        found = best_first[(is_free & is_wanted)[best_first]]
        if len(found) == 0 or len(chosen) == rule.size:
            return False
        town = candidates[found[0]]
        chosen.append(int(town))
        apart_s = engine.one_to_many(towns[town], towns[candidates]).duration_s[0]
        is_free[apart_s < rule.spacing_s] = False
        is_free[found[0]] = False
        return True

    if not is_round:
        for night in range(1, nights + 1):
            choose_first(np.abs(stage - night) <= 0.5)
    while choose_first(is_free):
        pass
    return np.array(chosen, dtype=np.intp)


def close_near_home(
    duration_s: NDArray[np.int64],
    stops: NDArray[np.intp],
    nights_away: NDArray[np.intp],
    home: int,
    min_drive_home_s: int,
) -> NDArray[np.int64]:
    """
    Travel times with no way from a stop to a night away unless the drive home is long.

    The rule "a night away only where the drive home takes longer than this" depends on the last
    stop of the day, so it is a rule about legs: from a stop with a shorter drive home, every place
    for a night away becomes unreachable. Home itself stays open, and so does the way to a place
    for the night from where a day starts: whoever drives straight there wants to be there.

    Parameters
    ----------
    duration_s
        (n, n) int64, row = from, column = to.
    stops
        Rows of the clients.
    nights_away
        Columns of the places for a night, home not among them. They must be rows of their own:
        no client's, and none where the trip may end.
    home
        Row of the home.
    min_drive_home_s
        A drive home that takes no longer than this is driven.
    """
    closed = duration_s.copy()
    near = stops[duration_s[stops, home] <= min_drive_home_s]
    closed[np.ix_(near, nights_away)] = UNREACHABLE
    return closed
