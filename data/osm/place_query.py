"""
The extract of a place by its name: OpenStreetMap's own services instead of a file.

osmnx asks Nominatim for the outline of the place and Overpass for what lies in it. Of its answers
the raw elements are taken, as osmnx keeps them in its folder of answers: they have all tags, whole
ways and the turn restrictions, which its graphs leave out.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import osmnx
import requests
from osmnx import settings
from shapely.geometry.base import BaseGeometry

from data.errors import MapFolderError, MapServiceError, UnknownPlaceError
from data.osm.overpass_file import write_extract
from data.osm.places.areas import ADMIN_LEVELS
from data.osm.places.points_of_interest import KEYS as POINT_KEYS
from data.progress import Progress

OVERPASS_URL = "https://overpass-api.de/api"
NOMINATIM_URL = "https://nominatim.openstreetmap.org"

ROADS = ['["highway"]', '["route"="ferry"]']
"""Ways, in the language of Overpass. Which of them a car may use is for the profile to say; the
others are drawn."""

FEATURES: dict[str, bool | str | list[str]] = {
    # Turn restrictions and the houses of a street are relations of these types.
    "type": ["restriction", "associatedStreet"],
    "addr:housenumber": True,
    "addr:housename": True,
    "addr:interpolation": True,
    "place": True,
    # Not levels 2 and 3: a whole country's border would come with every town at it.
    "admin_level": [str(level) for level in ADMIN_LEVELS],
    "boundary": ["postal_code"],
    **dict.fromkeys((*POINT_KEYS, "building", "landuse", "natural", "leisure"), True),
    **dict.fromkeys(("waterway", "railway", "aeroway"), True),
}
"""Tags of all else that a map is made of, in the form of `osmnx.features_from_polygon`."""

MARGIN_DEGREES = 0.001
"""The outline is asked for with this much around it, some 100 m, and then half as exactly: osmnx
repeats it three times for every tag, and Overpass takes queries of limited length."""

ANSWER_S = 180
"""Longest wait for an answer. Overpass is told, too, and gives up by itself."""

PATIENCE = 2
"""How often a service may say that it is busy before we give up. osmnx waits 55 s each time, and
would go on for ever."""

USER_AGENT = "Territour"
"""Whom the services are asked by; their rules want a name."""

_LOCK = threading.Lock()
"""The settings of osmnx hold for the whole process."""


def extract_of_place(
    place: str,
    folder: Path,
    *,
    overpass_url: str = OVERPASS_URL,
    nominatim_url: str = NOMINATIM_URL,
    progress: Progress | None = None,
    patience: int = PATIENCE,
) -> Path:
    """
    Fetch a place by name as an `.osm.pbf`.

    Parameters
    ----------
    place
        As Nominatim understands it: "Vaduz, Liechtenstein". It must have an outline.
    folder
        An existing one, for the extract and for answers on the way to it.
    overpass_url, nominatim_url
        Other servers than the public ones, which are for small areas.
    progress
        Told about the questions.
    patience
        See `PATIENCE`.

    Returns
    -------
    The new file in the folder, called after the place.

    Raises
    ------
    UnknownPlaceError
        When no area has this name, or there is no road in it.
    MapServiceError
        When a service is down, busy, or does not answer in full.
    MapFolderError
        When the folder takes no files.
    """
    try:
        return _extract_of_place(
            place, folder, overpass_url, nominatim_url, progress or (lambda *_: None), patience
        )
    except OSError as error:
        raise MapFolderError(
            f"What is known of {place!r} cannot be written to {folder}: "
            f"{error.strerror or error}. Make room there, or set TMPDIR to another folder."
        ) from error


def _extract_of_place(
    place: str,
    folder: Path,
    overpass_url: str,
    nominatim_url: str,
    tell: Progress,
    patience: int,
) -> Path:
    answers = folder / "answers"
    name = re.sub(r"\W+", "-", place.lower()).strip("-")[:64] or "place"
    path = folder / f"{name}.osm.pbf"
    limits = _Limits(patience)
    with _settings(answers, overpass_url, nominatim_url, limits):
        tell("Asking for the outline", 0, 3)
        with _errors_of(nominatim_url):
            outline = _outline(place)
        tell("Asking for roads", 1, 3)
        _ready_to_answer(overpass_url)
        with _errors_of(overpass_url):
            _fetch(lambda: osmnx.graph_from_polygon(outline, custom_filter=ROADS))
            has_roads = any(answer["elements"] for answer in _kept(answers))
            if not has_roads:
                raise UnknownPlaceError(
                    f"There is no road in {place!r} in OpenStreetMap. Give a larger place."
                )
            tell("Asking for all else", 2, 3)
            _fetch(lambda: osmnx.features_from_polygon(outline, FEATURES))
    write_extract(_kept(answers), path)
    tell("Writing the extract", 3, 3)
    return path


class _Limits:
    """
    Looks at every answer before osmnx does, which asks busy services for ever and takes half an
    answer for a whole one.
    """

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.times_busy = 0

    def look(self, response: requests.Response, *_: Any, **__: Any) -> None:
        status, url = response.status_code, response.url.partition("?")[0]
        if 300 <= status < 400 or url.endswith("/status"):
            return
        if status in (429, 504):
            self.times_busy += 1
            if self.times_busy <= self.patience:
                return
            raise MapServiceError(
                f"{url} is busy (status {status}). Try again in some minutes, name another server "
                "or build from a file."
            )
        text = response.text
        said = " ".join(text[:200].split())
        if not response.ok:
            raise MapServiceError(f"{url} answers with status {status}: {said!r}.")
        if text.lstrip()[:1] not in ("{", "["):
            raise MapServiceError(f"{url} answers with something that is no JSON: {said!r}.")
        # Overpass reports a query that ran out of time or memory at the end of a good answer.
        end = text[-1000:]
        if '"remark"' in end and "error" in end:
            remark = " ".join(end[end.index('"remark"') :].split())
            raise MapServiceError(
                f"{url} did not answer in full: {remark}. Give a smaller place, or build from a "
                "file, as https://download.geofabrik.de has them."
            )


@contextmanager
def _settings(
    answers: Path, overpass_url: str, nominatim_url: str, limits: _Limits
) -> Iterator[None]:
    """What osmnx has to know, for the time of a `with` statement."""
    ours: Mapping[str, Any] = {
        "overpass_url": overpass_url.rstrip("/"),
        "nominatim_url": nominatim_url.rstrip("/"),
        "overpass_rate_limit": True,
        # The download is all we want of osmnx: it keeps the answers here and then stops.
        "use_cache": True,
        "cache_folder": answers,
        "cache_only_mode": True,
        # Nobody else is to be asked where a server is.
        "doh_url_template": None,
        "http_user_agent": USER_AGENT,
        "http_referer": USER_AGENT,
        "log_console": False,
        "log_file": False,
        "requests_timeout": ANSWER_S,
        "requests_kwargs": {"hooks": {"response": limits.look}},
    }
    with _LOCK:
        before = {name: getattr(settings, name) for name in ours}
        # osmnx replaces it to stay with one of several servers.
        getaddrinfo = socket.getaddrinfo
        try:
            for name, value in ours.items():
                setattr(settings, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(settings, name, value)
            socket.getaddrinfo = getaddrinfo


@contextmanager
def _errors_of(url: str) -> Iterator[None]:
    try:
        yield
    except requests.RequestException as error:
        raise MapServiceError(
            f"{url} does not answer ({type(error).__name__}). See that this machine has a "
            "connection, name another server, or build from a file."
        ) from error


def _outline(place: str) -> BaseGeometry:
    try:
        found = osmnx.geocode_to_gdf(place)
    except TypeError:
        raise UnknownPlaceError(
            f"{place!r} has no outline in OpenStreetMap. Name the town or the region it lies in."
        ) from None
    except requests.RequestException:
        raise  # some of them, as of an address without http, are ValueErrors too
    except ValueError:
        raise UnknownPlaceError(
            f"OpenStreetMap knows no place {place!r}. Add its region or country, as in "
            "'Vaduz, Liechtenstein'."
        ) from None
    # Growing it also mends outlines that cross themselves.
    return found.geometry.iloc[0].buffer(MARGIN_DEGREES).simplify(MARGIN_DEGREES / 2)


def _ready_to_answer(overpass_url: str) -> None:
    """
    Ask how busy the service is.

    osmnx does, too; but for one that is down, or does not tell, it waits a minute.

    Raises
    ------
    MapServiceError
        When nothing answers.
    """
    url = f"{overpass_url.rstrip('/')}/status"
    with _errors_of(overpass_url):
        told = requests.get(url, timeout=ANSWER_S, headers={"User-Agent": USER_AGENT})
    if not told.text.startswith("Connected as:"):
        settings.overpass_rate_limit = False


def _fetch(download: Callable[[], Any]) -> None:
    # Raised by osmnx to say that the answers are in its folder now.
    with suppress(InterruptedError):
        download()


def _kept(answers: Path) -> Iterator[dict[str, Any]]:
    """Answers of Overpass in the folder; those of Nominatim are lists."""
    for path in sorted(answers.glob("*.json")):
        answer = json.loads(path.read_text("utf-8"))
        if isinstance(answer, dict):
            yield answer
