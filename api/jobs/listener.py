"""Between a running job and its row: progress goes up, the wish to stop comes down."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from api.services.progress import Plan
from data import job_store
from data.database import Database
from data.job_store import Signal

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""A worker that is silent for so long is thought to be dead. Three signs of life fit in."""

BEAT_S = 5.0
"""Between signs of life, when there is nothing to tell."""

WRITE_EVERY_S = 0.5
"""Between two writes of progress. Only the first plan goes at once: somebody looks at nothing."""

PLAN_EVERY_S = 1.0
"""Between two writes of the best plan itself, which is a hundred times larger."""

LOOK_EVERY_S = 0.25
"""How soon the wish to stop is noticed."""


class JobListener:
    """
    Listens to a job on behalf of its row.

    It writes from a thread of its own, so that a database that is slow does not hold the search up.

    Parameters
    ----------
    worker
        The claim by which the job is held.
    """

    def __init__(
        self, database: Database, job_id: str, worker: str, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._job_id, self._worker = database, job_id, worker
        self._clock = clock
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._stages: list[dict[str, str]] = []
        self._facts: dict[str, Any] = {"fraction": 0.0, "iterations": 0}
        self._plan: Plan | None = None
        self._is_news = self._has_plan = False
        self._wrote = self._wrote_plan = -1e9
        self._signal = Signal.GO_ON
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._wake.set()
        self._thread.join()

    @property
    def is_gone(self) -> bool:
        return self._signal is Signal.LOST

    @property
    def is_cancelled(self) -> bool:
        return self._signal is Signal.CANCEL

    def stage(self, stage: str, detail: str) -> None:
        with self._lock:
            self._stages.append({"stage": stage, "detail": detail})
            self._is_news = True
        self._wake.set()

    def advance(self, iterations: int, fraction: float) -> None:
        with self._lock:
            self._facts |= {"iterations": iterations, "fraction": round(fraction, 4)}
            self._is_news = True

    def improvement(
        self, iterations: int, fraction: float, value: float, visits: int, plan: Plan
    ) -> None:
        found = {
            "iterations": iterations,
            "progress": round(fraction, 4),
            "value": value,
            "visits": visits,
            "elapsed_ms": self._elapsed_ms(),
        }
        self.advance(iterations, fraction)
        with self._lock:
            self._facts["improvement"] = found
            self._plan = plan
        self._wake.set()

    def tell(self, **facts: Any) -> None:
        with self._lock:
            self._facts |= facts
            self._is_news = True

    def progress(self) -> dict[str, Any]:
        """What the row says, or soon will."""
        with self._lock:
            return {**self._facts, "elapsed_ms": self._elapsed_ms(), "stages": [*self._stages]}

    def _elapsed_ms(self) -> int:
        return round(1000 * (time.monotonic() - self._started))

    def _listen(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            if self._ended.is_set() or self.is_gone:
                return
            try:
                self._signal = self._exchange()
            except Exception:
                # The job goes on. If this lasts, its lease ends and another worker takes it up.
                log.exception("The row of job %s could not be written", self._job_id)

    def _exchange(self) -> Signal:
        now_s = time.monotonic()
        with self._lock:
            is_first_plan = self._plan is not None and not self._has_plan
            is_due = now_s - self._wrote >= WRITE_EVERY_S or is_first_plan
            is_told = self._is_news and is_due
            plan = None
            if is_told:
                self._is_news = False
                if is_first_plan or now_s - self._wrote_plan >= PLAN_EVERY_S:
                    plan, self._plan = self._plan, None
        if not is_told and now_s - self._wrote < BEAT_S:
            with self._database.session() as session:
                return job_store.signal(session, self._job_id, self._worker)
        best = None
        if plan is not None:
            best, self._has_plan, self._wrote_plan = plan(), True, now_s
        self._wrote = now_s
        now = self._clock()
        progress = self.progress() if is_told else None
        with self._database.session() as session:
            return job_store.report(
                session, self._job_id, self._worker, now, now + LEASE, progress, best
            )
