"""What a client should know about how days, nights and appointments were taken."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from api.schemas.route import Warning_
from api.schemas.route_request import TripRequest
from api.services.considered import Considered
from api.services.errors import pointer
from api.services.formats import format_date
from api.services.trip_breaks import TripBreaks
from api.services.trip_places import DayPlaces
from api.services.trip_time import TripTime
from api.services.wishes import Wish


def trip_warnings(
    request: TripRequest,
    time: TripTime,
    places: DayPlaces,
    breaks: TripBreaks,
    considered: Considered,
) -> tuple[Warning_, ...]:
    """In the order of the request."""
    return (
        *_nights(request, places),
        *_appointments(time, breaks, considered),
        *_candidates(considered),
    )


def _nights(request: TripRequest, places: DayPlaces) -> Iterator[Warning_]:
    for k, (day, following) in enumerate(pairwise(request.days), start=1):
        nights = (following.date - day.date).days
        if nights > 1 and places.ends[k - 1] is None:
            yield Warning_(
                code="NIGHTS_COUNTED_ONCE",
                detail=f"{nights} nights lie between {day.date} and {following.date}; they "
                "are planned at one place and count as one.",
                pointer=None if request.is_week else pointer("days", k),
            )
    asked = request.overnight
    has_rule = asked.min_drive_home_s is not None and None in places.ends
    if has_rule and (places.home is None or not asked.home_allowed):
        yield Warning_(
            code="NO_HOME",
            detail="Nobody knows where home is, or no night may be spent there, so min_drive_home_s"
            " has no effect. Give a rep_id.",
            pointer="/overnight/min_drive_home_s",
        )


def _appointments(time: TripTime, breaks: TripBreaks, considered: Considered) -> Iterator[Warning_]:
    agreed: list[tuple[Wish, int, int]] = []
    for at in (considered.wish >= 0).nonzero()[0].tolist():
        wish = considered.wish_of(at)
        if wish is None or wish.appointment is None:
            continue
        windows = considered.windows(at)
        if windows == ():
            yield Warning_(
                code="APPOINTMENT_OUTSIDE_DAYS",
                detail="No day of the trip has time for this appointment, or the place is closed "
                "then. It is left out.",
                pointer=wish.at,
            )
        elif wish.appointment.flexibility == "fixed" and windows:
            start_s = windows[0].early_s
            end_s = start_s + int(considered.service_duration_s[at])
            agreed.append((wish, start_s, end_s))
    agreed.sort(key=lambda one: (one[1], one[2], one[0].at))
    for (one, _, end_s), (other, start_s, _) in combinations(agreed, 2):
        if start_s < end_s:
            yield Warning_(
                code="APPOINTMENTS_OVERLAP",
                detail=f"This appointment begins before that of {one.at} is over; both cannot be "
                "kept.",
                pointer=other.at,
            )
    for wish, start_s, end_s in agreed:
        for k, (day_start_s, day_end_s) in enumerate(time.shifts):
            if not day_start_s <= start_s <= day_end_s:
                continue
            for pause in breaks.of_day[k]:
                if pause.early_s + pause.duration_s > start_s and pause.late_s < end_s:
                    yield Warning_(
                        code="BREAK_AGAINST_APPOINTMENT",
                        detail=f"The break of {format_date(time.dates[k])} could only start "
                        "during this appointment; both cannot be kept.",
                        pointer=wish.at,
                    )


def _candidates(considered: Considered) -> Iterator[Warning_]:
    if len(considered) == 0:
        yield Warning_(
            code="NO_CANDIDATES",
            detail="No account fits the request, so the direct trip was planned. Widen "
            "candidate_filter, or name visits.",
        )
