"""The days of a request: hours, places, breaks and limits."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import DateTime, HourMinute, Id, LocalDate, RequestModel
from api.schemas.place import Place

MAX_BREAKS = 5

MaxVisits = Annotated[int, Field(ge=0, le=1000)]
MaxDriveS = Annotated[int, Field(ge=0, le=86_400)]
MaxDistanceM = Annotated[int, Field(ge=0, le=5_000_000)]


class Break(RequestModel):
    """
    Time off on the way, unpaid. It starts within its window, at a stop or between two.

    A day that is over before the window closes, or begins after a break in it would be over, needs
    none.
    """

    break_id: Id | None = Field(None, description="The client's own key, echoed")
    duration_s: Annotated[int, Field(ge=60, le=86_400)]
    earliest_start: HourMinute | None = Field(
        None, description="In the time zone of the request; default the start of the day"
    )
    latest_start: HourMinute | None = Field(
        None, description="Default so late that the break ends with the day"
    )


Breaks = Annotated[tuple[Break, ...], Field(max_length=MAX_BREAKS)]


class DayLimits(RequestModel):
    """Instead of the limits a day of the request."""

    max_visits: MaxVisits | None = None
    max_drive_s: MaxDriveS | None = None
    max_distance_m: MaxDistanceM | None = None


class Day(RequestModel):
    """One working day. Leave a day out to have it off."""

    date: LocalDate
    start: DateTime = Field(description="Earliest departure")
    end: DateTime = Field(description="Latest arrival")
    start_place: Place | None = Field(
        None, description="Default: where the day before ends; on the first day, `start`"
    )
    end_place: Place | None = Field(
        None,
        description="Default: where the next day starts, if that is given, else a place for the "
        "night that is chosen; on the last day, `end`",
    )
    breaks: Breaks = ()
    limits: DayLimits = DayLimits()
