"""Where on earth a position is: its time zone, its country and what is paid with there."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import tzfpy
from babel.numbers import get_territory_currencies


@dataclass(frozen=True, slots=True)
class Locale:
    """
    Parameters
    ----------
    timezone
        IANA name.
    country
        ISO 3166-1, two letters; `ZZ` on the high seas.
    currency
        ISO 4217.
    """

    timezone: str
    country: str
    currency: str


UNKNOWN_COUNTRY, UNKNOWN_CURRENCY = "ZZ", "EUR"


def locale_at(lon: float, lat: float) -> Locale:
    """
    The locale of a position, in degrees.

    Time zones are right but for some hundred metres along borders. A zone belongs to the country
    for which the tz database lists it.
    """
    timezone = tzfpy.get_tz(lon, lat) or "Etc/UTC"
    country = _countries().get(timezone, UNKNOWN_COUNTRY)
    currencies = get_territory_currencies(country) if country != UNKNOWN_COUNTRY else []
    return Locale(timezone, country, currencies[0] if currencies else UNKNOWN_CURRENCY)


@cache
def _countries() -> dict[str, str]:
    """Country of each time zone, from the table that the tz database ships."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
