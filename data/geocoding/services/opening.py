"""From settings to a geocoder elsewhere."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from geopy.adapters import RequestsAdapter
from geopy.geocoders import Nominatim, Photon

from data.geocoding.services.asking import PatientService
from data.geocoding.services.google import Geocoder, GoogleSource
from data.geocoding.services.nominatim import NominatimSource
from data.geocoding.services.photon import PhotonSource
from data.geocoding.services.service import GeocodingService, Pause, Source

PUBLIC_URLS: Mapping[str, str] = {
    "nominatim": "https://nominatim.openstreetmap.org",
    "photon": "https://photon.komoot.io",
    "google": "https://maps.googleapis.com",
}
"""Where each is unless somebody has one of their own."""

PRODUCT = "Territour"


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """
    Which geocoder, and how it is asked.

    Parameters
    ----------
    name
        One of `PUBLIC_URLS`.
    url
        Of its server; empty: the public one.
    key
        For Google; never shown.
    contact
        E-mail address by which the operator of a server can reach us.
    per_second
        Requests, at most.
    timeout_s
        Longest wait for an answer.
    """

    name: str
    url: str = ""
    key: str = field(default="", repr=False)
    contact: str = ""
    per_second: float = 1.0
    timeout_s: float = 10.0


def open_service(
    config: ServiceConfig,
    pause: Pause = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> GeocodingService:
    """
    A geocoder, for one thread. Nothing is asked yet.

    Parameters
    ----------
    pause
        How to wait between requests; may raise what should end the work.
    """
    keep_out_of_logs()
    parts = urlsplit(config.url or PUBLIC_URLS[config.name])
    shown = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    given = {
        "scheme": parts.scheme,
        "domain": parts.netloc + parts.path.rstrip("/"),
        "timeout": config.timeout_s,
        "user_agent": f"{PRODUCT} ({config.contact})" if config.contact else PRODUCT,
        "adapter_factory": _adapter,
    }
    source: Source
    match config.name:
        case "nominatim":
            source = NominatimSource(Nominatim(**given))
        case "photon":
            source = PhotonSource(Photon(**given))
        case "google":
            source = GoogleSource(Geocoder(config.key, **given))
        case _:
            raise ValueError(f"There is no geocoder {config.name!r}.")
    return PatientService(source, shown + parts.path.rstrip("/"), config.per_second, pause, clock)


def keep_out_of_logs() -> None:
    """Both of these write whole addresses of requests to the log, and keys stand in them."""
    logging.getLogger("geopy").setLevel(logging.WARNING)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


def _adapter(**given: object) -> RequestsAdapter:
    # What is tried again, and when, is for us to say.
    return RequestsAdapter(**given, max_retries=0)
