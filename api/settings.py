"""Settings of the service, read once from environment variables. `docs/settings.md` lists them."""

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

PREFIX = "TERRITOUR_"
EMAIL = re.compile(r"[^@\s()<>,;]+@[^@\s()<>,;]+")

GEOCODERS = ("nominatim", "photon", "google")
PUBLIC_NOMINATIM_PER_SECOND = 1.0
"""What those who run it allow."""

LEVELS = ("position", "address", "interpolated", "street", "postcode", "place")
"""How exactly positions are known, from best to worst; written out since nothing is imported."""


class InvalidSettingsError(Exception):
    """
    An environment variable holds a value that no setting can have.

    It lives here and not with the other errors, so that reading the settings imports nothing:
    they say where compiled code is kept, and that must be known before numba is loaded.
    """


def _variable(
    name: str,
    default: Any,
    convert: Callable[[str], Any],
    at_least: float = -math.inf,
    at_most: float = math.inf,
    is_secret: bool = False,
) -> Any:
    """
    A setting: its variable, its default, how its text is read and the numbers it may take.

    What is secret is not shown where the settings are.
    """
    metadata = {"name": name, "convert": convert, "at_least": at_least, "at_most": at_most}
    return field(default=default, metadata=metadata, repr=not is_secret)


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("not a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("not a number") from None


def _location_level(text: str) -> str:
    if text not in LEVELS:
        raise ValueError(f"not one of {', '.join(LEVELS)}")
    return text


def _geocoder(text: str) -> str:
    if text not in GEOCODERS:
        raise ValueError(f"not one of {', '.join(GEOCODERS)}")
    return text


def _email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise ValueError("no e-mail address")
    return text


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("not an http or https address")
    return text


@dataclass(frozen=True, slots=True)
class Settings:
    """
    All settings; the defaults make a service for one machine with the German sample.

    Raises
    ------
    InvalidSettingsError
        When a number is outside its limits. The message names the variable and the value.
    """

    host: str = _variable("HOST", "127.0.0.1", str)
    port: int = _variable("PORT", 8000, _whole_number, 1, 65535)
    thread_count: int = _variable("TERRITOUR_THREADS", 8, _whole_number, 1, 256)
    worker_count: int = _variable("TERRITOUR_WORKERS", 2, _whole_number, 0, 64)
    job_days: int = _variable("TERRITOUR_JOB_DAYS", 30, _whole_number, 1, 3_650)
    model_days: int = _variable("TERRITOUR_MODEL_DAYS", 30, _whole_number, 0, 3_650)
    dask_scheduler: str | None = _variable("DASK_SCHEDULER", None, str)
    max_body_bytes: int = _variable(
        "TERRITOUR_MAX_BODY_BYTES", 1 << 20, _whole_number, 1 << 10, 1 << 30
    )
    max_import_bytes: int = _variable(
        "TERRITOUR_MAX_IMPORT_BYTES", 64 << 20, _whole_number, 1 << 10, 1 << 30
    )

    instance_dir: Path = _variable("TERRITOUR_INSTANCE_DIR", Path("instance"), Path)
    database_url: str = _variable("DATABASE_URL", "", str)

    map_source: str = _variable("TERRITOUR_MAP", "", str)
    osrm_url: str | None = _variable("OSRM_URL", None, _http_url)
    coarsest_level: str = _variable("TERRITOUR_COARSEST_LEVEL", "", _location_level)

    geocoder: str = _variable("TERRITOUR_GEOCODER", "", _geocoder)
    geocoder_url: str | None = _variable("TERRITOUR_GEOCODER_URL", None, _http_url)
    geocoder_key: str = _variable("TERRITOUR_GEOCODER_KEY", "", str, is_secret=True)
    geocoder_email: str = _variable("TERRITOUR_GEOCODER_EMAIL", "", _email)
    geocoder_per_second: float = _variable(
        "TERRITOUR_GEOCODER_PER_SECOND", 1.0, _number, 0.01, 1_000
    )

    sample_seed: int = _variable("TERRITOUR_SAMPLE_SEED", 1, _whole_number, 0, 2**32 - 1)

    hour_rate_eur: float = _variable("TERRITOUR_HOUR_RATE_EUR", 45.0, _number, 0, 10_000)
    km_rate_eur: float = _variable("TERRITOUR_KM_RATE_EUR", 0.30, _number, 0, 1_000)
    night_cost_eur: float = _variable("TERRITOUR_NIGHT_COST_EUR", 110.0, _number, 0, 100_000)
    change_price_eur: float = _variable("TERRITOUR_CHANGE_PRICE_EUR", 25.0, _number, 0, 100_000)
    margin_share: float = _variable("TERRITOUR_MARGIN_SHARE", 0.30, _number, 0, 1)

    max_detour_per_visit_s: int = _variable(
        "TERRITOUR_MAX_DETOUR_PER_VISIT_S", 3600, _whole_number, 0, 86_400
    )
    setup_duration_s: int = _variable("TERRITOUR_SETUP_DURATION_S", 0, _whole_number, 0, 86_400)
    shortlist_size: int = _variable("TERRITOUR_SHORTLIST_SIZE", 200, _whole_number, 1, 2_000)
    iterations: int = _variable("TERRITOUR_ITERATIONS", 10_000, _whole_number, 1, 10_000_000)
    replan_iterations: int = _variable(
        "TERRITOUR_REPLAN_ITERATIONS", 2_000, _whole_number, 1, 1_000_000
    )
    searches: int = _variable("TERRITOUR_SEARCHES", 2, _whole_number, 1, 16)
    bound_s: float = _variable("TERRITOUR_BOUND_S", 30.0, _number, 0, 3_600)

    style_url: str | None = _variable("TERRITOUR_STYLE_URL", None, _http_url)

    def __post_init__(self) -> None:
        if not self.database_url:
            path = (self.instance_dir / "territour.db").resolve()
            object.__setattr__(self, "database_url", f"sqlite:///{path}")
        for setting in fields(self):
            value, limits = getattr(self, setting.name), setting.metadata
            is_number = isinstance(value, int | float)
            # Written so that NaN, which compares as false with everything, is refused too.
            if is_number and not (limits["at_least"] <= value <= limits["at_most"]):
                raise InvalidSettingsError(
                    f"{limits['name']} is {value}, but must lie between {limits['at_least']} "
                    f"and {limits['at_most']}."
                )

        self._check_geocoder()

    def _check_geocoder(self) -> None:
        if self.geocoder == "google" and not self.geocoder_key:
            raise InvalidSettingsError(
                "TERRITOUR_GEOCODER is google, which answers only to those who have a key. Set "
                "TERRITOUR_GEOCODER_KEY."
            )
        if self.geocoder != "nominatim" or self.geocoder_url is not None:
            return
        if not self.geocoder_email:
            raise InvalidSettingsError(
                "TERRITOUR_GEOCODER is nominatim, and those who run its public server want to know "
                "whom to write to. Set TERRITOUR_GEOCODER_EMAIL, or TERRITOUR_GEOCODER_URL to a "
                "server of your own."
            )
        if self.geocoder_per_second > PUBLIC_NOMINATIM_PER_SECOND:
            raise InvalidSettingsError(
                f"TERRITOUR_GEOCODER_PER_SECOND is {self.geocoder_per_second:g}, but the public "
                f"server of Nominatim allows {PUBLIC_NOMINATIM_PER_SECOND:g} request a second. Set "
                "TERRITOUR_GEOCODER_URL to a server of your own."
            )

    @property
    def maps_dir(self) -> Path:
        """Where maps are kept."""
        return self.instance_dir / "maps"

    @property
    def compiled_dir(self) -> Path:
        """Where compiled code is kept, in a folder for each state of the sources."""
        return self.instance_dir / "numba"

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """Names of all environment variables that are read, in the order of the fields."""
        return tuple(setting.metadata["name"] for setting in fields(cls))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """
        Read the settings. A variable that is missing or empty leaves its default.

        Raises
        ------
        InvalidSettingsError
            When a value cannot be read, or a variable with our prefix is no setting.
        """
        known = cls.variables()
        for name in environment:
            if name.startswith(PREFIX) and name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else "docs/settings.md lists them all."
                raise InvalidSettingsError(f"{name} is set, but there is no such setting. {hint}")
        values: dict[str, Any] = {}
        for setting in fields(cls):
            text = environment.get(setting.metadata["name"], "").strip()
            if text:
                try:
                    values[setting.name] = setting.metadata["convert"](text)
                except ValueError as error:
                    raise InvalidSettingsError(
                        f"{setting.metadata['name']} is {text!r}, which is {error}."
                    ) from None
        return cls(**values)
