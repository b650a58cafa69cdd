"""
Finds what one reading of an address may mean, from the house down to the street.

Scores: agreement of the locality times similarity of the street. Where two streets or localities
fit, all of their houses are looked at, so that a number decides between them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from data.geocoding.address_index import AddressIndex, HouseRow, NumberedLine, StreetPlace
from data.geocoding.house_number import HouseNumber
from data.geocoding.interpolation import NUMBERS_APART, along_line, between_neighbours
from data.geocoding.localities import NOTHING_SAID, Agreement, plain_code
from data.geocoding.parsing import ParsedAddress
from data.geocoding.places import Level
from data.geocoding.street_names import place_forms
from geo import Location

INTERPOLATED = 0.8
RANGE_FOR_HOUSE = 0.9
NUMBER_NOT_FOUND = 0.7
"""By what the confidence falls when the number is between others, covered by a range, or not
there."""

OTHER_SPELLING = 0.95

SETTLED = 0.84
"""Agreement from which on, with the street as written, no other reading is tried."""

Agreements = Mapping[int, Agreement] | None
"""By locality; None: the address does not say, and all fit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """
    Something that fits.

    Parameters
    ----------
    score
        0 to 1.
    is_settled
        Whether no other reading can be better: street and locality are as they were written.
    house_count
        Houses that the map knows there; of several streets the one with most is likelier.
    """

    level: Level
    score: float
    location: Location
    street_id: int
    locality_id: int
    number: str = ""
    is_settled: bool = False
    house_count: int = 0


