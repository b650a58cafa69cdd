"""What a geocoder elsewhere has answered is kept, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data.database import Database
from data.errors import GeocoderUnavailableError
from data.geocoding.address import AddressQuery, Candidate, GeocodeMatch
from data.geocoding.places import Level
from data.geocoding.services import RememberingService
from geo import Location

NOW = datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
QUERY = AddressQuery(street="Königsplatz 53", postcode="34117", place="Kassel", country="DE")
HOUSE = Candidate(
    Level.HOUSE, 0.98, Location(9.4935, 51.3155), "Königsplatz 53", "Königsplatz", "53"
)
MATCH = GeocodeMatch(
    HOUSE, (replace(HOUSE, level=Level.STREET, place="Kassel"),), True, "photon", "© OSM"
)


class Service:
    """Answers what it is told, and counts."""

    def __init__(self, answer: GeocodeMatch | Exception | None, keeps_days: int | None) -> None:
        self.answer, self.keeps_days = answer, keeps_days
        self.name, self.address, self.count = "photon", "http://one", 0

    def find(self, query: AddressQuery) -> GeocodeMatch | None:
        self.count += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


Ask = Callable[..., GeocodeMatch | None]


def ask(
    database: Database, service: Service, query: AddressQuery = QUERY, now: datetime = NOW
) -> GeocodeMatch | None:
    return RememberingService(service, database, lambda: now).find(query)


@pytest.mark.parametrize("answer", [MATCH, None])
def test_an_answer_is_kept_whole_also_that_nothing_is_known(
    database: Database, answer: GeocodeMatch | None
) -> None:
    service = Service(answer, None)
    assert ask(database, service) == answer
    service.answer = replace(MATCH, source="another")
    assert ask(database, service) == answer
    assert service.count == 1


def test_the_same_address_in_other_letters_is_the_same(database: Database) -> None:
    service = Service(MATCH, None)
    ask(database, service)
    ask(database, service, replace(QUERY, street=" KÖNIGSPLATZ  53 ", place="kassel"))
    assert service.count == 1
    ask(database, service, replace(QUERY, street="Königsplatz 5 3"))
    ask(database, service, replace(QUERY, country="AT"))
    # A street that is called as the town is not the town.
    ask(database, service, AddressQuery(street="Kassel"))
    ask(database, service, AddressQuery(place="Kassel"))
    assert service.count == 5


def test_a_failure_is_not_kept(database: Database) -> None:
    service = Service(GeocoderUnavailableError("Busy."), None)
    with pytest.raises(GeocoderUnavailableError):
        ask(database, service)
    service.answer = MATCH
    assert ask(database, service) == MATCH


def test_another_server_is_asked_for_itself(database: Database) -> None:
    service = Service(MATCH, None)
    ask(database, service)
    service.address = "http://another"
    ask(database, service)
    assert service.count == 2


def test_what_was_unknown_is_asked_again_after_a_while(database: Database) -> None:
    nothing, match = Service(None, None), Service(MATCH, None)
    ask(database, nothing)
    ask(database, match, replace(QUERY, street="Königsplatz 54"))
    later = NOW + timedelta(days=91)
    ask(database, nothing, now=later)
    ask(database, match, replace(QUERY, street="Königsplatz 54"), later)
    assert (nothing.count, match.count) == (2, 1)


def test_answers_are_forgotten_when_they_may_be_kept_no_longer(database: Database) -> None:
    service = Service(MATCH, 30)
    ask(database, service)
    ask(database, service, now=NOW + timedelta(days=29))
    assert service.count == 1
    ask(database, service, now=NOW + timedelta(days=31))
    assert service.count == 2


def test_it_counts_whom_it_asked_and_what_it_knew(database: Database) -> None:
    remembering = RememberingService(Service(MATCH, None), database, lambda: NOW)
    for street in ("Weg 1", "Weg 2", "weg 1"):
        remembering.find(replace(QUERY, street=street))
    assert (remembering.asked, remembering.known) == (2, 1)
