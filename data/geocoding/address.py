"""What is asked of the geocoder and what it answers."""

from dataclasses import dataclass

from data.errors import InvalidAddressError
from data.geocoding.places import Level
from geo import Location

MAX_ADDRESS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class AddressQuery:
    """
    An address as somebody wrote it: as one text, or in fields.

    Parameters
    ----------
    text
        Free text in one or more lines. Either this or fields.
    street, house_number, postcode, place
        Fields. The street may hold the house number as well.
    country
        ISO 3166-1, two letters. With a text, too: it then counts unless the text names another.

    Raises
    ------
    InvalidAddressError
        When there is nothing to look for, both a text and fields, or more than
        `MAX_ADDRESS_LENGTH` letters.
    """

    text: str = ""
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    place: str = ""
    country: str = ""

    def __post_init__(self) -> None:
        fields = (self.street, self.house_number, self.postcode, self.place)
        length = sum(map(len, (self.text, self.country, *fields)))
        if length > MAX_ADDRESS_LENGTH:
            raise InvalidAddressError(
                f"An address of {length} letters; {MAX_ADDRESS_LENGTH} are read. Give the street, "
                "the house number, the postcode and the place alone."
            )
        has_fields = any(field.strip() for field in fields)
        if self.text.strip() and has_fields:
            raise InvalidAddressError("An address is one text or fields, not both.")
        if not (self.text.strip() or has_fields):
            raise InvalidAddressError("The address is empty. Give a street, a postcode or a place.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One position that an address may mean.

    Parameters
    ----------
    confidence
        0 to 1: how well what was written agrees with what was found, at this level. 1: the same.
    label
        What was found, as it is written in its country.
    street, house_number, postcode, place
        Its parts, where they are known. At the level `street` there is no house number; at the
        level `interpolated` it is the one asked for, which the index does not know.
    country
        ISO 3166-1.
    """

    level: Level
    confidence: float
    location: Location
    label: str
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    place: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class GeocodeMatch:
    """
    What an address was taken for.

    Parameters
    ----------
    alternatives
        Others that it may mean, best first, each somewhere else.
    is_ambiguous
        Whether one of them is as good as the best.
    source
        Where the index comes from, as `OpenStreetMap`.
    attribution
        To be shown wherever the position is.
    """

    best: Candidate
    alternatives: tuple[Candidate, ...]
    is_ambiguous: bool
    source: str
    attribution: str


@dataclass(frozen=True, slots=True)
class ReverseMatch:
    """
    The address of a position.

    Parameters
    ----------
    distance_m
        From the position to what was found, as the crow flies.
    """

    best: Candidate
    distance_m: float
    source: str
    attribution: str