class StreetMatcher:
    """Looks for the street and the house of a reading. Safe to share between threads."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index

    def find(self, address: ParsedAddress, agreements: Agreements) -> list[Hit]:
        """Hits of the best level there is, in any order."""
        if agreements is not None and not agreements:
            return []
        if address.house_name:
            hits = self._by_name(address, agreements)
            if hits or not address.street:
                return hits
        if not address.street:
            return self._by_postcode(address, agreements)
        certain = _ids(agreements, allows_house=True)
        exact = self._index.streets_named(self._index.street_names.forms(address.street))
        if certain is None or certain:
            if exact:
                spots = self._index.street_places(exact, certain)
                if spots:
                    return self._on_streets(address, self._exact(address, exact), spots, agreements)
            similar = self._similar(address, certain)
            if similar:
                spots = self._index.street_places(list(similar), certain)
                return self._on_streets(address, similar, spots, agreements)
        if exact and agreements is not None:
            spots = self._index.street_places(exact, _ids(agreements, allows_house=False))
            return self._streets(dict.fromkeys(exact, 1.0), spots, agreements)
        return []

    def _exact(self, address: ParsedAddress, streets: list[int]) -> dict[int, float]:
        """Of Bodastrasse and Bödastrasse the one that is written counts more."""
        plain = address.street.casefold()
        names = {street: (self._index.street_name(street) or "").casefold() for street in streets}
        if plain not in names.values():
            return dict.fromkeys(streets, 1.0)
        return {street: 1.0 if name == plain else OTHER_SPELLING for street, name in names.items()}

    def _similar(self, address: ParsedAddress, certain: Collection[int] | None) -> dict[int, float]:
        forms = self._index.street_names.forms(address.street)
        found = self._index.streets_like(forms, certain)
        # Only the most similar: one that needs a second letter changed is another street.
        return {street: score for street, score in found if score >= found[0][1] - 1e-9}

    def _on_streets(
        self,
        address: ParsedAddress,
        streets: Mapping[int, float],
        spots: list[StreetPlace],
        agreements: Agreements,
    ) -> list[Hit]:
        number = address.number
        if number is None:
            return self._streets(streets, spots, agreements)
        localities = {spot.locality_id for spot in spots}
        if address.is_complete:
            houses = self._houses(number, streets, localities, agreements)
            if houses:
                return houses
        between = self._between(number, streets, localities, agreements)
        if between:
            return between
        return [_scaled(hit, NUMBER_NOT_FOUND) for hit in self._streets(streets, spots, agreements)]

    def _houses(
        self,
        number: HouseNumber,
        streets: Mapping[int, float],
        localities: Collection[int],
        agreements: Agreements,
    ) -> list[Hit]:
        rows = self._index.houses(list(streets), number.number, localities)
        for asked in self._as_written(number):
            hits = [
                self._house_hit(row, streets, agreements)
                for row in rows
                if row.number == asked.number and row.rest == asked.rest
            ]
            if hits:
                return hits
        ends = number.ends
        if ends is not None:
            # Where each end of a range is a house of its own, the first stands for both.
            first = self._houses(ends[0], streets, localities, agreements)
            last = self._houses(ends[1], streets, localities, agreements)
            known = {hit.locality_id for hit in last}
            return [_scaled(h, RANGE_FOR_HOUSE) for h in first if h.locality_id in known]
        return []

    def _as_written(self, number: HouseNumber) -> list[HouseNumber]:
        forms = [number]
        if "/" in number.rest and any(one.slash == "unit" for one in self._index.formats):
            forms.append(number.without_unit)
        return forms

    def _house_hit(
        self, row: HouseRow, streets: Mapping[int, float], agreements: Agreements
    ) -> Hit:
        hit = _hit(Level.HOUSE, Location(row.lon, row.lat), row, streets, agreements)
        return _scaled(replace(hit, number=row.written), RANGE_FOR_HOUSE if row.is_part else 1.0)

    def _between(
        self,
        number: HouseNumber,
        streets: Mapping[int, float],
        localities: Collection[int],
        agreements: Agreements,
    ) -> list[Hit]:
        groups: dict[tuple[int, int], list[HouseRow]] = {}
        for row in self._index.houses_around(
            list(streets), number.number, NUMBERS_APART, localities
        ):
            groups.setdefault((row.street_id, row.locality_id), []).append(row)
        found: list[tuple[HouseRow | NumberedLine, Location]] = [
            (rows[0], location)
            for rows in groups.values()
            if (location := between_neighbours(number.number, rows)) is not None
        ]
        for line in self._index.numbered_lines(list(streets), number.number):
            location = along_line(number.number, line)
            if line.locality_id in localities and location is not None:
                found.append((line, location))
        hits = [_hit(Level.INTERPOLATED, at, row, streets, agreements) for row, at in found]
        return [_scaled(replace(hit, number=number.written), INTERPOLATED) for hit in hits]

    def _streets(
        self, streets: Mapping[int, float], spots: list[StreetPlace], agreements: Agreements
    ) -> list[Hit]:
        return [
            replace(
                _hit(Level.STREET, Location(spot.lon, spot.lat), spot, streets, agreements),
                house_count=spot.house_count,
            )
            for spot in spots
        ]

    def _by_name(self, address: ParsedAddress, agreements: Agreements) -> list[Hit]:
        """Houses of a name; where a street is written too, only there."""
        rows = self._index.houses_named(place_forms(address.house_name))
        certain = _ids(agreements, allows_house=True)
        if address.street:
            exact = self._index.streets_named(self._index.street_names.forms(address.street))
            rows = [row for row in rows if row.street_id in exact]
        fitting = [row for row in rows if certain is None or row.locality_id in certain]
        return [self._house_hit(row, {}, agreements) for row in fitting]

    def _by_postcode(self, address: ParsedAddress, agreements: Agreements) -> list[Hit]:
        """A number and a postcode that stands for a street."""
        if address.number is None or not address.postcode or not address.is_complete:
            return []
        if not any(one.postcode_is_street for one in self._index.formats) or agreements is None:
            return []
        certain = [
            number
            for number, agreement in agreements.items()
            if agreement.allows_house and self._has_code(number, address.postcode)
        ]
        rows = self._index.houses_of_locality(certain, address.number.number)
        return [
            self._house_hit(row, {}, agreements) for row in rows if row.rest == address.number.rest
        ]

    def _has_code(self, locality: int, code: str) -> bool:
        return plain_code(self._index.locality(locality)[1] or "") == code


def _ids(agreements: Agreements, *, allows_house: bool) -> list[int] | None:
    if agreements is None:
        return None
    return [n for n, agreement in agreements.items() if agreement.allows_house == allows_house]


def _hit(
    level: Level,
    location: Location,
    row: HouseRow | StreetPlace | NumberedLine,
    streets: Mapping[int, float],
    agreements: Agreements,
) -> Hit:
    """A row of the index by how well its street and locality are what was written."""
    similarity = streets.get(row.street_id, 1.0)
    locality = row.locality_id
    agreement = NOTHING_SAID if agreements is None else agreements[locality].score
    return Hit(
        level,
        similarity * agreement,
        location,
        row.street_id,
        locality,
        is_settled=similarity == 1.0 and agreement >= SETTLED,
    )


def _scaled(hit: Hit, factor: float) -> Hit:
    return replace(hit, score=hit.score * factor)
