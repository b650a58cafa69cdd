"""What the service keeps in memory: roads and places for good, accounts while they are current."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER, AccountTable, Scores, score
from api.memo import Memo
from api.services.errors import NotReadyError
from api.settings import Settings
from api.world import World, read_world
from data import account_store, dataset_store, rep_store
from data.database import Database
from data.tables import Dataset, Rep
from routing.engine import SnappedPlaces

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """
    The active data set at one version, on one day.

    Parameters
    ----------
    version
        Changes with the accounts, not with the day.
    today
        In the data set's time zone; never before the day the data was made for.
    snapped
        The accounts on the road network, in the table's order. Where `has_location` is false the
        position is meaningless and counts as off the road.
    memo
        Of what is made from this snapshot.
    """

    dataset: Dataset
    version: str
    today: date
    zone: ZoneInfo
    table: AccountTable
    has_location: NDArray[np.bool_]
    snapped: SnappedPlaces
    reps: tuple[Rep, ...]
    margin_share: float
    memo: Memo = field(default_factory=Memo)

    def scores(self, day: int) -> Scores:
        """Of all accounts on a day, in days since 1970-01-01."""
        return self.memo.get(("scores", day), lambda: score(self.table, day, self.margin_share))

    @property
    def today_day(self) -> int:
        return (self.today - date(1970, 1, 1)).days

    @property
    def owned_counts(self) -> dict[int, int]:
        """Accounts by id of the rep who owns them."""
        owners, counts = np.unique(self.table.owner_rep_id, return_counts=True)
        return {
            int(owner): int(count)
            for owner, count in zip(owners, counts, strict=True)
            if owner != NO_OWNER
        }


class AppState:
    """
    Everything that requests share. Safe to use from many threads.

    Parameters
    ----------
    database, world
        Those of the settings, unless given; tests bring small ones.
    clock
        Says the time, in UTC.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database | None = None,
        world: World | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.database = database or Database(settings.database_url)
        self.clock = clock
        self.memo = Memo()
        self._world = world
        self._snapshot: Snapshot | None = None
        self._failed = False
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read roads, places and accounts. Takes seconds; until then the service is not ready."""
        if self._world is None:
            self._world = read_world(self.settings)
        snapshot = self.snapshot()
        snapshot.scores(snapshot.today_day)

    def load_in_background(self) -> None:
        threading.Thread(target=self._load_or_say, name="load", daemon=True).start()

    def _load_or_say(self) -> None:
        try:
            self.load()
        except NotReadyError as error:
            log.warning("%s", error)
        except Exception:
            self._failed = True
            log.exception("Loading failed")

    @property
    def is_loaded(self) -> bool:
        return self._snapshot is not None

    @property
    def world(self) -> World:
        """
        Raises
        ------
        NotReadyError
            While it is being loaded.
        """
        if self._world is None:
            raise NotReadyError(
                "Roads could not be loaded; the log says why."
                if self._failed
                else "Roads and accounts are being loaded. Try again in some seconds."
            )
        return self._world

    def snapshot(self) -> Snapshot:
        """
        The active data set as it is now; read anew when it has changed or a day has passed.

        Raises
        ------
        NotReadyError
            While roads are being loaded, or where there are no accounts.
        """
        world = self.world
        with self._lock:
            with self.database.session() as session:
                dataset = dataset_store.active(session)
                if dataset is None:
                    raise NotReadyError(
                        "There are no accounts yet. `python -m api` makes a sample."
                    )
                version = dataset_store.data_version(session, dataset.id)
                zone = ZoneInfo(dataset.timezone)
                today = max(self.clock().astimezone(zone).date(), dataset.created_for)
                known = self._snapshot
                if known is not None and (known.version, known.today) == (version, today):
                    return known
                table = account_store.load_table(session, dataset.id, today)
                reps = tuple(rep_store.all_reps(session, dataset.id))
            has_location = np.isfinite(table.lon) & np.isfinite(table.lat)
            snapped = world.engine.snap(
                np.where(has_location, table.lon, 0.0), np.where(has_location, table.lat, 0.0)
            )
            snapped = replace(snapped, is_off_road=snapped.is_off_road | ~has_location)
            self._snapshot = Snapshot(
                dataset,
                version,
                today,
                zone,
                table,
                has_location,
                snapped,
                reps,
                self.settings.margin_share,
            )
            return self._snapshot

    @property
    def data_version(self) -> str:
        """Of roads, models and accounts, as answers name it."""
        return f"{self.world.version}.{self.snapshot().version}"
