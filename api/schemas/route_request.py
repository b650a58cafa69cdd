"""The body of `POST /api/v1/routes`."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.appointment import Appointment
from api.schemas.base import (
    DateTime,
    DurationS,
    HourMinute,
    Id,
    Latitude,
    Longitude,
    Money,
    Notes,
    RequestModel,
    Seconds,
    Text,
    Week,
)
from api.schemas.day import Day, MaxDistanceM, MaxDriveS, MaxVisits
from api.schemas.place import Place

MAX_DAYS = 14
MAX_VISITS = 1000
MAX_APPOINTMENTS = 100

TRIP_KEYS = ("start", "end", "days")
WEEK_KEYS = ("rep_id", "week")


DATED = ("start", "end")
WEEKLY = ("weekdays", "opens", "closes")


def dated_or_weekly(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": list(DATED)}, {"required": list(WEEKLY)}]


class TimeWindow(RequestModel):
    """The visit must start within it: `start` to `end`, or weekly in local time of the place."""

    model_config = ConfigDict(json_schema_extra=dated_or_weekly)

    start: DateTime | None = None
    end: DateTime | None = None
    weekdays: (
        Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1, max_length=7)]
        | None
    ) = Field(None, description="1 Monday to 7 Sunday")
    opens: HourMinute | None = None
    closes: HourMinute | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        given = {name for name in (*DATED, *WEEKLY) if getattr(self, name) is not None}
        if given not in (set(DATED), set(WEEKLY)):
            raise PydanticCustomError(
                "ambiguous_time_window",
                "Give either start and end, or weekdays, opens and closes.",
            )
        return self


class VisitRequest(RequestModel):
    """A visit that is wished for. It needs an account or a location."""

    visit_id: Id | None = Field(None, description="The client's own key, echoed")
    account_id: Id | None = None
    location: Place | None = Field(None, description="Goes before the account's own place")
    name: Text | None = None
    required: bool = Field(
        False,
        description="Planned before every optional visit. If it cannot be kept, the status is "
        "`infeasible`, the rest is planned and the reason given",
    )
    prize: Money | None = Field(
        None, description="Worth of the visit now; default visit value x due factor"
    )
    service_duration_s: DurationS | None = Field(
        None, description="Default: the account's, or the service's without an account"
    )
    setup_duration_s: DurationS | None = Field(
        None,
        description="Parking and reception, once where visits at one position follow each other; "
        "default that of `options`",
    )
    time_windows: Annotated[tuple[TimeWindow, ...], Field(max_length=50)] | None = Field(
        None, description="Default: the account's opening hours"
    )
    last_visit_at: DateTime | None = Field(None, description="Replaces the account's last visit")
    visit_interval_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        None, description="Replaces the account's cadence"
    )
    notes: Notes | None = None


Ids = Annotated[tuple[Id, ...], Field(max_length=50_000)]


class CandidateFilter(RequestModel):
    """Lets the service choose among the stored accounts."""

    owner_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Only accounts of these reps; default those of `rep_id`, or all"
    )
    segments: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)] | None = None
    bbox: tuple[Longitude, Latitude, Longitude, Latitude] | None = Field(
        None, description="west, south, east, north"
    )
    exclude_account_ids: Ids = ()
    shortlist: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None,
        description="How many accounts enter the optimisation, chosen by value for time among "
        "all that match; not a limit on those examined. Default 200, a setting",
    )


CostPerNight = Annotated[float, Field(ge=0, le=1e6)]
Nights = Annotated[int, Field(ge=0, le=MAX_DAYS)]


class PreferredPlace(Place):
    """A place for the night, with its own price if it has one."""

    cost_per_night: CostPerNight | None = None


class Overnight(RequestModel):
    allowed: bool = Field(
        True, description="false: every day ends and starts at home, as far as places are not given"
    )
    home_allowed: bool = Field(
        True, description="Whether nights may be spent at the rep's home, which is free"
    )
    cost_per_night: CostPerNight | None = None
    preferred_places: Annotated[tuple[PreferredPlace, ...], Field(max_length=20)] = Field(
        (), description="Considered besides the towns that the service finds"
    )
    max_nights: Nights | None = Field(None, description="Most nights away that are chosen")
    max_nights_in_a_row: Nights | None = None
    min_drive_home_s: Seconds | None = Field(
        None,
        description="A night away only after a stop from which the drive home takes longer than "
        "this",
    )


class Limits(RequestModel):
    max_visits_per_day: MaxVisits | None = None
    max_drive_s_per_day: MaxDriveS | None = None
    max_distance_m_per_day: MaxDistanceM | None = None
    max_detour_s: Seconds | None = Field(
        None, description="Extra travel over the direct trip, whole trip"
    )
    max_detour_ratio: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        None, description="Travel of the trip over that of the direct trip"
    )
    max_detour_per_visit_s: Seconds | None = Field(
        None,
        description="An account is a candidate only if visiting it alone adds at most this; "
        "default 3600, a setting",
    )


class Costs(RequestModel):
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    per_hour: Annotated[float, Field(ge=0, le=1e6)] | None = None
    per_km: Annotated[float, Field(ge=0, le=1e4)] | None = None


class Options(RequestModel):
    avoid: Annotated[tuple[Literal["ferries", "motorways"], ...], Field(max_length=2)] = Field(
        (), description="Roads to keep off, as far as the map tells them from others"
    )
    objective: Literal["net_value", "prize"] = "net_value"
    geometry: Literal["geojson", "none"] = "none"
    iterations: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    time_limit_s: Annotated[float, Field(ge=0.1, le=60)] | None = None
    seed: int = Field(0, ge=0, le=2**31 - 1)
    explain: bool = True
    setup_duration_s: DurationS | None = Field(
        None, description="Of every visit that says nothing else; default 0, a setting"
    )


class _Wishes(RequestModel):
    label: Text | None = Field(None, description="Free text, echoed")
    rep_id: Id | None = None
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="IANA name; default that of the data set"
    )
    visits: Annotated[tuple[VisitRequest, ...], Field(max_length=MAX_VISITS)] | None = None
    appointments: Annotated[tuple[Appointment, ...], Field(max_length=MAX_APPOINTMENTS)] = ()
    candidate_filter: CandidateFilter | None = None
    overnight: Overnight = Overnight()
    limits: Limits = Limits()
    costs: Costs = Costs()
    options: Options = Options()


Days = Annotated[tuple[Day, ...], Field(min_length=1, max_length=MAX_DAYS)]


def trip_or_week(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"required": list(TRIP_KEYS)}, {"required": list(WEEK_KEYS)}]


class RouteRequest(_Wishes):
    """From where to where, when, and whom to consider on the way; or the week of a rep."""

    model_config = ConfigDict(json_schema_extra=trip_or_week)

    week: Week | None = Field(
        None,
        description="Monday to Friday of an ISO week, from the rep's home, hours and settings; "
        "instead of `days`",
    )
    start: Place | None = Field(None, description="In a week: default the rep's home")
    end: Place | None = Field(None, description="In a week: default the rep's home")
    days: Days | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        needed = TRIP_KEYS if self.week is None else WEEK_KEYS
        missing = [key for key in needed if getattr(self, key) is None]
        if missing:
            raise PydanticCustomError(
                "keys_missing",
                "Give start, end and days, or rep_id and week",
                {"keys": missing},
            )
        if self.week is not None and self.days is not None:
            raise PydanticCustomError(
                "keys_contradict",
                "The days of a week follow from the rep's hours. Leave out days or week",
                {"keys": ["days"]},
            )
        return self


class TripRequest(_Wishes):
    """A request that says everything about its days: what the service plans."""

    start: Place
    end: Place
    days: Days
    is_week: bool = Field(False, description="Whether the days follow from a rep and a week")
