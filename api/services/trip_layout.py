"""Which place each row of the matrices stands for."""

from dataclasses import dataclass

import numpy as np

from api.services.trip_nights import NightPlace
from api.services.trip_places import DayPlaces, row_of_place
from routing.roads.engine import RoadEngine, SnappedPlaces

SAME_DIGITS = 6
"""Positions that agree so far, in degrees, are one place: visits there share their setup."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """
    Rows of the matrices: the given places, other places for the nights, the clients.

    Parameters
    ----------
    starts, ends
        Row of each day; None where the night is chosen.
    nights
        Row of each of the places for the night.
    clients
        Row of each client; those at one position share it.
    names
        By row; None for those of clients.
    is_home
        By row of the places: whether a night there is none away.
    snapped
        By row.
    """

    starts: tuple[int | None, ...]
    ends: tuple[int | None, ...]
    nights: tuple[int, ...]
    clients: tuple[int, ...]
    names: tuple[str | None, ...]
    is_home: tuple[bool, ...]
    snapped: SnappedPlaces


def lay_out(
    engine: RoadEngine,
    places: DayPlaces,
    nights: tuple[NightPlace, ...],
    clients: SnappedPlaces,
) -> Layout:
    """
    Parameters
    ----------
    clients
        One place per client.
    """
    given = places.given
    row_of = {place.position: row for row, place in enumerate(given)}
    names = [place.name for place in given]
    is_home = [places.is_home(place) for place in given]
    for night in nights:
        if night.position not in row_of:
            row_of[night.position] = len(names)
            names.append(night.name)
            is_home.append(night.is_home)
    lon, lat = np.array([*row_of], dtype=float).T
    corners = np.round(np.column_stack((clients.lon, clients.lat)), SAME_DIGITS)
    _, first, which = np.unique(corners, axis=0, return_index=True, return_inverse=True)
    # In the order of the clients, so that a row says nothing about where it lies.
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return Layout(
        starts=tuple(row_of_place(given, place) for place in places.starts),
        ends=tuple(row_of_place(given, place) for place in places.ends),
        nights=tuple(row_of[night.position] for night in nights),
        clients=tuple((len(names) + rank[which.reshape(-1)]).tolist()),
        is_home=tuple(is_home),
        names=(*names, *(None for _ in first)),
        snapped=SnappedPlaces.concatenate(engine.snap(lon, lat), clients[first[order]]),
    )
