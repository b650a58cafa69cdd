"""Whom an analysis is about, and what each answer of one says of itself."""

from typing import Annotated

from pydantic import Field

from api.schemas.account_filter import PostcodePrefix
from api.schemas.base import AnswerModel, DateTime, Id, LocalDate, RequestModel, Text


class ScopeQuery(RequestModel):
    """Whom an analysis is about: all that is given must be true of an account."""

    rep_id: Id | None = Field(None, description="Accounts that this rep owns")
    segment: Text | None = Field(None, description="Accounts of this segment")
    postcode_prefix: PostcodePrefix | None = Field(
        None, description="A region: accounts whose postcode begins so"
    )


class Period(AnswerModel):
    first: LocalDate = Field(description="First day, included")
    last: LocalDate = Field(description="Last day, included")


class Analysis(AnswerModel):
    as_of: LocalDate = Field(description="The day it is counted for: today")
    data_version: str
    currency: str
    account_count: int = Field(description="Accounts that the analysis is about")


class PolicyVersion(AnswerModel):
    """One version of what managers have decided."""

    version: int
    reason: str
    decided_at: DateTime


Version = Annotated[
    int,
    Field(description="The version that counts, for If-Match; 0 while nobody has decided anything"),
]
Versions = Annotated[
    tuple[PolicyVersion, ...], Field(description="What was decided, the newest first")
]
Reason = Annotated[Text, Field(description="Why; kept with the version")]
