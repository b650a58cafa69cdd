"""What data the service works on."""

from typing import Literal

from pydantic import Field

from api.schemas.account import ExternalRefAnswer
from api.schemas.base import AnswerModel, LocalDate


class SegmentAnswer(AnswerModel):
    segment: str
    revenue_from: float
    channel: str
    visit_interval_days: float | None = Field(None, description="Missing: no visits")
    service_duration_s: int


class Defaults(AnswerModel):
    """What a request gets where it says nothing."""

    per_hour: float
    per_km: float
    per_night: float
    margin_share: float
    max_detour_per_visit_s: int
    shortlist: int
    iterations: int
    change_price: float = Field(description="Of a replan, for each told visit that changes")


class Example(AnswerModel):
    """A trip that can be planned, to begin with."""

    start: str
    end: str
    days: int


class RepItem(AnswerModel):
    rep_id: str
    name: str
    town: str = Field(description="Where the home is; the address is not shown")
    account_count: int
    external_refs: tuple[ExternalRefAnswer, ...] | None = Field(
        None, description="What other systems call the rep; only in /reps"
    )


class RepList(AnswerModel):
    items: tuple[RepItem, ...]


class Dataset(AnswerModel):
    dataset_id: str
    name: str
    kind: Literal["sample", "own"]
    note: str = Field(description="What is real and what is invented")
    country: str
    timezone: str
    currency: str
    created_for: LocalDate = Field(description="The day the data was made for")
    as_of: LocalDate = Field(description="The day due states and prizes are counted for: today")
    data_version: str
    account_count: int
    status_counts: dict[str, int]
    rep_count: int
    reps: tuple[RepItem, ...] = Field(description="The first ten by name; /reps has all")
    segments: tuple[SegmentAnswer, ...]
    bbox: tuple[float, float, float, float] | None = Field(
        None, description="Around all accounts: west, south, east, north"
    )
    defaults: Defaults
    example: Example | None = Field(
        None, description="null where the map names fewer than two places"
    )
    style_url: str | None = Field(None, description="Another basemap, if one was set")
    tiles_url: str | None = Field(
        None, description="Vector tiles of a street map, with z, x and y in braces"
    )
    map_bbox: tuple[float, float, float, float] | None = Field(
        None, description="Around what the tiles show: west, south, east, north"
    )


class Health(AnswerModel):
    status: Literal["ok"]
    data_version: str
