"""Exceptions from the engagement programme, and special situations."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.account_filter import PostcodePrefix
from api.schemas.analysis import Reason
from api.schemas.base import AnswerModel, DateTime, DurationS, Id, LocalDate, RequestModel
from api.schemas.programme import Interval, SegmentName, Served

LONGEST_DAYS = 731
"""Two years: what should hold for longer belongs into the programme."""

Expiry = Annotated[
    LocalDate,
    Field(description="The day from which it holds no longer; at most two years after from_date"),
]
Begin = Annotated[LocalDate | None, Field(description="Missing: today")]


class ExceptionFacts(RequestModel):
    """What holds for one account instead of its segment's rule; what is missing follows that."""

    channel: Served | None = None
    visit_interval_days: Interval | None = None
    service_duration_s: DurationS | None = None
    strategic: bool = Field(False, description="Field trips may visit it whatever the channel")
    reason: Reason
    from_date: Begin = None
    expires_on: Expiry


class SituationFacts(RequestModel):
    """
    A reason to visit that the figures do not know.

    It is about one account, or about all of a segment, of a beginning of postcodes, or of both.
    """

    kind: Literal["open_order", "new_market", "other"] = "other"
    account_id: Id | None = None
    segment: SegmentName | None = None
    postcode_prefix: PostcodePrefix | None = None
    prize_factor: Annotated[float, Field(ge=1, le=10)] = Field(
        1.0, description="What the prize of a visit is multiplied with"
    )
    prize_extra: Annotated[float, Field(ge=0, le=1e6)] = Field(
        0.0, description="Added to the prize then, also where no visit is due"
    )
    must_visit: bool = False
    reason: Reason
    from_date: Begin = None
    expires_on: Expiry


class ExceptionAnswer(AnswerModel):
    exception_id: str
    account_id: str
    channel: Served | None = None
    visit_interval_days: float | None = None
    service_duration_s: int | None = None
    strategic: bool
    reason: str
    from_date: LocalDate
    expires_on: LocalDate
    active: bool = Field(description="Whether it holds today")
    created_at: DateTime


class ExceptionList(AnswerModel):
    account_id: str
    items: tuple[ExceptionAnswer, ...] = Field(description="The newest first")


class SituationAnswer(AnswerModel):
    situation_id: str
    kind: str
    account_id: str | None = None
    account: str | None = Field(None, description="Name of the account")
    segment: str | None = None
    postcode_prefix: str | None = None
    prize_factor: float
    prize_extra: float
    must_visit: bool
    reason: str
    from_date: LocalDate
    expires_on: LocalDate
    active: bool = Field(description="Whether it holds today")
    accounts: int = Field(description="How many accounts it is about")
    created_at: DateTime


class SituationList(AnswerModel):
    items: tuple[SituationAnswer, ...] = Field(description="The newest first")
