"""Visits and orders that other systems report."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.account_record import (
    MOST_ITEMS,
    ExternalId,
    ItemCounts,
    LongText,
    System,
)
from api.schemas.base import AnswerModel, DateTime, DurationS, Id, LocalDate, RequestModel
from api.schemas.later import Later
from api.schemas.problem import ProblemEntry

EffectName = Literal["created", "updated", "unchanged", "refused"]
Amount = Annotated[float, Field(ge=-1e9, le=1e9)]


class _OfAnAccount(RequestModel):
    account_id: Id | None = None
    system: System | None = Field(
        None, description="Whose ids the external ones are; needed with any of them"
    )
    account_external_id: ExternalId | None = Field(
        None, description="The account as the system calls it, instead of `account_id`"
    )
    external_id: ExternalId | None = Field(
        None, description="What the system calls it, so that it can be sent again"
    )

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        check_one(self, "account_id", "account_external_id", is_needed=True)
        external = ("account_external_id", "external_id", "rep_external_id")
        if self.system is None and any(getattr(self, key, None) is not None for key in external):
            raise PydanticCustomError(
                "keys_missing", "Say whose ids the external ones are", {"keys": ["system"]}
            )
        return self


def check_one(model: RequestModel, first: str, second: str, *, is_needed: bool) -> None:
    """Whether one of two keys is given, or none where none is needed."""
    given = [key for key in (first, second) if getattr(model, key) is not None]
    if len(given) == 2:
        raise PydanticCustomError(
            "keys_contradict", f"Give {first} or {second}, not both", {"keys": [second]}
        )
    if is_needed and not given:
        raise PydanticCustomError(
            "keys_missing", f"Give {first}, or system and {second}", {"keys": [first]}
        )


class VisitFacts(_OfAnAccount):
    """A visit: planned, or what came of it."""

    status: Literal["planned", "done", "missed", "cancelled"]
    channel: Literal["field", "demo", "phone", "video", "mail"] = "field"
    start: DateTime = Field(description="Of the visit itself, without the way")
    duration_s: DurationS | None = Field(
        None, description="Default: what is known, or the usual time at the account"
    )
    outcome: LongText | None = Field(None, description="In words")
    next_step: LongText | None = Field(
        None, description="What was agreed, in words; empty: nothing any more"
    )
    next_step_on: LocalDate | None = Field(
        None, description="The day the next step is due; only with one"
    )
    rep_id: Id | None = None
    rep_external_id: ExternalId | None = Field(
        None, description="The rep as the system calls them, instead of `rep_id`"
    )

    @model_validator(mode="after")
    def _check_rep(self) -> Self:
        check_one(self, "rep_id", "rep_external_id", is_needed=False)
        return self

    @model_validator(mode="after")
    def _check_next_step(self) -> Self:
        if self.next_step_on is not None and not self.next_step:
            raise PydanticCustomError(
                "keys_missing", "Say what is to be done on that day", {"keys": ["next_step"]}
            )
        return self


class VisitReports(RequestModel):
    items: Annotated[
        tuple[Annotated[Any, Later(VisitFacts)], ...], Field(min_length=1, max_length=MOST_ITEMS)
    ]


class OrderFacts(_OfAnAccount):
    """An order; a credit note has a negative amount."""

    date: LocalDate
    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="ISO 4217; default that of the data set. Others are not added to revenue"
    )
    margin: Amount | None = Field(None, description="What is left of the amount")


class OrderReports(RequestModel):
    items: Annotated[
        tuple[Annotated[Any, Later(OrderFacts)], ...], Field(min_length=1, max_length=MOST_ITEMS)
    ]


class VisitResult(AnswerModel):
    visit_id: str | None = None
    account_id: str | None = None
    external_id: str | None = None
    status: str | None = Field(None, description="As it is stored now")
    effect: EffectName
    errors: tuple[ProblemEntry, ...] = Field((), description="Why it was refused")


class VisitResults(AnswerModel):
    items: tuple[VisitResult, ...] = Field(description="In the order of the request")
    counts: ItemCounts


class OrderResult(AnswerModel):
    order_id: str | None = None
    account_id: str | None = None
    external_id: str | None = None
    effect: EffectName
    errors: tuple[ProblemEntry, ...] = Field((), description="Why it was refused")


class OrderResults(AnswerModel):
    items: tuple[OrderResult, ...] = Field(description="In the order of the request")
    counts: ItemCounts
