"""What the service keeps in memory: roads and places for good, accounts while they are current."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from accounts import (
    NO_OWNER,
    PROGRAMME,
    AccountTable,
    LocationLevel,
    Programme,
    Rules,
    Scores,
    Worth,
    score,
)
from accounts.cadence import Cadence, cadence
from accounts.days import day_number
from accounts.decisions import AccountException, SpecialSituation, with_exceptions
from accounts.errors import InvalidValueModelError
from accounts.value.account_values import (
    HORIZON_MONTHS,
    AccountValues,
    ValueParameters,
    value_accounts,
)
from api.memo import Memo
from api.open_world import open_world as default_world
from api.services.errors import NotReadyError
from api.services.field_time import field_time
from api.settings import Settings
from api.world import World
from data import (
    account_store,
    commitment_store,
    dataset_store,
    decision_store,
    policy_store,
    programme_store,
    rep_store,
    value_model_store,
)
from data.commitment_store import Commitment
from data.database import Database, Session
from data.errors import InvalidRoadMapError
from data.tables import Dataset, Policy, PolicySubject, Rep, ValueModel
from routing.roads.engine import SnappedPlaces

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FittedModel:
    """
    What was fitted to the past of a data set.

    Parameters
    ----------
    fitted_for
        The last day of that past.
    segments
        Names of the segments of the engagement programme at the time.
    """

    version: int
    fitted_for: date
    created_at: datetime
    parameters: ValueParameters
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """
    The active data set at one version, on one day.

    Parameters
    ----------
    world
        The map of the data set.
    version
        Changes with the accounts, not with the day.
    today
        In the data set's time zone; never before the day the data was made for.
    snapped
        The accounts on the road network, in the table's order. Where `has_location` is false the
        position is meaningless and counts as off the road.
    programme
        The segments that `table.segment` points into.
    coarsest_level
        How well a position must be known at least, to be planned with.
    commitments
        Visits of accepted routes that are still to be made.
    policies
        What managers have decided, by subject: the versions that count.
    model
        What was fitted to the past of the accounts; None while nothing was.
    exceptions, situations
        Those of today and later. Intervals and durations of exceptions of today are in the table.
    memo
        Of what is made from this snapshot.
    """

    dataset: Dataset
    world: World
    version: str
    today: date
    zone: ZoneInfo
    table: AccountTable
    has_location: NDArray[np.bool_]
    snapped: SnappedPlaces
    reps: tuple[Rep, ...]
    margin_share: float
    programme: Programme = PROGRAMME
    coarsest_level: LocationLevel = LocationLevel.POSTCODE
    commitments: tuple[Commitment, ...] = ()
    policies: Mapping[PolicySubject, Policy] = field(default_factory=dict)
    model: FittedModel | None = None
    exceptions: tuple[AccountException, ...] = ()
    situations: tuple[SpecialSituation, ...] = ()
    memo: Memo = field(default_factory=Memo)

    def scores(self, day: int) -> Scores:
        """Of all accounts on a day, in days since 1970-01-01."""
        return self.memo.get(("scores", day), lambda: self.scores_with(self.table, day))

    def scores_with(self, table: AccountTable, day: int) -> Scores:
        """The same with other last visits or intervals."""
        return score(table, day, self.worth, self.rules(day))

    @property
    def worth(self) -> Worth:
        """What each account buys, and how it responds to visits."""
        return self.values.worth

    @property
    def values(self) -> AccountValues:
        """What each account is worth today, by the fitted model, or as the literature has it."""
        return self.memo.get(
            "values",
            lambda: value_accounts(
                replace(self.table, segment=self.fitted_segment),
                self.parameters,
                self.today_day,
                self.margin_share,
                HORIZON_MONTHS,
            ),
        )

    @property
    def parameters(self) -> ValueParameters:
        """What values are reckoned with."""
        if self.model is None:
            return ValueParameters.assumed(len(self.programme))
        return self.model.parameters

    @property
    def fitted_segment(self) -> NDArray[np.uint8]:
        """
        (n,) index into the segments that `parameters` know. Segments of a programme that came
        later go by all accounts together, until the models are fitted anew.
        """
        if self.model is None:
            return self.table.segment
        names = self.model.segments
        known = {name: k for k, name in enumerate(names)}
        index = [known.get(segment.name, len(names)) for segment in self.programme]
        return np.array(index, dtype=np.uint8)[self.table.segment]

    def rules(self, day: int) -> Rules:
        """What managers have decided for a day, in days since 1970-01-01."""
        return self.memo.get(("rules", day), lambda: self._rules_on(day))

    @property
    def cadence(self) -> Cadence:
        """What the intervals of today take of the time of each rep."""
        return self.memo.get("cadence", self._cadence)

    def _rules_on(self, day: int) -> Rules:
        return Rules.on_day(
            day,
            self.table,
            self.programme,
            self.exceptions,
            self.situations,
            self.cadence.interval_stretch,
        )

    def _cadence(self) -> Cadence:
        # Situations let field trips visit an account now, not time and again.
        rules = Rules.on_day(self.today_day, self.table, self.programme, self.exceptions)
        reps = tuple(map(field_time, self.reps))
        return cadence(self.table, rules.is_field, self.has_location, reps, self.stop_s)

    @property
    def stop_s(self) -> NDArray[np.float64]:
        """
        (n,) driving time that a stop at each account adds to passing by: from the road and back.

        Of accounts off the road it is that of the others, since nobody drives there.
        """
        aside_s = 2.0 * self.snapped.access_s
        on_road = ~self.snapped.is_off_road
        usual_s = float(np.median(aside_s[on_road])) if on_road.any() else 0.0
        return np.where(on_road, aside_s, usual_s)

    @property
    def data_version(self) -> str:
        """Changes with the roads and the accounts."""
        return f"{self.world.version}.{self.version}"

    def is_of(self, world: World, version: str, today: date) -> bool:
        return self.world is world and (self.version, self.today) == (version, today)

    @property
    def today_day(self) -> int:
        return day_number(self.today)

    @property
    def owned_counts(self) -> dict[int, int]:
        """Accounts by id of the rep who owns them."""
        owners, counts = np.unique(self.table.owner_rep_id, return_counts=True)
        return {
            int(owner): int(count)
            for owner, count in zip(owners, counts, strict=True)
            if owner != NO_OWNER
        }


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The active data set and its map, without its accounts; as in a `Snapshot`."""

    dataset: Dataset
    world: World
    today: date
    coarsest_level: LocationLevel
    programme: Programme


