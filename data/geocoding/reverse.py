"""From a position to its address, and from rows of an index to addresses as they are written."""

from data.geocoding.address import Candidate
from data.geocoding.address_index import AddressIndex
from data.geocoding.localities import Localities
from data.geocoding.places import Level
from geo import Location, great_circle_m

HOUSE_REACH_M = 50.0
STREET_REACH_M = 300.0
PLACE_REACH_M = 20_000.0


class ReverseGeocoder:
    """Names positions. Safe to share between threads."""

    def __init__(self, index: AddressIndex, localities: Localities) -> None:
        self._index = index
        self._localities = localities

    def find(self, at: Location) -> tuple[Candidate, float] | None:
        """
        What is nearest and how far it is, in metres.

        A house within `HOUSE_REACH_M`; else the street of the nearest house within
        `STREET_REACH_M`; else the nearest place within `PLACE_REACH_M`. The confidence falls evenly
        to a half at each of those distances.
        """
        houses = self._index.houses_near(at.lon, at.lat)
        ranked = sorted(
            (float(great_circle_m(at.lon, at.lat, row.lon, row.lat)), row.id, row) for row in houses
        )
        if ranked and ranked[0][0] <= HOUSE_REACH_M:
            distance_m, _, row = ranked[0]
            level, number = Level.HOUSE, row.written
            score = 1 - distance_m / HOUSE_REACH_M / 2
            where = Location(row.lon, row.lat)
            found = self.candidate(level, score, where, row.street_id, row.locality_id, number)
            return found, distance_m
        for distance_m, _, row in ranked:
            if distance_m <= STREET_REACH_M and self._index.street_name(row.street_id):
                score = 1 - distance_m / STREET_REACH_M / 2
                where = Location(row.lon, row.lat)
                street, locality = row.street_id, row.locality_id
                return self.candidate(Level.STREET, score, where, street, locality, ""), distance_m
        return self._nearest_place(at)

    def candidate(
        self,
        level: Level,
        score: float,
        location: Location,
        street_id: int,
        locality_id: int,
        number: str,
    ) -> Candidate:
        """A street or house of the index as an address in its country."""
        _, postcode, city, municipality, settlement, country, *_ = self._index.locality(locality_id)
        street = self._index.street_name(street_id)
        place = city or municipality or settlement
        rules = self._localities.format_of(country)
        label = rules.written(street or "", number, postcode or "", place or "")
        shown = round(min(1.0, score), 3)
        return Candidate(
            level, shown, location, label, street, number or None, postcode, place, country
        )

    def _nearest_place(self, at: Location) -> tuple[Candidate, float] | None:
        ranked = [
            (float(great_circle_m(at.lon, at.lat, place.lon, place.lat)), place.id, place)
            for place in self._localities.places
        ]
        if not ranked or min(ranked)[0] > PLACE_REACH_M:
            return None
        distance_m, _, place = min(ranked)
        score = round(1 - distance_m / PLACE_REACH_M / 2, 3)
        where = Location(place.lon, place.lat)
        return (
            Candidate(
                Level.PLACE, score, where, place.name, place=place.name, country=place.country
            ),
            distance_m,
        )
