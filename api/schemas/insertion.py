"""Where another visit would fit into a route: `POST /api/v1/routes/{route_id}/insertions`."""

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, LocalDate
from api.schemas.route import NAMED, FixChange, ReasonAnswer, Warning_
from api.schemas.route_request import VisitRequest


class InsertionRequest(VisitRequest):
    """The keys of a visit, and from when on it may be."""

    now: DateTime | None = Field(
        None,
        description="Visits are tried after it only; default that of the last replan, or before "
        "the trip",
    )
    displacing: int = Field(
        3, ge=0, le=20, description="How many slots in place of an optional visit to tell"
    )


class StopName(AnswerModel):
    type: str
    visit_id: str | None = None
    appointment_id: str | None = None
    account_id: str | None = None
    name: str | None = None
    town: str | None = Field(None, description=NAMED)


class MovedVisit(StopName):
    later_s: int = Field(description="Earlier where negative")


class SlotAnswer(AnswerModel):
    day: LocalDate
    after: StopName = Field(description="The stop before it")
    before: StopName
    arrival: DateTime
    service_start: DateTime
    departure: DateTime
    slack_s: int = Field(description="How late the rep may leave there")
    displaced: tuple[StopName, ...] = Field(description="Visits that leave for it")
    moved: tuple[MovedVisit, ...] = Field(description="Visits that start at another time")
    latest_shift_s: int = Field(description="How much later others start at most")
    added_travel_s: int
    added_work_s: int = Field(description="Hours from departure to arrival, without breaks")
    added_distance_m: int
    added_cost: float = Field(description="Hours, kilometres and nights")
    net_change: float = Field(description="What the value of the route gains, prizes included")


class Insertions(AnswerModel):
    route_id: str
    revision: int
    data_version: str = Field(description="Of today; the route may have been planned by another")
    currency: str
    prize: float = Field(description="Of the visit, on the day on which it is highest")
    service_duration_s: int
    slots: tuple[SlotAnswer, ...] = Field(description="Best `net_change` first")
    reason: ReasonAnswer | None = Field(
        None, description="Why it does not fit without displacing a visit; absent where it does"
    )
    if_longer: tuple[FixChange, ...] = Field(
        (), description="What would let it in, whether or not it pays"
    )
    warnings: tuple[Warning_, ...] = ()
