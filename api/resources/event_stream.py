"""A plan that is told while it is made, as server-sent events (WHATWG HTML, section 9.2)."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from flask import Response

from api.errors import describe
from api.jobs.runner import JobRunner
from api.services import plan_route, stored_routes
from api.services.plan_route import SubmittedRoute
from api.state import AppState
from data import job_store

MEDIA = "text/event-stream"

KEEP_ALIVE_S = 2.0
"""After so long without an event a comment is sent, which also notices a client that has left."""

LOOK_EVERY_S = 0.05
"""Between two looks at the row of the job."""

Body = dict[str, Any]


class _News:
    """What of the progress of a job has not been told yet."""

    def __init__(self) -> None:
        self._stages = 0
        self._improvement: Body | None = None

    def of(self, progress: Body) -> Iterator[bytes]:
        stages = progress.get("stages", [])
        if len(stages) < self._stages:
            self._stages = 0  # Another worker has begun anew.
        for stage in stages[self._stages :]:
            yield _event("stage", stage)
        self._stages = len(stages)
        improvement = progress.get("improvement")
        if improvement not in (None, self._improvement):
            self._improvement = improvement
            yield _event("improvement", improvement)


def streamed(
    state: AppState,
    jobs: JobRunner,
    submitted: SubmittedRoute,
    shown: Callable[[Body], Body],
) -> Response:
    """
    Answer with the events of a job: `stage` and `improvement`, and `route` or `problem` last.

    When the client leaves before the end, the route is discarded and its worker stops.
    """
    is_over = False

    def events() -> Iterator[bytes]:
        nonlocal is_over
        news, told_s = _News(), time.monotonic()
        while True:
            with state.database.session() as session:
                job = job_store.look(session, submitted.job_id)
            for event in news.of(job.progress if job else {}):
                told_s = time.monotonic()
                yield event
            if job is None or not job.is_unfinished:
                is_over = True
                yield _last(state, submitted, shown)
                return
            if time.monotonic() - told_s > KEEP_ALIVE_S:
                told_s = time.monotonic()
                yield b": still planning\n\n"
            jobs.wait(submitted.job_id, LOOK_EVERY_S)

    def close() -> None:
        if not is_over:
            plan_route.discard(state, submitted)

    response = Response(events(), mimetype=MEDIA)
    response.call_on_close(close)
    response.headers["Cache-Control"] = "no-store"
    # Proxies such as nginx would otherwise collect the events.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _last(state: AppState, submitted: SubmittedRoute, shown: Callable[[Body], Body]) -> bytes:
    try:
        return _event("route", shown(stored_routes.planned(state, submitted)))
    except Exception as error:
        return _event("problem", describe(error).body())


def _event(event: str, data: Any) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), orjson.dumps(data))
