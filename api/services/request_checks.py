"""What can be wrong between the keys of a route request, before any place is looked up."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from api.schemas.appointment import Appointment
from api.schemas.day import Day
from api.schemas.route_request import TimeWindow, TripRequest
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.formats import format_duration
from api.services.trip_time import seconds_of_day, zone_named
from api.services.wishes import wishes_of

MAX_SHIFT = timedelta(hours=24)
MAX_TRIP = timedelta(days=31)


def check(request: TripRequest, currency: str) -> None:
    """
    Raises
    ------
    RefusedRequestError
        With every fault found.
    """
    faults = [
        *_days(request),
        *_wishes(request),
        *_windows(request),
        *_filter(request),
    ]
    if request.timezone is not None and zone_named(request.timezone) is None:
        faults.append(
            Fault(
                "/timezone",
                "UNKNOWN_TIMEZONE",
                f"{request.timezone!r} is no IANA time zone. Use a name such as Europe/Berlin.",
            )
        )
    if request.costs.currency not in (None, currency):
        faults.append(
            Fault(
                "/costs/currency",
                "UNSUPPORTED_CURRENCY",
                f"Amounts of this data set are in {currency}, not {request.costs.currency}.",
            )
        )
    if faults:
        raise RefusedRequestError(faults)


def _days(request: TripRequest) -> Iterator[Fault]:
    days = request.days
    zone = zone_named(request.timezone) if request.timezone else None
    for k, day in enumerate(days):
        at = pointer("days", k)
        if day.end < day.start:
            yield Fault(
                at + "/end",
                "END_BEFORE_START",
                f"The day {day.date} ends at {day.end.isoformat()}, before it starts at "
                f"{day.start.isoformat()}.",
            )
        elif day.end == day.start:
            yield Fault(
                at + "/end",
                "EMPTY_DAY",
                f"The day {day.date} starts and ends at {day.start.isoformat()}. Leave the day "
                "out to have it off.",
            )
        elif day.end - day.start > MAX_SHIFT:
            yield Fault(
                at + "/end",
                "DAY_TOO_LONG",
                f"The day {day.date} lasts {day.end - day.start}; a day has at most 24 hours.",
            )
        local = {day.start.date(), day.start.astimezone(zone).date() if zone else day.start.date()}
        if day.date not in local:
            yield Fault(
                at + "/date",
                "DATE_MISMATCH",
                f"The day {day.date} starts at {day.start.isoformat()}, which is another date.",
            )
        yield from _breaks(day, zone, at)
    for k, (before, day) in enumerate(pairwise(days), start=1):
        if day.date <= before.date:
            yield Fault(
                pointer("days", k, "date"),
                "DAYS_NOT_ASCENDING",
                f"The day {day.date} follows {before.date}. Give days in order, each once.",
            )
        elif day.start < before.end:
            yield Fault(
                pointer("days", k, "start"),
                "DAYS_OVERLAP",
                f"The day {day.date} starts at {day.start.isoformat()}, before the one before it "
                f"ends at {before.end.isoformat()}.",
            )
    if days[-1].end - days[0].start > MAX_TRIP:
        yield Fault(
            pointer("days", len(days) - 1),
            "TRIP_TOO_LONG",
            f"From the first start to the last end are {(days[-1].end - days[0].start).days} "
            f"days; a trip has at most {MAX_TRIP.days}.",
        )


def _breaks(day: Day, zone: ZoneInfo | None, at: str) -> Iterator[Fault]:
    local_zone = zone or day.start.tzinfo
    ends_on_its_date = (
        day.start.astimezone(local_zone).date() == day.end.astimezone(local_zone).date()
    )
    for k, one in enumerate(day.breaks):
        here = f"{at}/breaks/{k}"
        if day.start < day.end and one.duration_s > (day.end - day.start).total_seconds():
            yield Fault(
                here + "/duration_s",
                "BREAK_TOO_LONG",
                f"The break takes {format_duration(one.duration_s)}, longer than the day "
                f"{day.date}. Shorten it, or leave the day out to have it off.",
            )
        if one.earliest_start is None or one.latest_start is None or not ends_on_its_date:
            continue
        if seconds_of_day(one.latest_start) < seconds_of_day(one.earliest_start):
            yield Fault(
                here + "/latest_start",
                "END_BEFORE_START",
                f"The break may start until {one.latest_start}, but from {one.earliest_start} on.",
            )


def _wishes(request: TripRequest) -> Iterator[Fault]:
    """Visits and appointments: each named once, and none excluded."""
    seen: dict[tuple[str, str], str] = {}
    excluded = set(request.candidate_filter.exclude_account_ids) if request.candidate_filter else ()
    for wish in wishes_of(request):
        kind, own_id = "Appointment" if wish.visit is None else "Visit", wish.own_id
        if wish.account_id is None and wish.location is None:
            yield Fault(
                wish.at,
                "LOCATION_MISSING",
                f"{kind} {own_id or wish.at} has neither account_id nor location. Give one.",
            )
        for key, value in (
            (f"{kind.lower()}_id", own_id),
            ("account_id", wish.account_id),
        ):
            if value is None:
                continue
            first = seen.setdefault((key, value), wish.at)
            if first != wish.at:
                yield Fault(
                    f"{wish.at}/{key}",
                    "DUPLICATE_VISIT",
                    f"{key} {value!r} is already that of {first}. Give each once; a second visit "
                    "to an account can be given by its location.",
                )
        if wish.account_id in excluded:
            yield Fault(
                f"{wish.at}/account_id",
                "CONTRADICTION",
                f"Account {wish.account_id} is asked for here and excluded in "
                "candidate_filter.exclude_account_ids.",
            )
        if wish.appointment is not None:
            yield from _appointment(wish.appointment, wish.at)


def _appointment(one: Appointment, at: str) -> Iterator[Fault]:
    if one.start is None:
        if one.flexibility != "within_week":
            yield Fault(
                at + "/start",
                "MISSING",
                f"An appointment that is {one.flexibility} needs its start; within_week does not.",
            )
        elif one.end is not None:
            yield Fault(at + "/start", "MISSING", "The appointment has an end, but no start.")
        return
    if one.end is None:
        if one.flexibility == "fixed" and one.service_duration_s is None:
            yield Fault(
                at + "/end",
                "MISSING",
                "A fixed appointment needs its end, or service_duration_s.",
            )
        return
    if one.end < one.start:
        yield Fault(
            at + "/end",
            "END_BEFORE_START",
            f"The appointment ends at {one.end.isoformat()}, before it starts at "
            f"{one.start.isoformat()}.",
        )
    elif one.end - one.start > MAX_SHIFT:
        yield Fault(
            at + "/end",
            "OUT_OF_RANGE",
            f"The appointment takes {one.end - one.start}; at most 24 hours are allowed.",
        )
    elif one.service_duration_s not in (None, int((one.end - one.start).total_seconds())):
        yield Fault(
            at + "/service_duration_s",
            "CONTRADICTION",
            f"service_duration_s is {one.service_duration_s}, but from start to end are "
            f"{int((one.end - one.start).total_seconds())} s. Leave one of them out.",
        )


def _windows(request: TripRequest) -> Iterator[Fault]:
    for k, visit in enumerate(request.visits or ()):
        for j, window in enumerate(visit.time_windows or ()):
            yield from _window(window, pointer("visits", k, "time_windows", j))


def _window(window: TimeWindow, at: str) -> Iterator[Fault]:
    if window.start is not None and window.end is not None:
        if window.end < window.start:
            yield Fault(
                at + "/end",
                "END_BEFORE_START",
                f"The time window ends at {window.end.isoformat()}, before it starts.",
            )
    elif (
        window.opens
        and window.closes
        and seconds_of_day(window.closes) <= seconds_of_day(window.opens)
    ):
        yield Fault(
            at + "/closes",
            "END_BEFORE_START",
            f"The time window closes at {window.closes}, but opens at {window.opens}. Split hours "
            "past midnight into two windows.",
        )


def _filter(request: TripRequest) -> Iterator[Fault]:
    box = request.candidate_filter.bbox if request.candidate_filter else None
    if box is not None and (box[0] > box[2] or box[1] > box[3]):
        yield Fault(
            "/candidate_filter/bbox",
            "EMPTY_BBOX",
            f"The box {box} is empty. The order is west, south, east, north.",
        )
