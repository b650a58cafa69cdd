"""Look for doubtful accounts again: on the map, and elsewhere where a setting says so."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from accounts import LOCATION_LEVELS, Address
from api.services.errors import DatasetChangedError
from api.services.locating import locate
from api.services.outcome import Outcome
from api.services.progress import Listener, PlanCancelledError
from api.services.trust import ISSUES, issue_at, location_issues
from api.state import AppState, Snapshot
from data import location_store
from data.errors import GeocoderUnavailableError, InvalidAddressError
from data.geocoding.address import AddressQuery
from data.geocoding.located import Located
from data.geocoding.services import RememberingService, ServiceConfig, open_service
from data.location_store import address_of
from data.tables import Account, Job, JobStatus, LocationSource
from geo import Location
from routing.reasons import ReasonCode

KIND = "geocode"

READ_AT_ONCE = 200
WRITE_AT_ONCE = 200
WRITE_EVERY_S = 5.0
"""What has been found is written in pieces: each makes everybody read the accounts again."""

LOOK_EVERY_S = 0.25
"""Between two looks for the wish to stop, while waiting."""

FAILURES_IN_A_ROW = 3
"""Addresses that a service does not answer, after which it is thought to be down."""


class _StoppedError(Exception):
    """Somebody wants the job to stop, in the middle of waiting."""


@dataclass(slots=True)
class _Report:
    """How far the job is; keys of its progress."""

    total: int = 0
    done: int = 0
    located: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    without_address: int = 0
    changed_meanwhile: int = 0
    unanswered: int = 0
    asked: int = 0
    known: int = 0

    def rows(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Found:
    """What is better than what an account has."""

    account_id: int
    address: Address
    located: Located


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Look for the address of each account that has one of the issues of the job.

    An answer is taken only if it is better: nothing is wrong with it, or it is more exact. A
    position that was set by hand is left alone. What is found is stored on the way, so a job that
    is begun again goes on where it was: whoever is mended is not doubtful any more, and what was
    asked elsewhere is remembered.

    Raises
    ------
    DatasetChangedError
        When another data set has been chosen since.
    GeocoderUnavailableError, GeocoderRefusedError
        When the service elsewhere gives no answers. What was found until then stays.
    PlanCancelledError
        When the listener has gone.
    """
    snapshot = state.snapshot()
    if snapshot.dataset.id != job.dataset_id:
        raise DatasetChangedError(
            "Another data set was chosen before addresses were looked for. Ask for it again, or "
            "choose the former data set first."
        )
    with suppress(_StoppedError):
        _Search(state, snapshot, listener).run(_doubtful(snapshot, job.params["issues"]))
    if listener.is_gone:
        raise PlanCancelledError
    status = JobStatus.CANCELLED if listener.is_cancelled else JobStatus.COMPLETE
    return Outcome(status, lambda session: None)


def service_config(state: AppState) -> ServiceConfig | None:
    """The geocoder elsewhere that the settings name, if they do."""
    settings = state.settings
    if not settings.geocoder:
        return None
    return ServiceConfig(
        settings.geocoder,
        settings.geocoder_url or "",
        settings.geocoder_key,
        settings.geocoder_email,
        settings.geocoder_per_second,
    )


def _doubtful(snapshot: Snapshot, codes: Sequence[str]) -> list[int]:
    """Ids of the accounts with these issues, those that could buy most first."""
    wanted = [ISSUES.index(ReasonCode(code)) for code in codes]
    rows = np.flatnonzero(np.isin(location_issues(snapshot), wanted))
    order = np.lexsort((rows, -snapshot.table.potential_eur[rows]))
    ids: list[int] = snapshot.table.account_id[rows[order]].tolist()
    return ids


