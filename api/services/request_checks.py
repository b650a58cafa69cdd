"""What can be wrong between the keys of a route request, before any place is looked up."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from api.schemas.route_request import RouteRequest, TimeWindow
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.trip_time import seconds_of_day, zone_named

MAX_SHIFT = timedelta(hours=24)
MAX_TRIP = timedelta(days=31)


def check(request: RouteRequest, currency: str) -> None:
    """
    Raises
    ------
    RefusedRequestError
        With every fault found.
    """
    faults = [
        *_days(request),
        *_visits(request),
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


def _days(request: RouteRequest) -> Iterator[Fault]:
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


def _visits(request: RouteRequest) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    excluded = set(request.candidate_filter.exclude_account_ids) if request.candidate_filter else ()
    for k, visit in enumerate(request.visits or ()):
        at = pointer("visits", k)
        if visit.account_id is None and visit.location is None:
            yield Fault(
                at,
                "LOCATION_MISSING",
                f"Visit {visit.visit_id or k} has neither account_id nor location. Give one.",
            )
        for key in ("visit_id", "account_id"):
            value = getattr(visit, key)
            if value is None:
                continue
            first = seen.setdefault((key, value), k)
            if first != k:
                yield Fault(
                    f"{at}/{key}",
                    "DUPLICATE_VISIT",
                    f"{key} {value!r} is already that of visit {first}. Give each visit once.",
                )
        if visit.account_id in excluded:
            yield Fault(
                f"{at}/account_id",
                "CONTRADICTION",
                f"Account {visit.account_id} is asked for here and excluded in "
                "candidate_filter.exclude_account_ids.",
            )
        for j, window in enumerate(visit.time_windows or ()):
            yield from _window(window, f"{at}/time_windows/{j}")


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


def _filter(request: RouteRequest) -> Iterator[Fault]:
    box = request.candidate_filter.bbox if request.candidate_filter else None
    if box is not None and (box[0] > box[2] or box[1] > box[3]):
        yield Fault(
            "/candidate_filter/bbox",
            "EMPTY_BBOX",
            f"The box {box} is empty. The order is west, south, east, north.",
        )
