"""How far a route is, or a replan of it, while nobody can be told the plan."""

from typing import Any

from api.schemas.route_state import RouteProgress, RouteState
from data.tables import Job

Body = dict[str, Any]


def with_progress(state: RouteState, job: Job | None) -> Body:
    """The body of a state, with what the row of its job tells; the row may be gone."""
    if job is None:
        return state.body()
    progress = None if not job.progress else _progress(job.progress)
    body = state.model_copy(update={"progress": progress}).body()
    # These are bodies already.
    told = (("best", job.best), ("problem", job.problem))
    return body | {key: value for key, value in told if value is not None}


def _progress(told: Body) -> RouteProgress:
    stage = told["stages"][-1] if told["stages"] else {}
    improvement = told.get("improvement", {})
    return RouteProgress(
        stage=stage.get("stage"),
        detail=stage.get("detail"),
        fraction=told["fraction"],
        iterations=told["iterations"],
        elapsed_ms=told["elapsed_ms"],
        value=improvement.get("value"),
        visits=improvement.get("visits"),
    )
