"""
Questions to an OSRM server, and its answers: what HTTP and OSRM's format are about.

The format: https://project-osrm.org/docs/v26.4.0/http. Older servers take requests by GET only, so
all go that way, with the coordinates in the path as a polyline to keep it short.
"""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import numpy as np
import orjson
import requests
from numpy.typing import NDArray
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from data.errors import InvalidOsrmUrlError, OsrmRefusedError, OsrmUnavailableError

URL_TOO_LONG = "UrlTooLong"
"""Our own code beside those of OSRM: a proxy or the server takes no address of this length."""

BUSY_STATUSES = (429, 502, 503, 504)
"""Tried again after a pause."""

RETRIES = 3
BACKOFF_S = 0.2
LONGEST_PAUSE_S = 10
"""However long a server asks us to wait: somebody is waiting for the plan."""

SHOWN_CHARACTERS = 120
"""Of an answer that is not understood, in the message about it."""


class OsrmClient:
    """
    An OSRM server over HTTP. Safe to share between threads.

    Parameters
    ----------
    url
        Of the server, without service and version: `http://127.0.0.1:5000`. A path before them, a
        user and a password are kept.
    profile
        Third part of the path. OSRM itself answers alike whatever it is.
    connect_timeout_s, read_timeout_s
        Longest waits for a connection and for an answer.
    backoff_s
        A busy server is asked again at once, then after twice this and after four times this.
    connections
        Kept open for that many threads.

    Raises
    ------
    InvalidOsrmUrlError
        When the address is not one of HTTP.
    """

    def __init__(
        self,
        url: str,
        profile: str = "driving",
        *,
        connect_timeout_s: float = 3.0,
        read_timeout_s: float = 30.0,
        backoff_s: float = BACKOFF_S,
        connections: int = 4,
    ) -> None:
        self._base = url.strip().rstrip("/")
        self.shown_url = _checked(self._base)
        self._profile = profile
        self._timeout = (connect_timeout_s, read_timeout_s)
        retry = Retry(
            total=RETRIES,
            # A server closes idle connections, sometimes in the moment they are used again; and an
            # answer that took too long once is not worth waiting for three times more.
            read=1,
            status_forcelist=BUSY_STATUSES,
            allowed_methods=("GET",),
            backoff_factor=backoff_s,
            backoff_max=LONGEST_PAUSE_S,
            retry_after_max=LONGEST_PAUSE_S,
            raise_on_status=False,
        )
        self._session = requests.Session()
        # Cookies would be the only state that threads share.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = HTTPAdapter(pool_maxsize=connections, max_retries=retry)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def ask(
        self, service: str, lonlat: NDArray[np.float64], options: Mapping[str, str]
    ) -> dict[str, Any]:
        """
        The answer to one question, whose code is `Ok`.

        Parameters
        ----------
        service
            `table`, `nearest` or `route`.
        lonlat
            (k, 2), [lon, lat] in degrees.
        options
            Of the service.

        Raises
        ------
        OsrmUnavailableError
            When there is no answer, or only a part of one, and asking again did not help.
        OsrmRefusedError
            When the server answers that it will not, or something that is not OSRM's format.
        """
        coordinates = f"polyline6({quote(encode_polyline(lonlat), safe='')})"
        return self._answer(f"{service}/v1/{self._profile}/{coordinates}", options)

    def close(self) -> None:
        self._session.close()

    def _answer(self, path: str, options: Mapping[str, str]) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in options.items())
        response = self._get(f"{self._base}/{path}?{query}")
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise self._not_understood(response, is_json=False) from None
        code = answer.get("code") if isinstance(answer, dict) else None
        if code == "Ok" and response.ok:
            return dict(answer)
        if isinstance(code, str) and response.status_code not in BUSY_STATUSES:
            said = str(answer.get("message", "without a reason"))[:SHOWN_CHARACTERS]
            raise OsrmRefusedError(
                f"The OSRM server at {self.shown_url} answers {code}: {said}.{_hint(code)}", code
            )
        raise self._not_understood(response, is_json=True)

    def _get(self, address: str) -> requests.Response:
        try:
            return self._session.get(address, timeout=self._timeout)
        except requests.exceptions.ChunkedEncodingError as error:
            raise self._unavailable("an answer that ends in the middle") from error
        except requests.exceptions.Timeout as error:
            raise self._unavailable(
                f"no answer within {self._timeout[0]:g} s for a connection and "
                f"{self._timeout[1]:g} s for the answer"
            ) from error
        except requests.exceptions.ConnectionError as error:
            # Also what comes of retries that led to time-outs.
            raise self._unavailable("no connection") from error
        except requests.exceptions.RequestException as error:
            raise self._unavailable(f"{type(error).__name__}") from error

    def _unavailable(self, what: str) -> OsrmUnavailableError:
        return OsrmUnavailableError(
            f"The OSRM server at {self.shown_url} cannot be used now: {what}. See that it runs and "
            "that OSRM_URL is its address."
        )

    def _not_understood(
        self, response: requests.Response, is_json: bool
    ) -> OsrmRefusedError | OsrmUnavailableError:
        status = response.status_code
        begin = " ".join(response.text[: 4 * SHOWN_CHARACTERS].split())[:SHOWN_CHARACTERS]
        if status in BUSY_STATUSES or status >= 500:
            return self._unavailable(f"status {status}, {begin!r}")
        if status in (414, 431):
            return OsrmRefusedError(
                f"The OSRM server at {self.shown_url}, or a proxy before it, takes no address this "
                f"long (status {status}).",
                URL_TOO_LONG,
            )
        if status in (401, 403, 407):
            return OsrmRefusedError(
                f"The OSRM server at {self.shown_url} does not let us in (status {status}). Give "
                "user and password in OSRM_URL, http://USER:PASSWORD@HOST:PORT.",
                str(status),
            )
        if status == 200 and begin.startswith("{") and not is_json:
            return self._unavailable(f"an answer that ends in the middle, {begin!r}")
        return OsrmRefusedError(
            f"What answers at {self.shown_url} is no OSRM server: status {status}, {begin!r}. "
            "Set OSRM_URL to the address before /table/v1.",
            str(status),
        )


