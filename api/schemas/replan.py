"""The body of `POST /api/v1/routes/{route_id}/replans`, and the list of revisions."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, DurationS, Id, Money, RequestModel
from api.schemas.place import Place
from api.schemas.route_request import MAX_VISITS, VisitRequest

Named = Annotated[tuple[Id, ...], Field(max_length=MAX_VISITS)]


class ReplanOptions(RequestModel):
    iterations: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="Length of the search; default 2000, a setting"
    )
    seed: int = Field(0, ge=0, le=2**31 - 1)
    explain: bool = True


class ReplanRequest(RequestModel):
    """Where the rep is, what has happened, and what of the plan may change."""

    now: DateTime = Field(description="The moment from which on it is planned anew")
    position: Place | None = Field(
        None, description="Where the rep is; default: where the plan says they are now"
    )
    done: Named | None = Field(
        None,
        description="visit_id, appointment_id or account_id of visits that have been made; "
        "default: those that the plan says are over now",
    )
    cancelled: Named = Field((), description="The same of visits that will not be made")
    late_s: DurationS = Field(0, description="How far the rep is behind the plan")
    visits: Annotated[tuple[VisitRequest, ...], Field(max_length=MAX_VISITS)] = Field(
        (), description="New visits, as in the request of a route"
    )
    freeze_before: DateTime | None = Field(
        None, description="Visits planned to start before it stay as they are"
    )
    told: Literal["all", "none"] | Named | None = Field(
        None,
        description="Visits whose customers know the time; default `all` where the route has been "
        "accepted, else `none`",
    )
    change_price: Money | None = Field(
        None, description="Cost of each told visit that changes; default 25, a setting"
    )
    change_tolerance_s: DurationS = Field(
        900, description="How much earlier or later still counts as the time told"
    )
    options: ReplanOptions = ReplanOptions()


class RevisionItem(AnswerModel):
    revision: int
    created_at: DateTime
    status: str
    cause: Literal["plan", "replan", "bound"]
    now: DateTime | None = Field(None, description="Of a replan: the moment it was made for")
    visits: int | None = None
    net_value: float | None = None
    is_accepted: bool = Field(description="Whether its visits are commitments")


class RevisionList(AnswerModel):
    items: tuple[RevisionItem, ...] = Field(description="Oldest first")
