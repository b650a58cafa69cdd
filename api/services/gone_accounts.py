"""The request of a stored route without accounts and segments that are gone since."""

from typing import Any

from api.schemas.day import Day
from api.schemas.place import Place
from api.schemas.route import Warning_
from api.schemas.route_request import CandidateFilter, TripRequest
from api.services.accounts import row_of
from api.services.day_so_far import VISITS
from api.services.wishes import wishes_of
from api.state import Snapshot

Body = dict[str, Any]


def without_gone(request: TripRequest, body: Body, snapshot: Snapshot) -> TripRequest:
    """
    The request without those who are gone: nobody could plan it anew otherwise.

    Visits and appointments there are left out, unless they bring a place of their own. Where a day
    starts or ends at such an account, it does so where the account was.

    Parameters
    ----------
    body
        The answer that the route has now, with all its days.
    """

    def is_gone(account_id: str | None) -> bool:
        return account_id is not None and row_of(snapshot, account_id) is None

    def placed(place: Place | None, stop: Body) -> Place | None:
        if place is None or not is_gone(place.account_id):
            return place
        lon, lat = stop["location"]
        return Place(position=(lon, lat), name=place.name or stop.get("name"))

    def kept(wishes: Any) -> tuple[Any, ...]:
        return tuple(
            one.model_copy(update={"account_id": None}) if is_gone(one.account_id) else one
            for one in wishes
            if not is_gone(one.account_id) or _is_elsewhere(one.location, is_gone)
        )

    stops = [day["stops"] for day in body["days"]]
    days = tuple(
        _placed_day(day, placed(day.start_place, ends[0]), placed(day.end_place, ends[-1]))
        for day, ends in zip(request.days, stops, strict=True)
    )
    changes: dict[str, Any] = {
        "start": placed(request.start, stops[0][0]),
        "end": placed(request.end, stops[-1][-1]),
        "days": days,
        "appointments": kept(request.appointments),
    }
    if request.visits is not None:
        changes["visits"] = kept(request.visits)
    chosen = request.candidate_filter
    if chosen is not None:
        left = tuple(one for one in chosen.exclude_account_ids if not is_gone(one))
        changes["candidate_filter"] = chosen.model_copy(
            update={"exclude_account_ids": left, "segments": _known_segments(chosen, snapshot)}
        )
    nights = request.overnight
    preferred = tuple(one for one in nights.preferred_places if not is_gone(one.account_id))
    changes["overnight"] = nights.model_copy(update={"preferred_places": preferred})
    return request.model_copy(update=changes)


def _known_segments(chosen: CandidateFilter, snapshot: Snapshot) -> tuple[str, ...] | None:
    """Those that the engagement programme still has."""
    if chosen.segments is None:
        return None
    names = {segment.name for segment in snapshot.programme}
    return tuple(name for name in chosen.segments if name in names)


def _is_elsewhere(location: Place | None, is_gone: Any) -> bool:
    return location is not None and not is_gone(location.account_id)


def _placed_day(day: Day, start: Place | None, end: Place | None) -> Day:
    return day.model_copy(update={"start_place": start, "end_place": end})


def warnings_of_gone(request: TripRequest, body: Body, snapshot: Snapshot) -> tuple[Warning_, ...]:
    """Who was to be visited and is gone, by the request as it was and the plan."""
    named = [wish.account_id for wish in wishes_of(request)]
    named += [
        stop.get("account_id")
        for day in body["days"]
        for stop in day["stops"]
        if stop["type"] in VISITS and stop.get("status") != "done"
    ]
    gone = [one for one in dict.fromkeys(named) if one and row_of(snapshot, one) is None]
    chosen = request.candidate_filter
    asked = () if chosen is None else chosen.segments or ()
    known = () if chosen is None else _known_segments(chosen, snapshot) or ()
    return (
        *(
            Warning_(
                code="ACCOUNT_GONE",
                detail=f"Account {account_id} has been deleted since the route was planned, and is "
                "not visited any more.",
            )
            for account_id in gone
        ),
        *(
            Warning_(
                code="SEGMENT_GONE",
                detail=f"The engagement programme has no segment {name} any more; nobody is chosen "
                "from it.",
            )
            for name in asked
            if name not in known
        ),
    )
