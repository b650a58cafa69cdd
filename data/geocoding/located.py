"""From the answer of a geocoder to the position of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.account import LocationLevel
from data.geocoding.address import Candidate, GeocodeMatch
from data.geocoding.places import Level
from geo import Location

LEVEL_OF: Mapping[Level, LocationLevel] = {
    Level.HOUSE: LocationLevel.ADDRESS,
    Level.INTERPOLATED: LocationLevel.INTERPOLATED,
    Level.STREET: LocationLevel.STREET,
    Level.POSTCODE: LocationLevel.POSTCODE,
    Level.PLACE: LocationLevel.PLACE,
}
"""How exactly an account's position is known by the level of what its address was taken for."""


@dataclass(frozen=True, slots=True)
class Located:
    """
    What a geocoder makes of an address, as an account keeps it.

    Parameters
    ----------
    location, level
        None where the address was not found.
    confidence
        0 to 1, as the geocoder says.
    label
        What the address was taken for.
    origin
        Who says so, to be named wherever the position is shown.
    alternatives
        Other places that it may mean, best first.
    is_ambiguous
        Whether one of them is as good.
    """

    location: Location | None = None
    level: LocationLevel | None = None
    confidence: float | None = None
    label: str = ""
    origin: str = ""
    alternatives: tuple[Candidate, ...] = ()
    is_ambiguous: bool = False

    @classmethod
    def by(cls, match: GeocodeMatch | None) -> "Located":
        """By the answer of a geocoder; nowhere, if there is none."""
        if match is None:
            return cls()
        return cls(
            match.best.location,
            LEVEL_OF[match.best.level],
            match.best.confidence,
            match.best.label,
            match.attribution,
            match.alternatives,
            match.is_ambiguous,
        )

    def alternative_rows(self) -> list[dict[str, Any]] | None:
        """The alternatives as the database keeps them, or None where there are none."""
        return [
            {
                "lon": one.location.lon,
                "lat": one.location.lat,
                "level": LEVEL_OF[one.level].value,
                "confidence": one.confidence,
                "label": one.label,
            }
            for one in self.alternatives
        ] or None
