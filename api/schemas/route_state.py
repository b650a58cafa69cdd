"""The body of a route, or of a replan, that has no plan yet, or never got one."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime
from api.schemas.problem import Problem
from api.schemas.route import DayAnswer, Links, Totals


class RouteProgress(AnswerModel):
    stage: str | None = Field(None, description="places, accounts, roads, search or reasons")
    detail: str | None = None
    fraction: float = Field(0, ge=0, le=1, description="Of the search")
    iterations: int = 0
    elapsed_ms: int = 0
    value: float | None = Field(None, description="Of the best plan so far, above the direct trip")
    visits: int | None = Field(None, description="Of the best plan so far")


class BestSoFar(AnswerModel):
    """The best plan that has been found, without reasons."""

    days: tuple[DayAnswer, ...]
    totals: Totals


class RouteState(AnswerModel):
    route_id: str
    label: str | None = None
    status: Literal["queued", "running", "failed", "cancelled"]
    revision: int | None = Field(None, description="Of a replan: the one that it is to make")
    created_at: DateTime
    progress: RouteProgress | None = None
    best: BestSoFar | None = Field(
        None, description="As of a second ago; a failed route keeps what it had"
    )
    problem: Problem | None = Field(None, description="Why it failed")
    links: Links
