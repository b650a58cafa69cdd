"""What all geocoders elsewhere have in common."""

from collections.abc import Callable, Sequence
from typing import Protocol

from data.geocoding.address import AddressQuery, GeocodeMatch
from data.geocoding.services.judging import Answer

Question = Callable[[], list[Answer]]
"""Asks once; empty where nothing is known."""

Pause = Callable[[float], None]
"""Waits for some seconds, or raises what should end the work."""


class Source(Protocol):
    """One geocoder: how it is asked and how its answers are read."""

    @property
    def name(self) -> str:
        """As the setting calls it."""
        ...

    @property
    def attribution(self) -> str:
        """To be named wherever one of its positions is shown."""
        ...

    @property
    def keeps_days(self) -> int | None:
        """How long its answers may be kept; None: for good."""
        ...

    def questions(self, query: AddressQuery) -> Sequence[Question]:
        """
        Ways to ask for an address in fields, each of which is one request.

        The next is for where the one before found nothing. Whatever geopy raises goes through.
        """
        ...


class GeocodingService(Protocol):
    """A geocoder that is asked as often as it allows, and again where it was busy."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str:
        """Where it is; another one may answer otherwise."""
        ...

    @property
    def keeps_days(self) -> int | None: ...

    def find(self, query: AddressQuery) -> GeocodeMatch | None:
        """
        What an address in fields means; None where nothing that is known can be meant.

        Raises
        ------
        GeocoderUnavailableError
            When it does not answer, is busy for too long, or answers with something else.
        GeocoderRefusedError
            When it will not answer: the key is wrong, or all that was allowed is used up.
        """
        ...
