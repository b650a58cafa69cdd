"""Lists of routes, and what accepting one answers."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import AnswerModel, DateTime, Id, LocalDate, RequestModel, Week

RouteStatusName = Literal["queued", "running", "complete", "infeasible", "failed", "cancelled"]


class RoutesQuery(RequestModel):
    rep_id: Id | None = Field(None, description="Only of this rep")
    week: Week | None = Field(None, description="Only routes with days in this week of ISO 8601")
    status: RouteStatusName | None = None
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=500)


class RouteItem(AnswerModel):
    route_id: str
    label: str | None = None
    rep_id: str | None = None
    status: RouteStatusName
    revision: int
    created_at: DateTime
    first_date: LocalDate | None = Field(None, description="Of its days; absent without a plan")
    last_date: LocalDate | None = None
    visits: int | None = None
    net_value: float | None = None
    accepted_revision: int | None = Field(
        None, description="Whose visits are commitments; absent where none was accepted"
    )


class RouteList(AnswerModel):
    items: tuple[RouteItem, ...] = Field(description="Newest first")
    next_cursor: str | None = None


class AcceptQuery(RequestModel):
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="Accept only if this is the newest revision; default: whichever is"
    )


class Acceptance(AnswerModel):
    route_id: str
    accepted_revision: int
    commitments: int = Field(description="Visits of the route that are commitments now")
    added: int
    changed: int
    kept: int
    cancelled: int = Field(description="Commitments of a former revision that it has no longer")
