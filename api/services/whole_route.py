"""A stored route as it stands: what is asked for by now, and what has been said of its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from api.schemas.day import Day
from api.schemas.place import ResolvedPlace
from api.schemas.route import Warning_
from api.schemas.route_request import RouteRequest, TripRequest
from api.services.errors import RefusedRequestError
from api.services.gone_accounts import warnings_of_gone, without_gone
from api.services.places import PlaceResolver
from api.services.trip_places import DayPlaces, day_places
from api.services.trip_setup import rep_of
from api.services.week import completed
from api.state import Snapshot
from data.route_store import StoredRoute

NEAR_DEG = 1e-4
"""Places of an answer and of a trip that agree so far are the same: about ten metres."""


@dataclass(frozen=True, slots=True)
class Whole:
    """
    A route as it stands: what is asked for by now, and what has been said of its visits.

    Parameters
    ----------
    places
        Where its days start and end, as far as the request says.
    preferred
        Places for the night with their own price in cents.
    warnings
        Of accounts that are gone, which the request asks for no longer.
    """

    request: TripRequest
    places: DayPlaces
    preferred: tuple[tuple[ResolvedPlace, int | None], ...]
    completed: frozenset[str]
    cancelled: frozenset[str]
    warnings: tuple[Warning_, ...] = ()


def whole_of(stored: StoredRoute, snapshot: Snapshot) -> Whole:
    """
    Raises
    ------
    RefusedRequestError
        When a place or the rep of the route is known no longer.
    """
    kept = stored.request
    if "trip" in kept:
        request = TripRequest.model_validate_json(orjson.dumps(kept["trip"]), strict=True)
    else:
        asked = RouteRequest.model_validate_json(orjson.dumps(kept), strict=True)
        request, _ = completed(asked, snapshot, rep_of(asked.rep_id, snapshot))
        request = request.model_copy(update={"days": _days_as_planned(request, stored.body)})
    warnings = warnings_of_gone(request, stored.body, snapshot)
    request = without_gone(request, stored.body, snapshot)
    resolver = PlaceResolver(snapshot.world, snapshot, rep_of(request.rep_id, snapshot))
    places = day_places(request, resolver, resolver.rep)
    preferred = [
        (resolver.resolve(place, "/overnight/preferred_places"), place.cost_per_night)
        for place in request.overnight.preferred_places
    ]
    if resolver.faults:
        raise RefusedRequestError(resolver.faults)
    assert places is not None
    return Whole(
        request,
        places,
        tuple(
            (place, None if cost is None else round(100 * cost))
            for place, cost in preferred
            if place is not None
        ),
        frozenset(kept.get("completed", ())),
        frozenset(kept.get("cancelled", ())),
        warnings,
    )


def _days_as_planned(request: TripRequest, body: dict[str, Any]) -> tuple[Day, ...]:
    """Hours of a rep may have changed since a week was planned; those of the plan hold."""
    known = {day.date: day for day in request.days}
    days = []
    for day in body["days"]:
        hours = {key: datetime.fromisoformat(day[key]) for key in ("start", "end")}
        planned = Day(date=datetime.fromisoformat(day["date"]).date(), **hours)
        usual = known.get(planned.date, planned)
        days.append(usual.model_copy(update=hours))
    return tuple(days)


def is_home(whole: Whole, location: Sequence[float]) -> bool:
    """Whether a night there is none away: at home, or where a round trip begins."""
    places = whole.places
    homes = [places.home] if places.home is not None else []
    if places.start.position == places.end.position:
        homes.append(places.start)
    return any(is_near(home.position, location) for home in homes)


def is_near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) < NEAR_DEG for a, b in zip(one, other, strict=True))
