"""What goes into a gazetteer and what comes out of it."""

from dataclasses import dataclass
from enum import StrEnum

from geo import Location


@dataclass(frozen=True, slots=True)
class CityRow:
    """
    A city, town or village.

    Parameters
    ----------
    alternates
        Further names by which it is looked for.
    region
        State or province, which tells it from its namesakes.
    population
        None where it is not known; `size` then ranks it among its namesakes.
    """

    name: str
    alternates: tuple[str, ...]
    region: str
    lon: float
    lat: float
    population: int | None
    size: int = 0


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode with the name of its place."""

    code: str
    place: str
    region: str
    lon: float
    lat: float


class Level(StrEnum):
    """How exactly a position is known, from the most exact to the least."""

    HOUSE = "house"
    INTERPOLATED = "interpolated"
    STREET = "street"
    POSTCODE = "postcode"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place found.

    Parameters
    ----------
    label
        To be shown; `Gazetteer.find_place` finds this place again by it. Where a larger place of
        the region has the same name, it begins with the nearest postcode.
    population
        None for a postcode, and where it is not known.
    postcode
        Set where the label begins with it.
    """

    level: Level
    name: str
    label: str
    region: str
    location: Location
    population: int | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """
    What a name was taken for.

    Parameters
    ----------
    alternatives
        The others of that name, largest first.
    is_ambiguous
        Whether the largest is not clearly meant: another one is a third of its size or more.
    """

    best: Place
    alternatives: tuple[Place, ...] = ()
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class NearbyPlace:
    """A place and how far it is, as the crow flies."""

    place: Place
    distance_m: float
