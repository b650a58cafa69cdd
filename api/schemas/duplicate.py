"""Accounts that look like one."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.account import AddressAnswer, ExternalRefAnswer
from api.schemas.account_filter import StatusName
from api.schemas.base import AnswerModel, Id, Position, RequestModel
from api.schemas.location import LevelName, Share

ReasonName = Literal["same_address", "same_place", "near", "same_postcode"]


class DuplicatesQuery(RequestModel):
    cursor: (
        Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}-[0-9]{1,18}-[0-9]{1,18}$")] | None
    ) = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(50, ge=1, le=500)


class LikeAccount(AnswerModel):
    account_id: str
    name: str
    status: StatusName
    address: AddressAnswer
    position: Position | None = None
    level: LevelName | None = Field(None, description="How exactly the position is known")
    potential: float
    external_refs: tuple[ExternalRefAnswer, ...] = Field(description="What other systems call it")
    version: int


class DuplicatePair(AnswerModel):
    accounts: tuple[LikeAccount, LikeAccount] = Field(description="The older one first")
    reason: ReasonName = Field(description="What they have in common besides the name")
    score: Share
    name_similarity: Share
    distance_m: int | None = Field(
        None, description="Absent where one of the positions is not known exactly"
    )


class DuplicateList(AnswerModel):
    total: int = Field(description="Pairs on all pages together")
    items: tuple[DuplicatePair, ...] = Field(description="The likeliest first")
    next_cursor: str | None = None


class DuplicateDecision(RequestModel):
    account_id: Id
    other_id: Id
    decision: Literal["distinct", "merge"]
    keep: Id | None = Field(None, description="With `merge`: which of the two stays")

    @model_validator(mode="after")
    def _check_keep(self) -> Self:
        if self.decision == "merge" and self.keep is None:
            raise PydanticCustomError(
                "keys_missing", "Say which of the two stays", {"keys": ["keep"]}
            )
        if self.decision == "distinct" and self.keep is not None:
            raise PydanticCustomError(
                "keys_contradict", "Both stay where they are distinct", {"keys": ["keep"]}
            )
        return self


class MovedCounts(AnswerModel):
    visits: int
    orders: int
    contacts: int
    external_refs: int


class DecisionAnswer(AnswerModel):
    decision: Literal["distinct", "merge"]
    account_ids: tuple[str, ...] = Field(description="Those that are there now")
    moved: MovedCounts | None = Field(None, description="What came from the one that is gone")
