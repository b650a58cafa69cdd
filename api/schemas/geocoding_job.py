"""Looking for many addresses again."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, RequestModel
from api.schemas.location import IssueName

JobStatusName = Literal["queued", "running", "complete", "failed", "cancelled"]


class GeocodingJobRequest(RequestModel):
    issues: Annotated[tuple[IssueName, ...], Field(min_length=1, max_length=4)] = Field(
        ("LOCATION_MISSING", "GEOCODE_AMBIGUOUS", "GEOCODE_TOO_COARSE", "UNREACHABLE_BY_ROAD"),
        description="Accounts with one of these are looked for; default: all of them",
    )


class JobLink(AnswerModel):
    self: str


class GeocodingJob(AnswerModel):
    job_id: str
    status: JobStatusName
    issues: tuple[IssueName, ...]
    service: str | None = Field(
        None, description="The geocoder elsewhere that is asked where the map does not know enough"
    )
    created_at: DateTime
    started_at: DateTime | None = None
    finished_at: DateTime | None = None
    progress: float = Field(description="0 to 1")
    total: int = Field(description="Accounts to be looked for")
    done: int
    located: dict[str, int] = Field(description="Those with a better position now, by its level")
    unchanged: int = Field(description="Nothing better was found, or the pin was set by hand")
    without_address: int
    changed_meanwhile: int = Field(
        description="Not written, since somebody else has changed or is changing the account"
    )
    unanswered: int = Field(description="The geocoder elsewhere gave no answer")
    asked: int = Field(description="Addresses that it was asked about")
    known: int = Field(description="Addresses that it had been asked about before")
    problem: dict[str, Any] | None = Field(None, description="Why it failed")
    links: JobLink


class GeocodingJobList(AnswerModel):
    items: tuple[GeocodingJob, ...] = Field(description="Newest first")
