"""A geocoder elsewhere that is asked about each address once."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from data import geocode_cache_store
from data.database import Database
from data.geocoding.address import AddressQuery, GeocodeMatch
from data.geocoding.services.service import GeocodingService

FORMAT = 1
"""Of what is kept; another one is asked for again."""

NOTHING_KEPT_DAYS = 90
"""For how long an address is thought to be unknown. Maps grow."""


class RememberingService:
    """
    Parameters
    ----------
    service
        That is asked where the answer is not known yet.
    database
        Keeps the answers, also that nothing is known; no failures.
    clock
        Says the time, in UTC.

    Attributes
    ----------
    asked, known
        How many addresses were asked about, and of how many the answer was there.
    """

    def __init__(
        self, service: GeocodingService, database: Database, clock: Callable[[], datetime]
    ) -> None:
        self._service, self._database, self._clock = service, database, clock
        self.asked = self.known = 0
        self._forget_old()

    def find(self, query: AddressQuery) -> GeocodeMatch | None:
        """As `GeocodingService.find`. What it answers is kept before it is returned."""
        fields = _fields(query)
        key = _key(self._service.address, fields)
        with self._database.session() as session:
            before = geocode_cache_store.remembered(session, self._service.name, key)
        if before is not None:
            self.known += 1
            return before.match
        match = self._service.find(query)
        self.asked += 1
        with self._database.session() as session:
            geocode_cache_store.remember(
                session, self._service.name, key, fields, match, self._clock()
            )
        return match

    def _forget_old(self) -> None:
        name, now = self._service.name, self._clock()
        with self._database.session() as session:
            geocode_cache_store.forget(
                session, name, now - timedelta(days=NOTHING_KEPT_DAYS), only_nothing=True
            )
            if self._service.keeps_days is not None:
                until = now - timedelta(days=self._service.keeps_days)
                geocode_cache_store.forget(session, name, until, only_nothing=False)


def _fields(query: AddressQuery) -> dict[str, str]:
    """What is asked, so that the same address written with other blanks or capitals is the same."""
    return {
        name: " ".join(unicodedata.normalize("NFC", text).casefold().split())
        for name, text in asdict(query).items()
        if text.strip()
    }


def _key(address: str, fields: dict[str, str]) -> str:
    text = json.dumps([FORMAT, address, fields], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
