"""Moving an account's pin, and the list of those that should be looked at."""

from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.account import AddressAnswer
from api.schemas.base import AnswerModel, Position, RequestModel
from api.schemas.location import AccountLocation, IssueName


class LocationChange(RequestModel):
    """Exactly one of position and alternative."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["position"]}, {"required": ["alternative"]}]}
    )

    position: Position | None = Field(
        None, description="Where it is; that of the pin says that the pin is right"
    )
    alternative: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description="Which of the `alternatives` of its location is meant, from 0 on"
    )

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        given = [key for key in ("position", "alternative") if getattr(self, key) is not None]
        if not given:
            raise PydanticCustomError(
                "keys_missing", "Give where it is", {"keys": ["position", "alternative"]}
            )
        if len(given) == 2:
            raise PydanticCustomError("keys_contradict", "Give one of the two", {"keys": given})
        return self


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


class WorklistQuery(RequestModel):
    issue: Annotated[tuple[IssueName, ...], BeforeValidator(_split)] | None = Field(
        None, description="Only accounts with one of these issues"
    )
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}-[0-9]{1,18}$")] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=500)


class WorklistItem(AnswerModel):
    account_id: str
    name: str
    address: AddressAnswer = Field(description="As it was given")
    potential: float
    location: AccountLocation
    version: int


class Worklist(AnswerModel):
    counts: dict[str, int] = Field(description="Accounts by issue, whatever `issue` asks for")
    items: tuple[WorklistItem, ...] = Field(description="Those that could buy most first")
    next_cursor: str | None = None
