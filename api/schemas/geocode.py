"""Addresses to positions and back."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import AnswerModel, Latitude, Longitude, Position, RequestModel
from api.schemas.location import LevelName, Share

AddressText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class GeocodeQuery(RequestModel):
    q: AddressText | None = Field(None, description="An address as one text; or else its parts")
    street: AddressText | None = Field(None, description="With the house number")
    postcode: AddressText | None = None
    town: AddressText | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")] | None = Field(
        None, description="ISO 3166-1; with `q`, too, where the text names none"
    )


class ReverseQuery(RequestModel):
    lon: Longitude
    lat: Latitude


class GeocodeCandidate(AnswerModel):
    position: Position
    level: LevelName = Field(description="How exactly it is known, best first")
    confidence: Share = Field(description="How well what was asked agrees with it, at this level")
    label: str
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    town: str | None = None
    country: str | None = None


class GeocodeAnswer(AnswerModel):
    best: GeocodeCandidate
    alternatives: tuple[GeocodeCandidate, ...] = Field(description="Others it may mean, best first")
    is_ambiguous: bool = Field(description="Whether an alternative is as good")
    source: str
    attribution: str = Field(description="To be named where the position is shown")


class ReverseAnswer(AnswerModel):
    best: GeocodeCandidate
    distance_m: int = Field(description="From the position that was asked for")
    source: str
    attribution: str