def _checked(url: str) -> str:
    """
    The address as it may be shown: without a password.

    Raises
    ------
    InvalidOsrmUrlError
        When it is not one of HTTP.
    """
    example = "Give it as http://HOST:PORT."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidOsrmUrlError(f"OSRM_URL is no address ({error}). {example}") from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        shown = url if parts.password is None else "with a password"
        raise InvalidOsrmUrlError(f"OSRM_URL {shown!r} is no address of a server. {example}")
    host = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (parts.scheme, host if port is None else f"{host}:{port}", parts.path, "", "")
    )


def _hint(code: str) -> str:
    return {
        "InvalidUrl": " Set OSRM_URL to the address before /table/v1.",
        "InvalidService": " Set OSRM_URL to the address before /table/v1.",
        "InvalidVersion": " Version 1 of its interface is needed: OSRM 5 or later.",
        "InvalidQuery": " Is it OSRM 5.7 or later?",
        "InvalidOptions": " Is it OSRM 5.18 or later?",
        "NotImplemented": " Is it OSRM 5.18 or later?",
    }.get(code, "")


def encode_polyline(lonlat: NDArray[np.float64]) -> str:
    """
    Positions as text in Google's polyline format with six decimals.

    Latitude first, as the format wants; differences in 1e-6 degrees, signs in the last bit, five
    bits a letter. OSRM itself keeps six decimals.

    Parameters
    ----------
    lonlat
        (k, 2), [lon, lat] in degrees.
    """
    units = np.rint(lonlat[:, ::-1] * 1e6).astype(np.int64)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    letters = []
    for step in np.where(steps < 0, ~(steps << 1), steps << 1).ravel().tolist():
        while step >= 0x20:
            letters.append(chr((0x20 | (step & 0x1F)) + 63))
            step >>= 5
        letters.append(chr(step + 63))
    return "".join(letters)