class _Search:
    """One run through accounts."""

    def __init__(self, state: AppState, snapshot: Snapshot, listener: Listener) -> None:
        self._state, self._snapshot, self._listener = state, snapshot, listener
        self._report = _Report()
        self._found: list[_Found] = []
        self._written_s = time.monotonic()
        self._failures = 0
        config = service_config(state)
        self._service: RememberingService | None = None
        if config is not None:
            service = open_service(config, self._pause)
            self._service = RememberingService(service, state.database, state.clock)

    def run(self, account_ids: Sequence[int]) -> None:
        self._report.total = len(account_ids)
        where = "the map" if self._service is None else "the map, and elsewhere"
        self._listener.stage("geocoding", f"Looking for {len(account_ids):,} addresses on {where}")
        try:
            for account in self._accounts(account_ids):
                self._check()
                self._look_for(account)
                self._report.done += 1
                self._tell()
                is_due = time.monotonic() - self._written_s >= WRITE_EVERY_S
                if is_due or len(self._found) >= WRITE_AT_ONCE:
                    self._write()
        finally:
            # Also what was found before a service refused to go on.
            if not self._listener.is_gone:
                self._write()
                self._tell()

    def _accounts(self, account_ids: Sequence[int]) -> Iterator[Account]:
        for start in range(0, len(account_ids), READ_AT_ONCE):
            ids = account_ids[start : start + READ_AT_ONCE]
            with self._state.database.session() as session:
                found = location_store.by_id(session, self._snapshot.dataset.id, ids)
            # Those that were deleted since are done.
            self._report.done += len(ids) - len(found)
            yield from (found[one] for one in ids if one in found)

    def _look_for(self, account: Account) -> None:
        address = address_of(account)
        if account.location_source is LocationSource.HAND:
            self._report.unchanged += 1
        elif not (address.street or address.postcode or address.town):
            self._report.without_address += 1
        else:
            best = min(self._answers(address), key=self._worth)
            if self._worth(best) < self._worth(_located(account)):
                self._found.append(_Found(account.id, address, best))
            else:
                self._report.unchanged += 1

    def _answers(self, address: Address) -> list[Located]:
        """What the map says, and what is said elsewhere where the map is not good enough."""
        world, country = self._snapshot.world, self._snapshot.dataset.country
        on_map = locate(world, country, {0: address})[0]
        if self._service is None or issue_at(self._snapshot, on_map) is None:
            return [on_map]
        elsewhere = self._ask(self._service, address, country)
        return [on_map] if elsewhere is None else [on_map, elsewhere]

    def _ask(self, service: RememberingService, address: Address, country: str) -> Located | None:
        try:
            query = AddressQuery(
                street=address.street,
                postcode=address.postcode,
                place=address.town,
                country=address.country or country,
            )
            found = Located.by(service.find(query))
        except InvalidAddressError:
            return None
        except GeocoderUnavailableError:
            self._report.unanswered += 1
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                raise
            return None
        finally:
            self._report.asked, self._report.known = service.asked, service.known
        self._failures = 0
        return found

    def _worth(self, located: Located) -> tuple[int, int, bool]:
        """Less is better: nothing wrong, then how exact, then whether it is clear what is meant."""
        if located.location is None or located.level is None:
            return 2, 0, False
        issue = issue_at(self._snapshot, located)
        level = LOCATION_LEVELS.index(located.level)
        return int(issue is not None), level, located.is_ambiguous

    def _write(self) -> None:
        """
        Store what has been found, where the account is still as it was when it was looked for.

        In the order of ids, so that two who write do not wait for each other crosswise.
        """
        found, self._found = sorted(self._found, key=lambda one: one.account_id), []
        self._written_s = time.monotonic()
        if not found:
            return
        dataset, now = self._snapshot.dataset, self._state.clock()
        with self._state.database.session() as session:
            for one in found:
                account = location_store.take(session, dataset.id, one.account_id)
                if (
                    account is None
                    or account.location_source is LocationSource.HAND
                    or address_of(account) != one.address
                    or self._worth(one.located) >= self._worth(_located(account))
                    or not location_store.locate(
                        session, dataset, account, one.located, LocationSource.GEOCODER, now
                    )
                ):
                    self._report.changed_meanwhile += 1
                    continue
                assert one.located.level is not None  # otherwise it were not better
                level = one.located.level.value
                self._report.located[level] = self._report.located.get(level, 0) + 1

    def _tell(self) -> None:
        done, total = self._report.done, self._report.total
        self._listener.advance(done, done / total if total else 1.0)
        self._listener.tell(**self._report.rows())

    def _check(self) -> None:
        if self._listener.is_cancelled or self._listener.is_gone:
            raise _StoppedError

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left_s := until - time.monotonic()) > 0:
            self._check()
            if time.monotonic() - self._written_s >= WRITE_EVERY_S:
                self._write()
            time.sleep(min(left_s, LOOK_EVERY_S))


def _located(account: Account) -> Located:
    """Where an account is now, as far as it is to be compared."""
    if account.lon is None or account.lat is None:
        return Located()
    return Located(
        Location(account.lon, account.lat),
        # What nobody said how exact it is, is taken for exact.
        account.location_level or LOCATION_LEVELS[0],
        is_ambiguous=account.is_location_ambiguous,
    )
