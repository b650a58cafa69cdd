"""Where something is: as a client says it, and as the service understood it."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import AnswerModel, Id, Position, RequestModel, Text

WAYS = ("place", "postcode", "account_id", "position")


def exactly_one_way(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": [way]} for way in WAYS]


class Place(RequestModel):
    """Exactly one of place, postcode, account_id and position."""

    model_config = ConfigDict(json_schema_extra=exactly_one_way)

    place: Text | None = Field(
        None, description="A city or village the gazetteer knows, or `home` of the `rep_id`"
    )
    postcode: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{2,12}$")] | None = Field(
        None, description="A postcode the gazetteer knows"
    )
    account_id: Id | None = Field(None, description="A stored account")
    position: Position | None = None
    name: Text | None = Field(None, description="Shown instead of the resolved name")

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "ambiguous_place",
                f"Give exactly one of {', '.join(WAYS)}; here "
                f"{'is none' if not given else 'are ' + ' and '.join(given)}.",
            )
        return self


class Alternative(AnswerModel):
    name: str
    region: str | None = None
    position: Position
    population: int | None = None


class ResolvedPlace(AnswerModel):
    """A place as the service understood it."""

    position: Position
    name: str | None = None
    level: Literal["given", "house", "interpolated", "street", "postcode", "place"] | None = Field(
        None, description="How exact the position is; `given` came with the request or an account"
    )
    alternatives: tuple[Alternative, ...] | None = Field(
        None, description="Other places of that name, largest first"
    )


class PlaceQuery(AnswerModel):
    """Can be sent back as `start`, `end` or a visit's `location`."""

    place: str | None = None
    postcode: str | None = None


class PlaceHit(AnswerModel):
    name: str
    label: str = Field(description="Name with what tells it from its namesakes")
    level: Literal["place", "postcode"]
    region: str | None = None
    postcode: str | None = None
    population: int | None = None
    position: Position
    query: PlaceQuery


class PlaceList(AnswerModel):
    items: tuple[PlaceHit, ...] = Field(description="Best first")


class PlacesQuery(RequestModel):
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = (
        Field(description="What was typed so far")
    )
    limit: int = Field(8, ge=1, le=20)
