"""Planning rounds: what reps and the model say of a month, and what was agreed."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import YEARS, AnswerModel, DateTime, LocalDate, Money, Notes, RequestModel

MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"


def _check_month(value: str) -> str:
    if not re.fullmatch(MONTH, value):
        raise PydanticCustomError("invalid_date", "Give a month as YYYY-MM, such as 2026-12.")
    if not YEARS[0] <= int(value[:4]) <= YEARS[1]:
        raise PydanticCustomError(
            "out_of_range", f"The year {value[:4]} lies outside {YEARS[0]} to {YEARS[1]}."
        )
    return value


Month = Annotated[
    str, AfterValidator(_check_month), WithJsonSchema({"type": "string", "pattern": MONTH})
]
"""A month of the calendar."""

Side = Literal["top_down", "bottom_up"]
FigureName = Literal["bottom_up", "agreed"]


class MonthKey(RequestModel):
    """The part of an address that names a round."""

    month: Month


class RoundRequest(RequestModel):
    month: Month = Field(description="The present one or one of the next twelve")


class FigureChange(RequestModel):
    """What is said of a rep's month. A key that is missing leaves what is known."""

    bottom_up: Money | None = Field(None, description="What the rep says will be sold")
    bottom_up_note: Notes | None = None
    agreed: Money | None = Field(None, description="What both go by from now on")
    agreed_note: Notes | None = None
    withdraw: Annotated[tuple[FigureName, ...], Field(max_length=2)] = Field(
        (), description="Figures to be taken back"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = (self.bottom_up, self.bottom_up_note, self.agreed, self.agreed_note)
        if all(one is None for one in given) and not self.withdraw:
            raise PydanticCustomError(
                "keys_missing", "Say something of the month", {"keys": ["bottom_up"]}
            )
        for name in self.withdraw:
            if getattr(self, name) is not None:
                raise PydanticCustomError(
                    "keys_contradict", "Give a figure or take it back", {"keys": [name]}
                )
        return self


class Agreement(RequestModel):
    """Agree at once on all reps whose two figures lie close together."""

    take: Side = Field(description="The rep's figures or the model's")
    within_share: Annotated[float, Field(ge=0, le=10)] = Field(
        0.1, description="Most by which the rep's figure may differ, as a share of the model's"
    )


class Closing(RequestModel):
    rest: Side | None = Field(
        None,
        description="What counts as agreed for reps with whom nothing was agreed: the rep's "
        "figure, or where there is none and otherwise the model's. Without it they must all be "
        "agreed",
    )


class PlainFigure(AnswerModel):
    """What stood there before."""

    bottom_up: float | None = None
    agreed: float | None = None
    updated_at: DateTime


class FigureAnswer(AnswerModel):
    rep_id: str
    rep: str
    account_count: int = Field(description="Accounts that the rep owns today")
    top_down: float | None = Field(
        None,
        description="What the model said when the round was opened. A rep who came later has none "
        "until something is said of the month",
    )
    bottom_up: float | None = None
    bottom_up_note: str | None = None
    agreed: float | None = None
    agreed_note: str | None = None
    difference: float | None = Field(None, description="The rep's figure less the model's")
    difference_share: float | None = Field(None, description="The same as a share of the model's")
    actual: float | None = Field(None, description="Sold in the month up to today")
    last_year: float = Field(description="Sold in the same month a year before")
    version: int | None = Field(None, description="For `If-Match`; changes with each change")
    updated_at: DateTime | None = None
    replaced: PlainFigure | None = Field(
        None, description="In the answer to a change: what stood there before it"
    )


class _Round(AnswerModel):
    month: str
    status: Literal["open", "closed", "over"] = Field(
        description="`over`: the month has ended and nobody has closed the round"
    )
    opened_at: DateTime
    closed_at: DateTime | None = None
    model_version: int | None = Field(
        None, description="Of the model whose figures they are; left out where nothing was fitted"
    )
    rep_count: int
    told_count: int = Field(description="Reps who have given a figure")
    agreed_count: int
    top_down: float
    bottom_up: float = Field(description="Of those reps who have given one")
    agreed: float
    actual: float | None = Field(None, description="Sold in the month up to today")


class RoundItem(_Round):
    """A round without its figures."""


class RoundList(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    items: tuple[RoundItem, ...] = Field(description="The latest month first")
    openable: tuple[str, ...] = Field(description="Months for which a round may be opened")


class RoundAnswer(_Round):
    as_of: LocalDate
    data_version: str
    currency: str
    figures: tuple[FigureAnswer, ...] = Field(
        description="The largest difference first, reps without a figure last"
    )
