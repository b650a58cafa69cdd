"""Accounts as lists, as a card, and as those on the way."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.account_filter import DueName, StatusName
from api.schemas.base import (
    AnswerModel,
    DateTime,
    Id,
    LocalDate,
    Position,
    RequestModel,
    Seconds,
    Text,
)
from api.schemas.location import AccountLocation, IssueName
from api.schemas.place import ResolvedPlace

Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


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
    customer_value: float = Field(description="Expected contribution of the next 12 months")
    churn_risk: float | None = Field(
        None, description="Chance that the customer has gone, 0 to 1; absent if it never ordered"
    )
    growth: float = Field(description="Yearly sales missing to what the better of its peers buy")
    owner_id: str | None = Field(None, description="Id of the rep who owns it today")
    owner: str | None = Field(None, description="Their name")
    location_issue: IssueName | None = Field(
        None, description="Why the planner does not rely on the position"
    )


class AccountList(AnswerModel):
    items: tuple[AccountItem, ...]
    total: int = Field(description="Accounts on all pages together")
    next_cursor: str | None = None


class PastVisit(AnswerModel):
    visit_id: str
    start: DateTime
    status: str
    channel: str
    duration_s: int
    outcome: str | None = None
    next_step: str | None = Field(None, description="What was agreed")
    next_step_on: LocalDate | None = Field(None, description="When that is due")


class NextStep(AnswerModel):
    """Something that was agreed and is still to be done."""

    visit_id: str = Field(description="Of the visit at which it was agreed")
    agreed_on: LocalDate
    step: str
    due_on: LocalDate | None = None
    is_overdue: bool


class PastOrder(AnswerModel):
    date: LocalDate
    amount: float
    currency: str


class ContactAnswer(AnswerModel):
    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None


class AddressAnswer(AnswerModel):
    street: str | None = Field(None, description="With the house number")
    postcode: str | None = None
    town: str | None = None
    country: str | None = Field(None, description="ISO 3166-1; absent: that of the data set")


class ExternalRefAnswer(AnswerModel):
    system: str
    external_id: str


class AccountCard(AccountItem):
    version: int = Field(description="For If-Match; visits and orders do not change it")
    timezone: str
    address: AddressAnswer = Field(description="As it was given")
    location: AccountLocation
    contacts: tuple[ContactAnswer, ...] = Field(description="The main contact first")
    notes: str | None = None
    external_refs: tuple[ExternalRefAnswer, ...] = Field(description="What other systems call it")
    channel: str = Field(
        description="Who serves it, by its segment or an exception: field, key_account, "
        "inside_sales or respond_only"
    )
    strategic: bool = Field(description="An exception lets field trips visit it all the same")
    must_visit: bool = Field(description="A special situation requires a visit")
    revenue: float = Field(description="Orders within `history_months`")
    order_count: int
    history_months: float
    visit_interval_days: float | None = Field(None, description="As promised; missing: no visits")
    interval_stretch: float = Field(
        description="Factor on the interval, since the owner's time does not suffice for all"
    )
    service_duration_s: int
    last_visit: LocalDate | None = None
    due_factor: float
    opening_hours: tuple[OpeningAnswer, ...] = Field(description="Empty: always open")
    next_steps: tuple[NextStep, ...] = Field(
        description="Agreed at the visits below and not done yet, the most urgent first"
    )
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
        "customer_value",
        "-customer_value",
        "churn_risk",
        "-churn_risk",
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
    customer_value: float
    churn_risk: float | None = None
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
