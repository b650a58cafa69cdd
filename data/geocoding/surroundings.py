"""Answers an address by its postcode or place where the street is not known or not written."""

from data.geocoding.address import Candidate
from data.geocoding.gazetteer import CLEARLY_LARGER
from data.geocoding.localities import (
    CONTRADICTED,
    Localities,
    NamedPlaces,
    PlaceRow,
    PostcodeRow,
    plain_code,
)
from data.geocoding.parsing import ParsedAddress
from data.geocoding.places import Level
from data.geocoding.street_names import place_forms
from geo import Location, great_circle_m

STREET_NOT_FOUND = 0.6
UNKNOWN_CODE = 0.7

SMALLER = 0.7
"""What a place counts beside a clearly larger one of the name, which is meant without asking."""


class SurroundingsMatcher:
    """Looks for postcode and place of a reading. Safe to share between threads."""

    def __init__(self, localities: Localities) -> None:
        self._localities = localities

    def find(self, address: ParsedAddress, named: NamedPlaces) -> list[Candidate]:
        """
        Postcodes or places that are meant, best first.

        None where a place is written that the index does not know, or a postcode that cannot be one
        of the place: it is an address of elsewhere.
        """
        factor = STREET_NOT_FOUND if address.street or address.house_name else 1.0
        codes = [
            row
            for row in self._localities.postcodes(address.postcode)
            if self._localities.accepts(address.country, row.country)
        ]
        places = sorted(
            (
                (place, fit)
                for place, fit in named.places.items()
                if self._localities.accepts(address.country, place.country)
            ),
            key=lambda item: (-item[1], -item[0].size, item[0].id),
        )
        if address.postcode and codes:
            return self._by_code(address, codes, places, named, factor)
        if not address.places or not places:
            return []
        if address.postcode:
            places = [
                (place, fit * UNKNOWN_CODE)
                for place, fit in places
                if self._localities.is_plausible_code(address.postcode, place)
            ]
        largest = places[0][0].size if places else 0
        return [
            self._of_place(
                p, fit * factor * (SMALLER if CLEARLY_LARGER * p.size < largest else 1.0)
            )
            for p, fit in places
        ]

    def _by_code(
        self,
        address: ParsedAddress,
        codes: list[PostcodeRow],
        places: list[tuple[PlaceRow, float]],
        named: NamedPlaces,
        factor: float,
    ) -> list[Candidate]:
        if not address.places:
            return [self._of_code(row, factor) for row in codes]
        fitting = [row for row in codes if self._fits(address, row, places, named)]
        if fitting:
            return [self._of_code(row, factor) for row in fitting]
        if not places:
            return []
        # Both are known and far apart: one of them is wrong, and nothing tells which.
        either = [self._of_code(row, CONTRADICTED * factor) for row in codes]
        return either + [self._of_place(p, CONTRADICTED * factor) for p, _ in places]

    def _fits(
        self,
        address: ParsedAddress,
        row: PostcodeRow,
        places: list[tuple[PlaceRow, float]],
        named: NamedPlaces,
    ) -> bool:
        own = place_forms(row.place or "")
        if any(_share_words(own, place_forms(name)) for name in address.places):
            return True
        reach_m = self._localities.format_of(row.country).postcode_reach_m
        if any(
            great_circle_m(row.lon, row.lat, p.lon, p.lat) <= max(reach_m, p.reach_m)
            for p, _ in places
        ):
            return True
        return any(
            score > 0 and self._localities.has_code(number, plain_code(row.code))
            for number, score in named.scores.items()
        )

    def _of_code(self, row: PostcodeRow, score: float) -> Candidate:
        rules = self._localities.format_of(row.country)
        label = rules.written("", "", row.code, row.place or "")
        return Candidate(
            Level.POSTCODE,
            score,
            Location(row.lon, row.lat),
            label,
            postcode=row.code,
            place=row.place,
            country=row.country,
        )

    def _of_place(self, row: PlaceRow, score: float) -> Candidate:
        label = row.name if row.region in ("", row.name) else f"{row.name}, {row.region}"
        return Candidate(
            Level.PLACE,
            score,
            Location(row.lon, row.lat),
            label,
            place=row.name,
            country=row.country,
        )


def _share_words(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name is the beginning of the other: Leipzig of Leipzig-Reudnitz."""
    return any(
        a.startswith(b) or b.startswith(a) for a in one for b in other if min(len(a), len(b)) > 3
    )
