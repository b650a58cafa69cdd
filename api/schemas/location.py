"""Where an account is, and how well that is known."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import AnswerModel, Position

LevelName = Literal["position", "address", "interpolated", "street", "postcode", "place"]
SourceName = Literal["hand", "import", "geocoder", "sample"]
IssueName = Literal[
    "LOCATION_MISSING", "GEOCODE_TOO_COARSE", "GEOCODE_AMBIGUOUS", "UNREACHABLE_BY_ROAD"
]
Share = Annotated[float, Field(ge=0, le=1)]


class AlternativeLocation(AnswerModel):
    """Another place that the address may mean."""

    position: Position
    level: LevelName
    confidence: Share
    label: str


class AccountLocation(AnswerModel):
    """The position of an account and what is known of it; without one only the issue."""

    position: Position | None = None
    level: LevelName | None = Field(None, description="How exactly it is known, best first")
    confidence: Share | None = None
    source: SourceName | None = Field(None, description="Who said so; what `hand` says stays")
    label: str | None = Field(None, description="What the address was taken for")
    attribution: str | None = Field(None, description="To be named where the position is shown")
    issue: IssueName | None = Field(None, description="Why the planner does not rely on it")
    road_distance_m: int | None = Field(None, description="To the nearest road, as the crow flies")
    alternatives: tuple[AlternativeLocation, ...] = Field(
        (), description="Other places that the address may mean, best first"
    )
