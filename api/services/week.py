"""The weekly route: from a rep and a week to a request that says everything about its days."""

import json
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from pydantic import ValidationError

from api.schemas.base import RequestModel
from api.schemas.day import Day
from api.schemas.place import Place
from api.schemas.rep_settings import RepSettings
from api.schemas.route import Warning_
from api.schemas.route_request import RouteRequest, TripRequest
from api.services.errors import Fault, RefusedRequestError
from api.services.field_time import WORKDAYS, breaks_of, hours_of
from api.services.places import HOME
from api.state import Snapshot
from data.tables import Rep

WEEK_DETOUR_S = 6 * 3600
"""Default of `max_detour_per_visit_s` in a week: a rep's accounts lie around home and not on a way,
so it only keeps out those that no day could hold anyway."""

Model = TypeVar("Model", bound=RequestModel)


def completed(
    request: RouteRequest, snapshot: Snapshot, rep: Rep | None
) -> tuple[TripRequest, tuple[Warning_, ...]]:
    """
    The request with its days, and what is to be said about them.

    Raises
    ------
    RefusedRequestError
        When the rep of a week has no hours on any of its days, or settings that cannot be used.
    """
    given = {name: getattr(request, name) for name in TripRequest.model_fields if name != "is_week"}
    if request.week is None:
        return TripRequest(**given), ()
    assert rep is not None  # a week without a rep is refused by the schema
    settings = _settings(rep)
    days = _days(request.week, rep, settings, snapshot)
    if not days:
        detail = f"{rep.name} works on no day from Monday to Friday. Give days instead of week."
        raise RefusedRequestError([Fault("/rep_id", "REP_WITHOUT_HOURS", detail)])
    options = request.options
    if options.setup_duration_s is None:
        options = options.model_copy(update={"setup_duration_s": settings.setup_duration_s})
    given |= {
        "start": request.start or Place(place=HOME),
        "end": request.end or Place(place=HOME),
        "days": days,
        "limits": _over(settings.limits, request.limits),
        "overnight": _over(settings.overnight, request.overnight),
        "options": options,
        "is_week": True,
    }
    return TripRequest(**given), _warnings(request.week, days, snapshot)


def _settings(rep: Rep) -> RepSettings:
    try:
        return RepSettings.model_validate_json(json.dumps(rep.settings), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        detail = f"The settings of {rep.name} cannot be used: {key}: {first['msg']}."
        raise RefusedRequestError([Fault("/rep_id", "INVALID_REP_SETTINGS", detail)]) from None


def _over(usual: Model, own: Model) -> Model:
    """The usual values with those that were given over them."""
    given = {name: getattr(own, name) for name in own.model_fields_set}
    return usual.model_copy(update={k: value for k, value in given.items() if value is not None})


def _days(week: str, rep: Rep, settings: RepSettings, snapshot: Snapshot) -> tuple[Day, ...]:
    """One for each weekday with hours, from the first opening to the last closing."""
    year, number = int(week[:4]), int(week[6:])
    days = []
    for weekday in WORKDAYS:
        hours = hours_of(rep, weekday)
        if not hours:
            continue
        day = date.fromisocalendar(year, number, weekday)
        start, end = (
            (datetime.combine(day, time()) + timedelta(seconds=at_s)).replace(tzinfo=snapshot.zone)
            for at_s in (hours[0].opens_s, hours[-1].closes_s)
        )
        days.append(Day(date=day, start=start, end=end, breaks=breaks_of(hours, settings)))
    return tuple(days)


def _warnings(week: str, days: tuple[Day, ...], snapshot: Snapshot) -> tuple[Warning_, ...]:
    if days[-1].date >= snapshot.today:
        return ()
    return (
        Warning_(
            code="WEEK_IN_THE_PAST",
            detail=f"The week {week} is over. It is planned as if it were still to come, from what "
            "is known today.",
            pointer="/week",
        ),
    )
