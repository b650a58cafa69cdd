"""When a representative works, by the weekly hours and settings."""

import json
from itertools import pairwise

from pydantic import ValidationError

from accounts.account import OpeningWindow
from accounts.cadence import FieldTime
from api.schemas.day import Break
from api.schemas.rep_settings import RepSettings
from api.services.trip_time import seconds_of_day
from data.tables import Rep

WORKDAYS = range(1, 6)
"""Monday to Friday."""


def field_time(rep: Rep) -> FieldTime:
    """Working time of a week. Settings that cannot be used count as none; planning tells of it."""
    try:
        settings = RepSettings.model_validate_json(json.dumps(rep.settings), strict=True)
    except ValidationError:
        settings = RepSettings()
    week_s, day_count = 0, 0
    for weekday in WORKDAYS:
        hours = hours_of(rep, weekday)
        if not hours:
            continue
        pause_s = sum(one.duration_s for one in breaks_of(hours, settings))
        week_s += max(hours[-1].closes_s - hours[0].opens_s - pause_s, 0)
        day_count += 1
    return FieldTime(rep.id, rep.home_lon, rep.home_lat, float(week_s), day_count)


def hours_of(rep: Rep, weekday: int) -> list[OpeningWindow]:
    """In order."""
    return sorted(window for window in rep.working_hours if window.weekday == weekday)


def breaks_of(hours: list[OpeningWindow], settings: RepSettings) -> tuple[Break, ...]:
    """The gaps between the hours; where there are none, the rep's usual breaks."""
    gaps = tuple(
        Break(
            duration_s=following.opens_s - window.closes_s,
            earliest_start=_clock(window.closes_s),
            latest_start=_clock(window.closes_s),
        )
        for window, following in pairwise(hours)
        if following.opens_s - window.closes_s >= 60
    )
    return gaps or tuple(
        one
        for one in settings.breaks
        if seconds_of_day(one.earliest_start or "00:00") < hours[-1].closes_s
        and seconds_of_day(one.latest_start or "24:00") > hours[0].opens_s
        and one.duration_s < hours[-1].closes_s - hours[0].opens_s
    )


def _clock(at_s: int) -> str:
    return f"{at_s // 3600:02d}:{at_s % 3600 // 60:02d}"
