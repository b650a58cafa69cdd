"""From an address to a position and back, from the rows of a map alone. Nobody else is asked."""

from collections.abc import Iterable
from pathlib import Path

from data.errors import UnknownPlaceError
from data.geocoding.address import AddressQuery, Candidate, GeocodeMatch, ReverseMatch
from data.geocoding.address_index import AddressIndex
from data.geocoding.choosing import chosen
from data.geocoding.localities import Localities
from data.geocoding.matching import Hit, StreetMatcher
from data.geocoding.parsing import AddressParser, ParsedAddress
from data.geocoding.places import Level
from data.geocoding.reverse import ReverseGeocoder
from data.geocoding.surroundings import SurroundingsMatcher
from geo import Location

_RANK = {level: rank for rank, level in enumerate(Level)}


class Geocoder:
    """
    Finds addresses in an index. Safe to share between threads; the same index gives the same
    answers.

    Parameters
    ----------
    index
        Of a map (`AddressIndex.open`) or of the sample (`sample_index`).
    """

    def __init__(self, index: AddressIndex) -> None:
        self._index = index
        self._localities = Localities(index)
        self._parser = AddressParser(
            index.formats, self._localities.knows_place, self._localities.knows_postcode
        )
        self._streets = StreetMatcher(index)
        self._surroundings = SurroundingsMatcher(self._localities)
        self._reverse = ReverseGeocoder(index, self._localities)

    @classmethod
    def open(cls, folder: Path) -> "Geocoder":
        """
        The geocoder of a map.

        Raises
        ------
        InvalidRoadMapError
            When the folder has no address index, or one that cannot be read.
        """
        return cls(AddressIndex.open(folder))

    def find(self, query: AddressQuery) -> GeocodeMatch | None:
        """
        What an address means; None where nothing in the index can be meant.

        A house is only told where its number is in the index and neither postcode nor place
        contradicts. A number that is not there is answered between its neighbours or by its
        street, an unknown street by the postcode or place.
        """
        best: list[Hit] = []
        readings = self._readings(query)
        for reading in readings:
            named = self._localities.named(reading.places)
            if reading.places and not named.is_known and not reading.postcode:
                continue
            hits = self._streets.find(reading, self._localities.agreeing(reading, named))
            if hits and (not best or _quality(hits) > _quality(best)):
                best = hits
            if best and any(hit.is_settled for hit in best):
                break
        if best:
            found = [self._candidate(hit) for hit in _sorted(best)]
            return chosen(found, self._index.source, self._index.attribution)
        for reading in readings:
            named = self._localities.named(reading.places)
            found = self._surroundings.find(reading, named)
            if found:
                return chosen(found, self._index.source, self._index.attribution)
        return None

    def reverse(self, lon: float, lat: float) -> ReverseMatch:
        """
        The address of a position, in degrees: the nearest house, street or place.

        Raises
        ------
        UnknownPlaceError
            When the index has nothing near.
        """
        found = self._reverse.find(Location(lon, lat))
        if found is None:
            raise UnknownPlaceError(f"Nothing is known near {lon:.5f}, {lat:.5f}.")
        best, distance_m = found
        return ReverseMatch(best, distance_m, self._index.source, self._index.attribution)

    def _readings(self, query: AddressQuery) -> list[ParsedAddress]:
        if query.text.strip():
            return self._parser.read(query.text, query.country.upper())
        return self._parser.read_fields(
            query.street, query.house_number, query.postcode, query.place, query.country.upper()
        )

    def _candidate(self, hit: Hit) -> Candidate:
        return self._reverse.candidate(
            hit.level, hit.score, hit.location, hit.street_id, hit.locality_id, hit.number
        )


def _quality(hits: Iterable[Hit]) -> tuple[int, float]:
    """Of a reading: the score of its best hit counts, and a house more than a street."""
    best = max(hits, key=lambda hit: hit.score)
    return -_RANK[best.level], best.score


def _sorted(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(
        hits,
        key=lambda hit: (
            -round(hit.score, 6),
            -hit.house_count,
            hit.street_id,
            hit.locality_id,
            hit.location.lon,
        ),
    )
