"""The body of `POST /api/v1/routes`."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import (
    DateTime,
    HourMinute,
    Id,
    Latitude,
    LocalDate,
    Longitude,
    Money,
    Notes,
    RequestModel,
    Seconds,
    Text,
)
from api.schemas.place import Place

MAX_DAYS = 14
MAX_VISITS = 1000


class Day(RequestModel):
    """One working day. Leave a day out to have it off."""

    date: LocalDate
    start: DateTime = Field(description="Earliest departure")
    end: DateTime = Field(description="Latest arrival")


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
    service_duration_s: Annotated[int, Field(ge=0, le=86_400)] | None = Field(
        None, description="Default: the account's, or the service's without an account"
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


class Overnight(RequestModel):
    allowed: bool = True
    cost_per_night: Annotated[float, Field(ge=0, le=1e6)] | None = None
    preferred_places: Annotated[tuple[Place, ...], Field(max_length=20)] = Field(
        (), description="Considered besides the towns that the service finds"
    )


class Limits(RequestModel):
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


class RouteRequest(RequestModel):
    """From where to where, when, and whom to consider on the way."""

    label: Text | None = Field(None, description="Free text, echoed")
    rep_id: Id | None = None
    start: Place
    end: Place
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="IANA name; default that of the data set"
    )
    days: Annotated[tuple[Day, ...], Field(min_length=1, max_length=MAX_DAYS)]
    visits: Annotated[tuple[VisitRequest, ...], Field(max_length=MAX_VISITS)] | None = None
    candidate_filter: CandidateFilter | None = None
    overnight: Overnight = Overnight()
    limits: Limits = Limits()
    costs: Costs = Costs()
    options: Options = Options()
