"""Has models fitted while nobody asks for it: first where nothing was fitted, then now and then."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from api.services.fit_models import KIND
from data import dataset_store, job_store, programme_store, value_model_store
from data.database import Database, Session

log = logging.getLogger(__name__)

FIRST_LOOK_S = 20.0
"""After the start, which has enough to do, and whose first plan nobody shall wait for."""

EVERY_S = 3_600.0
"""Between two looks."""

EMPTY_DAYS = 1
"""What was fitted to no orders at all is fitted anew so soon: there may be some by now."""

AFTER_FAILURE = timedelta(days=1)


class TimelyFit:
    """
    Asks for a fit when the models of the active data set are old, or know other segments.

    Several services on one database may all do this: one fit is asked for.

    Parameters
    ----------
    after_days
        Age at which models are old; 0 for never.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], after_days: int) -> None:
        self._database, self._clock, self._after_days = database, clock, after_days
        self._next_s = time.monotonic() + FIRST_LOOK_S

    def when_due(self) -> None:
        """Look, unless that was done within the last hour."""
        now_s = time.monotonic()
        if self._after_days == 0 or now_s < self._next_s:
            return
        # Noted first: a database that is away is not asked again every second.
        self._next_s = now_s + EVERY_S
        if self.look():
            log.info("The models are old, and are fitted anew")

    def look(self) -> bool:
        """Ask for a fit if the models are old and nobody has asked; whether that was done."""
        now = self._clock()
        with self._database.session() as session:
            dataset = dataset_store.active(session)
            if dataset is None or not self._is_old(session, dataset.id, now):
                return False
            if job_store.unfinished_of(session, dataset.id, KIND) is not None:
                return False
            last = job_store.newest(session, dataset.id, KIND, 1)
            if last and last[0].created_at > now - AFTER_FAILURE:
                return False
            job_store.add(
                session,
                job_id=job_store.new_job_id(),
                dataset_id=dataset.id,
                kind=KIND,
                params={},
                created_at=now,
            )
        return True

    def _is_old(self, session: Session, dataset_id: int, now: datetime) -> bool:
        head = value_model_store.head(session, dataset_id)
        if head is None:
            return True
        programme = programme_store.programme_of(session, dataset_id)
        if head.segments != tuple(segment.name for segment in programme):
            return True
        days = self._after_days if head.is_fitted else min(EMPTY_DAYS, self._after_days)
        return head.created_at <= now - timedelta(days=days)
