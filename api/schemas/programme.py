"""The engagement programme: who is served how, and what another one would change."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.analysis import PolicyVersion, Reason, Version
from api.schemas.base import (
    LINE,
    AnswerModel,
    DateTime,
    DurationS,
    LocalDate,
    Money,
    Notes,
    RequestModel,
)

Interval = Annotated[float, Field(ge=1, le=3650)]
SegmentName = Annotated[str, StringConstraints(min_length=1, max_length=40), LINE]
Served = Literal["field", "key_account", "inside_sales", "respond_only"]


class SegmentRule(RequestModel):
    """A segment and its rule."""

    segment: SegmentName
    revenue_from: Annotated[float, Field(ge=0, le=1e12)] = Field(
        description="Revenue of a year from which accounts belong here; 0 for the first segment"
    )
    channel: Served
    visit_interval_days: Interval | None = Field(None, description="Missing: no visits")
    service_duration_s: DurationS = 1800
    call_channel: Literal["phone", "video", "mail"] | None = None
    call_interval_days: Interval | None = Field(
        None, description="Missing: no calls; needs call_channel"
    )
    field_visits: bool | None = Field(
        None,
        description="Whether field trips visit these accounts; missing: where the field serves "
        "them",
    )
    description: Notes = ""


class ProgrammeDraft(RequestModel):
    """A programme that is looked at before it counts."""

    segments: Annotated[tuple[SegmentRule, ...], Field(min_length=1, max_length=12)]
    move_by_revenue: bool = Field(
        True,
        description="Whether accounts come into the segment of their revenue of the last 12 "
        "months; otherwise they stay in theirs",
    )
    keep_own: bool = Field(
        True,
        description="Whether intervals and durations that a person or another system gave stay",
    )
    small_below: Money = Field(
        100_000.0, description="Accounts with less revenue a year count as small"
    )


class ProgrammeFacts(ProgrammeDraft):
    """A programme that counts from now on."""

    reason: Reason


class SegmentRuleAnswer(AnswerModel):
    segment: str
    revenue_from: float
    channel: Served
    visit_interval_days: float | None = Field(None, description="Missing: no visits")
    service_duration_s: int
    call_channel: str | None = None
    call_interval_days: float | None = None
    field_visits: bool
    description: str


class ProgrammeVersion(PolicyVersion):
    segments: tuple[SegmentRuleAnswer, ...]


class ProgrammeTemplate(AnswerModel):
    template: str
    title: str
    segments: tuple[SegmentRuleAnswer, ...]


class EffortAnswer(AnswerModel):
    """Of a year, as the cadence promises."""

    accounts: int
    visits: float
    calls: float
    hours: float = Field(description="Of everybody who takes part, journeys included")
    cost: float


class SegmentEffort(AnswerModel):
    segment: str
    effort: EffortAnswer


class RepCadence(AnswerModel):
    """What the intervals take of the time of a rep in a week, and how far they are stretched."""

    rep_id: str
    name: str
    accounts: int = Field(description="That field trips visit")
    visits_per_week: float
    service_h_per_week: float
    travel_h_per_week: float
    load_h_per_week: float
    capacity_h_per_week: float
    utilisation: float | None = Field(
        None, description="Load over capacity; missing for a rep without working hours"
    )
    interval_stretch: float = Field(description="Factor on all intervals of the rep, at least 1")


class ProgrammeAnswer(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    version: Version
    reason: str | None = None
    decided_at: DateTime | None = None
    segments: tuple[SegmentRuleAnswer, ...]
    effort: tuple[SegmentEffort, ...]
    total: EffortAnswer
    reps: tuple[RepCadence, ...]
    versions: tuple[ProgrammeVersion, ...] = Field(description="The newest first")
    templates: tuple[ProgrammeTemplate, ...]


class SegmentMove(AnswerModel):
    from_segment: str
    to_segment: str
    accounts: int


class SizeEffort(AnswerModel):
    accounts: int
    before: EffortAnswer
    after: EffortAnswer


class EffortMoved(AnswerModel):
    """How much effort goes from small accounts to large ones."""

    small_below: float
    small: SizeEffort
    large: SizeEffort
    large_share_before: float | None = Field(
        None, description="Of all hours; missing where there are none"
    )
    large_share_after: float | None = None
    hours_moved: float = Field(
        description="A year: what small accounts take less, as far as large ones take more"
    )
    hours_freed: float = Field(description="A year: what all take less together; negative: more")


class CadenceSummary(AnswerModel):
    reps_over_capacity: int
    highest_stretch: float
    load_h_per_week: float
    capacity_h_per_week: float


class ProgrammePreview(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    version: int = Field(description="Of the programme that it is compared with")
    accounts: int
    accounts_changed: int
    accounts_moved: int
    moves: tuple[SegmentMove, ...] = Field(description="Most accounts first")
    intervals_changed: int
    durations_changed: int
    intervals_kept: int = Field(description="Own ones that another rule leaves alone")
    durations_kept: int
    before: tuple[SegmentEffort, ...]
    after: tuple[SegmentEffort, ...]
    total_before: EffortAnswer
    total_after: EffortAnswer
    effort_moved: EffortMoved
    cadence_before: CadenceSummary
    cadence_after: CadenceSummary
    situations_without_segment: tuple[str, ...] = Field(
        description="Special situations about a segment that there will be no longer"
    )
