"""Services are asked over HTTP, not too often, and again where that may help."""

import json
import logging
from collections.abc import Iterator

import pytest

from data.errors import GeocoderRefusedError, GeocoderUnavailableError
from data.geocoding.address import AddressQuery
from data.geocoding.places import Level
from data.geocoding.services import GeocodingService, ServiceConfig, open_service
from tests.data.fake_geocoders import KEY, FakeGeocoders, Trouble, fake_geocoders

NAMES = ("nominatim", "photon", "google")
ASKED = AddressQuery(street="Königsplatz 53", postcode="34117", place="Kassel", country="DE")
NOWHERE = AddressQuery(street="Holzweg 9", postcode="12345", place="Nirgendwo", country="DE")
HTML = Trouble(200, "<html><body>Please sign in</body></html>", mimetype="text/html")
RATE_LIMITED = Trouble(429, "Too many requests")


@pytest.fixture
def server() -> Iterator[FakeGeocoders]:
    with fake_geocoders() as fake:
        yield fake


class Time:
    """A clock that only waiting moves forward."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 6))
        self.now_s += seconds

    def clock(self) -> float:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


def opened(
    name: str, server: FakeGeocoders, time: Time, per_second: float = 1.0, key: str = KEY
) -> GeocodingService:
    config = ServiceConfig(name, server.url, key, "geo@example.org", per_second, timeout_s=0.5)
    return open_service(config, time.pause, time.clock)


@pytest.mark.parametrize("name", NAMES)
def test_a_house_is_found(name: str, server: FakeGeocoders, time: Time) -> None:
    match = opened(name, server, time).find(ASKED)
    assert match is not None
    assert match.best.level is Level.HOUSE
    assert (match.best.location.lon, match.best.location.lat) == (9.4935, 51.3155)
    assert match.best.confidence > 0.9
    assert (match.source, match.is_ambiguous) == (name, False)
    assert match.attribution in ("© OpenStreetMap contributors", "Google")
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_house_number_that_is_not_known_is_answered_by_its_street(
    name: str, server: FakeGeocoders, time: Time
) -> None:
    asked = AddressQuery(street="Königsplatz 77", postcode="34117", place="Kassel", country="DE")
    match = opened(name, server, time).find(asked)
    assert match is not None
    assert match.best.level is Level.STREET
    assert match.best.house_number is None


@pytest.mark.parametrize("name", NAMES)
def test_a_street_that_is_not_known_is_answered_by_its_town(
    name: str, server: FakeGeocoders, time: Time
) -> None:
    asked = AddressQuery(street="Holzweg 9", postcode="34117", place="Kassel", country="DE")
    match = opened(name, server, time).find(asked)
    assert match is not None
    assert match.best.level is Level.PLACE


@pytest.mark.parametrize("name", NAMES)
def test_two_towns_of_one_name_are_ambiguous(name: str, server: FakeGeocoders, time: Time) -> None:
    asked = AddressQuery(street="Hauptstr. 1", place="Neudorf", country="DE")
    server.known = [one for one in server.known if one.town == "Neudorf"]
    # The servers find streets as they are written only.
    match = opened(name, server, time).find(
        AddressQuery(street="Hauptstraße 1", place=asked.place, country="DE")
    )
    assert match is not None
    assert match.is_ambiguous
    assert len(match.alternatives) == 1
    assert match.best.confidence <= 0.5


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_knows_is_not_found(name: str, server: FakeGeocoders, time: Time) -> None:
    assert opened(name, server, time).find(NOWHERE) is None


def test_nominatim_is_asked_in_fields_and_then_as_one_text(
    server: FakeGeocoders, time: Time
) -> None:
    wrong_code = AddressQuery(street="Königsplatz 53", postcode="34119", place="Kassel")
    match = opened("nominatim", server, time).find(wrong_code)
    assert match is not None
    assert match.best.level is Level.STREET  # the postcode contradicts
    first, second = server.asked
    assert (first.query["street"], first.query["postalcode"]) == ("Königsplatz 53", "34119")
    assert second.query["q"] == "Königsplatz 53, 34119 Kassel"
    assert time.pauses == [1.0, 1.0]


def test_nominatim_is_told_who_asks(server: FakeGeocoders, time: Time) -> None:
    opened("nominatim", server, time).find(ASKED)
    assert server.asked[0].headers["user-agent"] == "Territour (geo@example.org)"
    assert server.asked[0].query["countrycodes"] == "de"


def test_google_is_asked_in_the_language_of_the_country(server: FakeGeocoders, time: Time) -> None:
    opened("google", server, time).find(ASKED)
    query = server.asked[0].query
    assert (query["language"], query["components"], query["key"]) == ("de", "country:DE", KEY)


def test_a_server_may_lie_under_a_path(server: FakeGeocoders, time: Time) -> None:
    config = ServiceConfig("photon", f"{server.url}/geo/", per_second=10)
    with pytest.raises(GeocoderRefusedError, match=r"/geo answers with status 404"):
        open_service(config, time.pause, time.clock).find(ASKED)
    assert server.asked[0].path == "/geo/api"


def test_requests_keep_their_distance(server: FakeGeocoders, time: Time) -> None:
    """Also before the first, since whoever was here before may have been killed over one."""
    service = opened("photon", server, time, per_second=2)
    for _ in range(3):
        service.find(ASKED)
    assert time.pauses == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "trouble",
    [
        RATE_LIMITED,
        Trouble(500, "Internal error"),
        Trouble(503, "Busy"),
        Trouble(504, "Gateway timeout"),
        HTML,
        Trouble(200, "[1, 2"),
        Trouble(200, '"a text"'),
        Trouble(200, '[{"lat": "here"}]'),
        Trouble(200, "{}", delay_s=1.0),
    ],
    ids=["429", "500", "503", "504", "HTML", "cut short", "text", "other form", "too late"],
)
def test_what_may_pass_is_tried_again_after_longer_and_longer_pauses(
    name: str, trouble: Trouble, server: FakeGeocoders, time: Time
) -> None:
    server.troubles = [trouble, trouble]
    match = opened(name, server, time, per_second=10).find(ASKED)
    assert match is not None
    assert match.best.level is Level.HOUSE
    assert len(server.asked) == 3
    assert [pause for pause in time.pauses if pause >= 1] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (RATE_LIMITED, "has had too many requests"),
        (Trouble(502, "Bad gateway"), "answers with status 502"),
        (Trouble(503, "Busy"), "answers with status 503"),
        (HTML, "answers with something that is no JSON"),
        (Trouble(200, "[[]]"), "answers in a form that is not its own"),
        (Trouble(200, "[]", delay_s=1.0), "gives no answer in time"),
    ],
)
def test_what_lasts_is_told(
    trouble: Trouble, words: str, server: FakeGeocoders, time: Time
) -> None:
    server.always = trouble
    with pytest.raises(GeocoderUnavailableError, match=words) as told:
        opened("nominatim", server, time).find(ASKED)
    assert server.url in str(told.value)
    assert len(server.asked) == 4


@pytest.mark.parametrize("after", ["7", "Fri, 31 Dec 1999 23:59:59 GMT", "soon"])
def test_a_service_says_how_long_to_wait(after: str, server: FakeGeocoders, time: Time) -> None:
    server.troubles = [Trouble(429, "Slow down", {"Retry-After": after})]
    assert opened("photon", server, time, per_second=10).find(ASKED) is not None
    assert [pause for pause in time.pauses if pause >= 1] == [7.0 if after == "7" else 1.0]


def test_a_service_that_asks_for_too_long_a_pause_is_asked_another_day(
    server: FakeGeocoders, time: Time
) -> None:
    server.troubles = [Trouble(429, "Slow down", {"Retry-After": "3600"})]
    with pytest.raises(GeocoderUnavailableError, match="asks to wait 3600 s"):
        opened("photon", server, time).find(ASKED)
    assert sum(time.pauses) < 10


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble(401, "Who?"), r"does not let us in \(status 401\)"),
        (Trouble(403, "Blocked"), r"does not let us in \(status 403\)"),
        (Trouble(402, "Pay"), "answers with status 402"),
        (Trouble(404, "<html>"), "answers with status 404"),
    ],
)
def test_what_cannot_pass_is_not_tried_again(
    trouble: Trouble, words: str, server: FakeGeocoders, time: Time
) -> None:
    server.always = trouble
    with pytest.raises(GeocoderRefusedError, match=words):
        opened("nominatim", server, time).find(ASKED)
    assert len(server.asked) == 1


def test_an_address_that_a_service_does_not_take_is_not_found(
    server: FakeGeocoders, time: Time
) -> None:
    server.always = Trouble(400, "Bad request")
    assert opened("photon", server, time).find(ASKED) is None
    server.always = google_status("INVALID_REQUEST")
    assert opened("google", server, time).find(ASKED) is None


def google_status(status: str) -> Trouble:
    body = {"error_message": f"Sorry, {KEY}.", "results": [], "status": status}
    return Trouble(200, json.dumps(body))


def test_google_refuses_a_key(server: FakeGeocoders, time: Time) -> None:
    with pytest.raises(GeocoderRefusedError, match="refuses the key"):
        opened("google", server, time, key="AIzaWrong").find(ASKED)
    assert len(server.asked) == 1


def test_google_says_that_too_much_was_asked(server: FakeGeocoders, time: Time) -> None:
    server.troubles = [google_status("OVER_QUERY_LIMIT")]
    assert opened("google", server, time).find(ASKED) is not None
    server.always = google_status("OVER_QUERY_LIMIT")
    with pytest.raises(GeocoderRefusedError, match="too much has been asked"):
        opened("google", server, time).find(ASKED)
    server.asked.clear()
    server.always = google_status("OVER_DAILY_LIMIT")
    with pytest.raises(GeocoderRefusedError, match="all is used up"):
        opened("google", server, time).find(ASKED)
    assert len(server.asked) == 1


def test_google_is_asked_again_where_it_does_not_know_what_went_wrong(
    server: FakeGeocoders, time: Time
) -> None:
    server.troubles = [google_status("UNKNOWN_ERROR")]
    assert opened("google", server, time).find(ASKED) is not None


def test_a_server_that_is_not_there_is_told(time: Time) -> None:
    with fake_geocoders() as gone:
        pass
    with pytest.raises(GeocoderUnavailableError, match="cannot be reached"):
        opened("photon", gone, time).find(ASKED)


@pytest.mark.parametrize(
    "trouble",
    [None, RATE_LIMITED, HTML, Trouble(403, KEY), Trouble(500, KEY), Trouble(200, "[", delay_s=1)],
)
def test_the_key_stands_in_no_message_and_no_log(
    trouble: Trouble | None,
    server: FakeGeocoders,
    time: Time,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.always = trouble or google_status("REQUEST_DENIED")
    config = ServiceConfig("google", server.url, KEY, timeout_s=0.3)
    with caplog.at_level(logging.DEBUG):
        with pytest.raises((GeocoderRefusedError, GeocoderUnavailableError)) as told:
            open_service(config, time.pause, time.clock).find(ASKED)
        logging.getLogger("test").error("The job failed", exc_info=told.value)
    assert "The geocoder google at" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(config)
    assert server.asked


def test_whoever_waits_can_end_the_work(server: FakeGeocoders, time: Time) -> None:
    class EnoughError(Exception):
        pass

    def enough(seconds: float) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        open_service(ServiceConfig("photon", server.url), enough).find(ASKED)
    assert server.asked == []
