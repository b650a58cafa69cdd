"""
How much travel one call takes, estimated without planning a trip.

Good for questions about a year, such as whether a rep's time suffices; a planned route knows
better. A call is one visit in the field, as in the literature on selling time.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from accounts.errors import InvalidAccountsError
from geo import chord_to_m, unit_vectors

TOUR_CONSTANT = 0.7124
"""The shortest tour through N random points of an area A is about 0.7124 sqrt(N A) long: Beardwood,
Halton and Hammersley (1959), constant after Johnson, McGeoch and Rothberg (1996)."""

ROAD_FACTOR = 1.3
"""Metres of road for a metre of air line, where nothing better is known."""

SPEED_MPS = 16.0
"""Typical speed on the road, 58 km/h, where nothing better is known."""

NEIGHBOURS = 8
"""Accounts whose spread says how dense accounts are around one of them."""


def travel_per_call_s(
    distance_home_m: ArrayLike,
    area_m2: ArrayLike,
    call_count: ArrayLike,
    calls_per_day: ArrayLike,
    speed_mps: ArrayLike = SPEED_MPS,
    road_factor: float = ROAD_FACTOR,
) -> NDArray[np.float64]:
    """
    Seconds of travel that one call takes: its share of the way there and back, and a hop.

    (2 D / n_day + 0.7124 sqrt(A / N)) x road factor / v, after Skiera and Albers (1998). Divided
    by the length of the call this is the travel per calling hour of that model. The arguments
    broadcast against each other, so that all of a rep's accounts go in at once.

    Parameters
    ----------
    distance_home_m
        Air line between home and the account, D.
    area_m2, call_count
        An area around the account, A, and the calls that share it, N; fewer than one count as
        one. `area_of_neighbours_m2` gives such an area where none is at hand.
    calls_per_day
        Calls made on a day that reaches so far, n_day; fewer than one count as one.
        `calls_on_a_day` works it out.
    speed_mps
        On the road.
    road_factor
        Metres of road for a metre of air line.

    Raises
    ------
    InvalidAccountsError
        When a number is not finite or negative, or the speed is zero.
    """
    _check("Distance from home", distance_home_m)
    _check("Number of calls a day", calls_per_day)
    there_and_back_m = 2 * np.asarray(distance_home_m) / np.maximum(calls_per_day, 1.0)
    hop_m = hop_between_calls_m(area_m2, call_count)
    return np.asarray((there_and_back_m + hop_m) * road_factor / _speed(speed_mps))


def hop_between_calls_m(area_m2: ArrayLike, call_count: ArrayLike) -> NDArray[np.float64]:
    """Air line from one call to the next on a good tour through so many of them, metres."""
    _check("Area", area_m2)
    _check("Number of calls", call_count)
    return np.asarray(TOUR_CONSTANT * np.sqrt(np.asarray(area_m2) / np.maximum(call_count, 1.0)))


def calls_on_a_day(
    day_s: ArrayLike,
    service_duration_s: ArrayLike,
    distance_home_m: ArrayLike,
    hop_m: ArrayLike,
    speed_mps: ArrayLike = SPEED_MPS,
    road_factor: float = ROAD_FACTOR,
) -> NDArray[np.float64]:
    """
    Calls of one kind that fit a day, at least one: (day - way there and back) / (service + hop).

    Durations in seconds, distances in metres of air line; they broadcast against each other.

    Raises
    ------
    InvalidAccountsError
        When a number is not finite or negative, or the speed is zero.
    """
    for what, value in (
        ("Length of a day", day_s),
        ("Service duration", service_duration_s),
        ("Distance from home", distance_home_m),
        ("Hop between calls", hop_m),
    ):
        _check(what, value)
    s_per_m = road_factor / _speed(speed_mps)
    left_s = np.asarray(day_s) - 2 * np.asarray(distance_home_m) * s_per_m
    # A call takes a minute at least: without service and way, a day would hold any number.
    per_call_s = np.maximum(np.asarray(service_duration_s) + np.asarray(hop_m) * s_per_m, 60.0)
    return np.asarray(np.maximum(left_s / per_call_s, 1.0))


def area_of_neighbours_m2(
    lon: ArrayLike, lat: ArrayLike, neighbours: int = NEIGHBOURS
) -> NDArray[np.float64]:
    """
    Area that each place has to itself where it lies, (n,) square metres.

    The circle that reaches the k-th nearest other place holds k of them. Towns so get short hops
    and the country long ones, which one area for a whole region would level. A lonely place
    has no area, and hence no hop. O(n log n).

    Parameters
    ----------
    lon, lat
        (n,) degrees, finite: the places that are visited in one tour or another.
    """
    places = unit_vectors(lon, lat)
    k = min(neighbours, len(places) - 1)
    if k < 1:
        return np.zeros(len(places))
    chord, _ = cKDTree(places).query(places, k=[k + 1])
    return np.asarray(np.pi * chord_to_m(chord[:, 0]) ** 2 / k)


def _speed(speed_mps: ArrayLike) -> NDArray[np.float64]:
    _check("Speed", speed_mps)
    speed = np.asarray(speed_mps, dtype=np.float64)
    if (speed == 0).any():
        raise InvalidAccountsError("Speed is 0 m/s; nobody would arrive. Give one above zero.")
    return speed


def _check(what: str, value: ArrayLike) -> None:
    numbers = np.asarray(value, dtype=np.float64)
    is_wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if is_wrong.any():
        raise InvalidAccountsError(
            f"{what} is {numbers[is_wrong].flat[0]}; it must be a number and at least 0."
        )
