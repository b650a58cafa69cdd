"""Removes rows of jobs and keys that nobody asks for any more."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from data import idempotency_store, import_store, job_store
from data.database import Database

log = logging.getLogger(__name__)

EVERY_S = 86_400.0
"""Once a day."""


class DailyPurge:
    """
    Forgets jobs and imports of long ago, and keys whose answers cannot be had again.

    What jobs have made stays. Several services on one database may all do this.

    Parameters
    ----------
    kept
        How long a job stays after its end.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], kept: timedelta) -> None:
        self._database, self._clock, self._kept = database, clock, kept
        self._last_s = -EVERY_S

    def when_due(self) -> None:
        """Purge, unless that was done within the last day."""
        now_s = time.monotonic()
        if now_s - self._last_s < EVERY_S:
            return
        # Noted first: a database that is away is not asked again every second.
        self._last_s = now_s
        now = self._clock()
        with self._database.session() as session:
            jobs = job_store.purge(session, now - self._kept)
            keys = idempotency_store.purge(session, now)
            imports = import_store.purge(session, now - self._kept)
        if jobs or keys or imports:
            log.info(
                "%d jobs and %d imports of long ago and %d old keys were forgotten",
                jobs,
                imports,
                keys,
            )
