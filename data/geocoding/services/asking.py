"""Asks a geocoder elsewhere: not too often, and again where it was busy."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
    GeopyError,
)

from data.errors import DataError, GeocoderRefusedError, GeocoderUnavailableError
from data.geocoding.address import AddressQuery, GeocodeMatch
from data.geocoding.choosing import chosen
from data.geocoding.services.google import GoogleStatusError
from data.geocoding.services.judging import Answer, judged
from data.geocoding.services.service import Pause, Question, Source

ATTEMPTS = 4
BACKOFF_S = 1.0
"""Before the second attempt; twice that before the third, and so on."""

LONGEST_PAUSE_S = 300.0
"""However long a service asks us to wait; one that asks for more is asked another day."""

REJECTED_QUERY = 400


@dataclass(frozen=True, slots=True)
class _Trouble:
    """
    What went wrong with one request.

    Parameters
    ----------
    error
        To be raised if asking again does not help; None: only this address cannot be answered.
    is_lasting
        Whether asking again cannot help.
    pause_s
        How long the service asks us to wait.
    """

    error: DataError | None
    is_lasting: bool = False
    pause_s: float | None = None


class PatientService:
    """
    A source that is asked as often as it allows. For one thread.

    Parameters
    ----------
    source
        How it is asked.
    address
        Where it is, to be named in messages; without user, password and key.
    per_second
        Requests, at most.
    pause
        How to wait.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        source: Source,
        address: str,
        per_second: float,
        pause: Pause = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        backoff_s: float = BACKOFF_S,
    ) -> None:
        self._source, self.address = source, address
        self._interval_s, self._backoff_s = 1 / per_second, backoff_s
        self._pause, self._clock = pause, clock
        # As if one had been asked just now: who was here before may have been killed over it.
        self._last_s = clock()

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def keeps_days(self) -> int | None:
        return self._source.keeps_days

    def find(self, query: AddressQuery) -> GeocodeMatch | None:
        """As `GeocodingService.find`."""
        for question in self._source.questions(query):
            found = judged(query, self._answers(question))
            if found:
                return chosen(found, self.name, self._source.attribution)
        return None

    def _answers(self, question: Question) -> list[Answer]:
        pause_s = 0.0
        for attempt in range(ATTEMPTS):
            self._pause_for(pause_s)
            trouble = None
            try:
                return question()
            except (GeopyError, GoogleStatusError) as error:
                trouble = self._trouble(error)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                trouble = _Trouble(self._unavailable("answers in a form that is not its own"))
            # Out of the handlers: what they hold may name the key, and would show in a log.
            if trouble.error is None:
                return []
            pause_s = self._backoff_s * 2**attempt
            if trouble.pause_s is not None:
                pause_s = max(pause_s, trouble.pause_s)
            if trouble.is_lasting or attempt == ATTEMPTS - 1 or pause_s > LONGEST_PAUSE_S:
                raise trouble.error
        raise AssertionError("the last attempt returns or raises")

    def _pause_for(self, pause_s: float) -> None:
        if pause_s > 0:
            self._pause(pause_s)
        early_s = self._last_s + self._interval_s - self._clock()
        if early_s > 0:
            self._pause(early_s)
        self._last_s = self._clock()

    def _trouble(self, error: Exception) -> _Trouble:
        if isinstance(error, GoogleStatusError):
            return self._google_trouble(error)
        status = getattr(error.__cause__, "status_code", None)
        if isinstance(error, GeocoderRateLimited):
            pause_s = error.retry_after
            asked = "" if pause_s is None else f", and asks to wait {pause_s:g} s"
            return _Trouble(self._unavailable(f"has had too many requests{asked}"), pause_s=pause_s)
        if status == REJECTED_QUERY:
            return _Trouble(None)
        if isinstance(error, GeocoderAuthenticationFailure | GeocoderInsufficientPrivileges):
            return _Trouble(self._refused(f"does not let us in (status {status})"), is_lasting=True)
        if isinstance(error, GeocoderParseError):
            return _Trouble(self._unavailable("answers with something that is no JSON"))
        if isinstance(error, GeocoderTimedOut) and status is None:
            return _Trouble(self._unavailable("gives no answer in time"))
        if isinstance(error, GeocoderUnavailable) and status is None:
            return _Trouble(self._unavailable("cannot be reached"))
        if status is not None and 400 <= status < 500 and status != 408:
            return _Trouble(self._refused(f"answers with status {status}"), is_lasting=True)
        if isinstance(error, GeocoderServiceError) and status is not None:
            return _Trouble(self._unavailable(f"answers with status {status}"))
        return _Trouble(self._unavailable("cannot be asked"))

    def _google_trouble(self, error: GoogleStatusError) -> _Trouble:
        match error.status:
            case "INVALID_REQUEST":
                return _Trouble(None)
            case "REQUEST_DENIED":
                return _Trouble(self._refused("refuses the key"), is_lasting=True)
            case "OVER_DAILY_LIMIT":
                return _Trouble(
                    self._refused("says that all is used up, or that there is no billing"),
                    is_lasting=True,
                )
            case "OVER_QUERY_LIMIT":
                return _Trouble(self._refused("says that too much has been asked"))
            case _:
                return _Trouble(self._unavailable("says that something is wrong there"))

    def _unavailable(self, what: str) -> GeocoderUnavailableError:
        return GeocoderUnavailableError(
            f"The geocoder {self.name} at {self.address} {what}. What was found is kept; the rest "
            "can be looked for later."
        )

    def _refused(self, what: str) -> GeocoderRefusedError:
        return GeocoderRefusedError(
            f"The geocoder {self.name} at {self.address} {what}. Check TERRITOUR_GEOCODER_URL, "
            "TERRITOUR_GEOCODER_KEY and what has been agreed on with it."
        )
