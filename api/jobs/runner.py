"""Hands jobs to executors, waits for them, and takes up those that nobody works on."""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from api.jobs.kinds import KINDS, Lane
from api.jobs.pools import Pool, check_dask, dask_pool, spawned_pool, thread_pool
from api.jobs.process import is_ready
from api.jobs.purge import DailyPurge
from api.jobs.refit import TimelyFit
from data import job_store
from data.database import Database
from data.job_store import DueJob

if TYPE_CHECKING:
    from api.state import AppState

log = logging.getLogger(__name__)

WATCH_S = 1.0
"""Between two looks for jobs that nobody works on."""

LOOK_AGAIN_S = 0.02
"""Between two looks at a job that another process has."""

KEPT = timedelta(days=30)
"""The usual time for which a job that has ended can be looked up."""

YOUNG_S = 5.0
"""A pool that breaks before it is so old is replaced only after a pause: the next may break too."""


class JobRunner:
    """
    The jobs of one web process. Safe to use from many threads.

    Several web processes may have one each: what two of them hand to their workers is done by the
    one that claims it first.

    Parameters
    ----------
    pools
        Makes a pool for each lane, when it is first needed and again when it is broken. A lane
        without one leaves its jobs to other processes.
    kept
        How long the row of a job stays after its end.
    refit
        Has models fitted when they are old.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        pools: Mapping[Lane, Callable[[], Pool]],
        kept: timedelta = KEPT,
        refit: TimelyFit | None = None,
    ) -> None:
        self._database, self._clock, self._make = database, clock, pools
        self._purge, self._refit = DailyPurge(database, clock, kept), refit
        self._pools: dict[Lane, Pool] = {}
        self._made_s: dict[Lane, float] = {}
        self._given: dict[str, threading.Event] = {}
        self._returned: list[DueJob] = []
        self._broken: set[Lane] = set()
        self._lock = threading.RLock()
        self._wake, self._stopping, self._warm = (threading.Event() for _ in range(3))
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """
        Make workers ready, and begin to look for jobs that nobody works on.

        Call after the process has been forked, if it is.
        """
        with self._lock:
            if self._watcher is not None:
                return
            self._watcher = threading.Thread(target=self._watch, name="jobs", daemon=True)
        try:
            pool = self._pool(Lane.PLANNING)
        except Exception:
            pool = None
            log.exception("No worker can be had yet; jobs wait")
        if pool is None or not pool.prestart:
            self._warm.set()
        self._watcher.start()

    def wait_until_warm(self, timeout_s: float) -> bool:
        """Whether a first worker is ready within the time."""
        return self._warm.wait(timeout_s)

    def submit(self, job_id: str, kind: str) -> None:
        """Hand a job over, unless that has been done."""
        with self._lock:
            if self._stopping.is_set() or job_id in self._given:
                return
            self._given[job_id] = threading.Event()
        self._hand_over(DueJob(job_id, kind))

    def wait(self, job_id: str, timeout_s: float) -> None:
        """
        Return when the job has ended, as far as this process can know, at the latest after a time.

        What its row says is what counts.
        """
        with self._lock:
            given = self._given.get(job_id)
        if given is None:
            time.sleep(min(timeout_s, LOOK_AGAIN_S))
        else:
            given.wait(timeout_s)

    def wait_until_ended(self, job_id: str, timeout_s: float = math.inf) -> None:
        """Return when the row of the job says that it has ended, or is gone, or after a time."""
        until = time.monotonic() + timeout_s
        while self._is_unfinished(job_id) and (left_s := until - time.monotonic()) > 0:
            self.wait(job_id, min(left_s, WATCH_S))

    def _is_unfinished(self, job_id: str) -> bool:
        with self._database.session() as session:
            job = job_store.look(session, job_id)
        return job is not None and job.is_unfinished

    def stop(self) -> None:
        """End all workers at once, and let other processes take up what they were at."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._stopping.set()
            pools = tuple(self._pools.values())
        self._wake.set()
        if self._watcher is not None:
            self._watcher.join()
        for pool in pools:
            pool.close()
            self._give_back(pool, is_attempt=False)

    def _pool(self, lane: Lane) -> Pool | None:
        with self._lock:
            if lane not in self._pools and lane in self._make and not self._stopping.is_set():
                pool = self._pools[lane] = self._make[lane]()
                self._made_s[lane] = time.monotonic()
                for _ in range(pool.prestart):
                    # Each finds no idle process, and so begins one.
                    pool.executor.submit(is_ready).add_done_callback(self._note_warm)
            return self._pools.get(lane)

    def _note_warm(self, ready: "Future[bool]") -> None:
        if not ready.cancelled() and ready.exception() is None:
            self._warm.set()

    def _hand_over(self, job: DueJob) -> None:
        lane = KINDS[job.kind].lane
        try:
            pool = self._pool(lane)
        except Exception:
            # The job stays in the table, where the next look finds it.
            pool = None
            log.exception("No worker can be had for job %s; it waits", job.job_id)
        if pool is None:
            self._forget(job.job_id)
            return
        try:
            future = pool.executor.submit(pool.run, job.job_id)
        except BrokenExecutor:
            self._note_broken(lane, pool, job)
        except RuntimeError:
            self._forget(job.job_id)  # closed meanwhile
        else:
            future.add_done_callback(partial(self._note_done, lane, pool, job))

    def _note_done(
        self, lane: Lane, pool: Pool, job: DueJob, future: "Future[tuple[DueJob, ...]]"
    ) -> None:
        if future.cancelled() or self._stopping.is_set():
            self._forget(job.job_id)
            return
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            self._note_broken(lane, pool, job)
            return
        self._forget(job.job_id)
        if error is not None:
            # Its row could not be written. When its lease has ended it is tried again.
            log.error("Job %s could not be brought to an end", job.job_id, exc_info=error)
            return
        for following in future.result():
            self.submit(following.job_id, following.kind)

    def _forget(self, job_id: str) -> None:
        with self._lock:
            given = self._given.pop(job_id, None)
        if given is not None:
            given.set()

    def _note_broken(self, lane: Lane, pool: Pool, job: DueJob) -> None:
        with self._lock:
            self._returned.append(job)
            if self._pools.get(lane) is pool:
                self._broken.add(lane)
        self._wake.set()

    def _watch(self) -> None:
        while True:
            try:
                self._replace_broken()
                self._submit_due()
                self._purge.when_due()
                if self._refit is not None:
                    self._refit.when_due()
            except Exception:
                # The database may be away for a while; a job is not lost by that.
                log.exception("Jobs could not be looked after")
            self._wake.wait(WATCH_S)
            self._wake.clear()
            if self._stopping.is_set():
                return

    def _replace_broken(self) -> None:
        """
        Replace pools one of whose workers has died; the executor has then ended the others too.

        Their jobs begin anew in the new pool.
        """
        with self._lock:
            broken, self._broken = self._broken, set()
        for lane in broken:
            log.error("A process that works on jobs has died; others take up its work")
            if time.monotonic() - self._made_s[lane] < YOUNG_S:
                self._stopping.wait(WATCH_S)
            with self._lock:
                pool = self._pools.pop(lane)
            pool.close()
            self._give_back(pool, is_attempt=True)
        with self._lock:
            returned, self._returned = self._returned, []
        for job in returned:
            self._hand_over(job)

    def _give_back(self, pool: Pool, is_attempt: bool) -> None:
        if pool.workers is not None:
            with self._database.session() as session:
                job_store.give_back(session, pool.workers, self._clock(), is_attempt)

    def _submit_due(self) -> None:
        with self._database.session() as session:
            due = job_store.due(session, self._clock())
        for job in due:
            if job.kind in KINDS:
                self.submit(job.job_id, job.kind)


def runner_of(state: "AppState") -> JobRunner:
    """
    The runner that the settings ask for: processes of our own, a Dask cluster, or none here.

    Raises
    ------
    InvalidSettingsError
        When a cluster is asked for and its package is not installed.
    """
    settings = state.settings
    pools: dict[Lane, Callable[[], Pool]] = {}
    if settings.dask_scheduler is not None:
        check_dask()
        pools = dict.fromkeys(Lane, partial(dask_pool, settings.dask_scheduler))
    elif settings.worker_count > 0:
        pools[Lane.PLANNING] = partial(spawned_pool, settings, settings.worker_count)
        for lane in (Lane.BACKGROUND, Lane.OUTSIDE):
            pools[lane] = partial(spawned_pool, settings, 1, is_background=True)
    return JobRunner(
        state.database,
        state.clock,
        pools,
        timedelta(days=settings.job_days),
        TimelyFit(state.database, state.clock, settings.model_days),
    )


def runner_in_threads(state: "AppState") -> JobRunner:
    """A runner for a state that only this process has."""
    return JobRunner(state.database, state.clock, dict.fromkeys(Lane, partial(thread_pool, state)))
