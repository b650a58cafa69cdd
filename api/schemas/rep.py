"""Representatives as other systems know them."""

from typing import Annotated

from pydantic import Field

from api.schemas.account import ExternalRefAnswer, OpeningAnswer
from api.schemas.account_record import OpeningFacts
from api.schemas.base import AnswerModel, RequestModel, Text
from api.schemas.place import Place
from api.schemas.rep_settings import RepSettings


class RepFacts(RequestModel):
    """What another system says of a rep. A key that is missing leaves what is known."""

    name: Text | None = Field(None, description="Needed for a new rep")
    home: Place | None = Field(
        None, description="Where trips start unless asked otherwise; needed for a new rep"
    )
    working_hours: Annotated[tuple[OpeningFacts, ...], Field(max_length=50)] | None = Field(
        None, description="Local to the home. A new rep works Monday to Friday, 08:00 to 17:00"
    )
    settings: RepSettings | None = Field(
        None, description="What the weekly route is planned by where the request says nothing"
    )


class RepAnswer(AnswerModel):
    rep_id: str
    name: str
    town: str = Field(description="Where the home is; the address is not shown")
    external_refs: tuple[ExternalRefAnswer, ...] = Field(
        description="What other systems call the rep"
    )
    working_hours: tuple[OpeningAnswer, ...]
    received: int = Field(
        description="Accounts whose owner was called so before the rep was known; they are the "
        "rep's now"
    )
