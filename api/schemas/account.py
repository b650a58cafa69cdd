"""Accounts as lists, as a card, and as those on the way."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from api.schemas.base import (
    AnswerModel,
    DateTime,
    Id,
    Latitude,
    LocalDate,
    Longitude,
    Position,
    RequestModel,
    Seconds,
    Text,
)
from api.schemas.place import ResolvedPlace

StatusName = Literal["prospect", "customer", "inactive"]
DueName = Literal["green", "yellow", "red"]


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


Box = Annotated[
    tuple[Longitude, Latitude, Longitude, Latitude],
    BeforeValidator(_split),
    Field(description="west,south,east,north in degrees"),
]
Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


class AccountsQuery(RequestModel):
    q: Text | None = Field(
        None, description="Beginnings of words of name, town and postcode; best first, one page"
    )
    bbox: Box | None = None
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(100, ge=1, le=1000)


class BoxQuery(RequestModel):
    bbox: Box | None = None


class OpeningAnswer(AnswerModel):
    weekday: int = Field(description="1 Monday to 7 Sunday")
    opens: str = Field(description="local HH:MM")
    closes: str


class AccountItem(AnswerModel):
    account_id: str
    name: str
    status: StatusName
    segment: str
    postcode: str
    town: str
    position: Position | None = None
    potential: float = Field(description="What it could buy in a year")
    due: DueName
    due_ratio: float | None = Field(
        None, description="Days since the last visit / interval; absent if never visited"
    )
    visit_value: float
    prize: float = Field(description="visit_value x due factor, today")
    priority: int


class AccountList(AnswerModel):
    items: tuple[AccountItem, ...]
    next_cursor: str | None = None


class PastVisit(AnswerModel):
    start: DateTime
    status: str
    channel: str
    outcome: str | None = None


class PastOrder(AnswerModel):
    date: LocalDate
    amount: float
    currency: str


class AccountCard(AccountItem):
    timezone: str
    owner_id: str | None = None
    owner: str | None = None
    channel: str = Field(description="Who serves the segment: field or key_account")
    revenue: float = Field(description="Orders within `history_months`")
    order_count: int
    history_months: float
    visit_interval_days: float
    service_duration_s: int
    last_visit: LocalDate | None = None
    due_factor: float
    opening_hours: tuple[OpeningAnswer, ...] = Field(description="Empty: always open")
    visits: tuple[PastVisit, ...] = Field(description="Latest first")
    orders: tuple[PastOrder, ...] = Field(description="Latest first")


class OnTheWayQuery(RequestModel):
    from_: Text = Field(
        alias="from", description="City, postcode, lon,lat, or account:ID, where the way begins"
    )
    to: Text = Field(description="The same, where it ends")
    max_detour_s: Seconds = Field(3600, description="Most added travel for an account alone")
    sort: Literal[
        "detour",
        "-detour",
        "potential",
        "-potential",
        "prize",
        "-prize",
        "value_for_time",
        "-value_for_time",
    ] = Field("detour", description="Ascending for detour, descending for the others; - reverses")
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(100, ge=1, le=5000)


class OnTheWayItem(AnswerModel):
    account_id: str
    name: str
    postcode: str
    town: str
    location: Position
    detour_s: int
    potential: float
    visit_value: float
    due_ratio: float | None = None
    due: DueName
    prize: float
    status: StatusName
    segment: str


class OnTheWay(AnswerModel):
    start: ResolvedPlace
    end: ResolvedPlace
    direct_travel_s: int
    direct_distance_m: int
    considered: int = Field(description="Accounts examined")
    within: int = Field(description="Of these, with at most `max_detour_s`")
    location_issues: dict[str, int] = Field(
        description="How many of those examined are left out since their position is missing, "
        "doubtful or far from every road, by code"
    )
    items: tuple[OnTheWayItem, ...]
    next_cursor: str | None = None


class RevisionQuery(RequestModel):
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="Which revision of the route; default the newest"
    )


class UnassignedQuery(RevisionQuery):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z_]{1,40}$")] | None = Field(
        None, description="Only accounts with this first reason"
    )
    account_id: Id | None = None
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(100, ge=1, le=1000)