class AppState:
    """
    Everything that requests share. Safe to use from many threads.

    Parameters
    ----------
    database, open_world
        Those of the settings, unless given; tests bring small ones. A world is opened by the name
        of its map, which is None for a data set without one.
    clock
        Says the time, in UTC.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database | None = None,
        open_world: Callable[[str | None], World] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.database = database or Database(settings.database_url)
        self.clock = clock
        self.memo = Memo()
        self._open_world = open_world or partial(default_world, settings)
        self._entered: tuple[str | None, World] | None = None
        self._model: tuple[tuple[int, int, datetime], FittedModel | None] | None = None
        self._snapshot: Snapshot | None = None
        self._is_waiting = True
        self._failed = False
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read roads, places and accounts. Takes seconds; until then the service is not ready."""
        self._is_waiting = False
        snapshot = self.snapshot()
        snapshot.scores(snapshot.today_day)

    def load_in_background(self, then: Callable[[], None] = lambda: None) -> None:
        """Load in a thread, and call something when that has been tried."""
        threading.Thread(target=self._load_or_say, args=(then,), name="load", daemon=True).start()

    def _load_or_say(self, then: Callable[[], None]) -> None:
        try:
            self.load()
        except NotReadyError as error:
            log.warning("%s", error)
        except Exception:
            self._failed = True
            log.exception("Loading failed")
        then()

    @property
    def is_loaded(self) -> bool:
        return self._snapshot is not None

    @property
    def world(self) -> World:
        """
        The map of the active data set.

        Raises
        ------
        NotReadyError
            While it is being loaded.
        """
        return self.snapshot().world

    def snapshot(self) -> Snapshot:
        """
        The active data set as it is now; read anew when it has changed or a day has passed.

        Raises
        ------
        NotReadyError
            While roads are being loaded, or where there are no accounts.
        """
        self._check_loaded()
        with self._lock:
            with self.database.session() as session:
                dataset = _present(dataset_store.active(session))
                world = self._enter_world_of(dataset)
                version = dataset_store.data_version(session, dataset.id)
                zone, today = ZoneInfo(dataset.timezone), self._today(dataset)
                known = self._snapshot
                if known is not None and known.is_of(world, version, today):
                    return known
                table = account_store.load_table(session, dataset.id, today)
                reps = tuple(rep_store.all_reps(session, dataset.id))
                commitments = commitment_store.all_commitments(session, dataset.id)
                policies = policy_store.all_current(session, dataset.id)
                model = self._model_of(session, dataset.id)
                exceptions = decision_store.exceptions_from(session, dataset.id, today)
                situations = decision_store.situations_from(session, dataset.id, today)
            programme = programme_store.programme_in(policies)
            # A programme with fewer segments may have come in since the accounts were read; another
            # version says so, and all is read anew with the next request.
            segment = np.minimum(table.segment, len(programme) - 1).astype(np.uint8)
            table = replace(table, segment=segment)
            table = with_exceptions(table, exceptions, day_number(today))
            has_location = np.isfinite(table.lon) & np.isfinite(table.lat)
            snapped = world.engine.snap(
                np.where(has_location, table.lon, 0.0), np.where(has_location, table.lat, 0.0)
            )
            snapped = replace(snapped, is_off_road=snapped.is_off_road | ~has_location)
            self._snapshot = Snapshot(
                dataset,
                world,
                version,
                today,
                zone,
                table,
                has_location,
                snapped,
                reps,
                self.settings.margin_share,
                programme,
                self._coarsest_level(world),
                commitments,
                policies,
                model,
                exceptions,
                situations,
            )
            return self._snapshot

    def ground(self) -> Ground:
        """
        The active data set as it is now, for whoever changes its accounts: they are not read.

        Raises
        ------
        NotReadyError
            While roads are being loaded, or where there are no accounts.
        """
        self._check_loaded()
        with self.database.session() as session:
            dataset = _present(dataset_store.active(session))
            programme = programme_store.programme_of(session, dataset.id)
        entered = self._entered
        if entered is None or entered[0] != dataset.map_name:
            with self._lock:
                world = self._enter_world_of(dataset)
        else:
            world = entered[1]
        return Ground(dataset, world, self._today(dataset), self._coarsest_level(world), programme)

    @property
    def data_version(self) -> str:
        """Of roads, models and accounts, as answers name it."""
        return self.snapshot().data_version

    def _enter_world_of(self, dataset: Dataset) -> World:
        """
        The map of a data set; opened when another one was in use, which takes seconds.

        Raises
        ------
        NotReadyError
            When the map cannot be opened.
        """
        if self._entered is None or dataset.map_name != self._entered[0]:
            try:
                self._entered = dataset.map_name, self._open_world(dataset.map_name)
            except InvalidRoadMapError as error:
                raise NotReadyError(str(error)) from error
        return self._entered[1]

    def _model_of(self, session: Session, dataset_id: int) -> FittedModel | None:
        """What was fitted last; read when it is another one than before, since it is large."""
        head = value_model_store.head(session, dataset_id)
        if head is None:
            return None
        key = dataset_id, head.version, head.created_at
        if self._model is None or self._model[0] != key:
            self._model = key, _read_model(value_model_store.current(session, dataset_id))
        return self._model[1]

    def _check_loaded(self) -> None:
        """A request does not wait for the first load, which may take long."""
        if self._failed:
            raise NotReadyError("Roads could not be loaded; the log says why.")
        if self._is_waiting or (self._snapshot is None and self._lock.locked()):
            raise NotReadyError("Roads and accounts are being loaded. Try again in some seconds.")

    def _today(self, dataset: Dataset) -> date:
        return max(self.clock().astimezone(ZoneInfo(dataset.timezone)).date(), dataset.created_for)

    def _coarsest_level(self, world: World) -> LocationLevel:
        return LocationLevel(self.settings.coarsest_level or world.coarsest_level)


def _read_model(stored: ValueModel | None) -> FittedModel | None:
    if stored is None:
        return None
    try:
        parameters = ValueParameters.from_dict(stored.parameters)
    except InvalidValueModelError as error:
        # Values go on as assumed until somebody, or the clock, asks for a new fit.
        log.warning("Version %d of the fitted models cannot be used: %s", stored.version, error)
        return None
    return FittedModel(
        stored.version,
        stored.fitted_for,
        stored.created_at,
        parameters,
        tuple(stored.report["segment_names"]),
    )


def _present(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        raise NotReadyError("There are no accounts yet. `python -m api` makes a sample.")
    return dataset
