"""Jobs that look for doubtful addresses again, on the map and with a geocoder elsewhere."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts import LocationLevel
from api import create_app
from api.services import geocode_accounts
from api.state import AppState
from data import job_store
from data.errors import NotFoundError
from data.tables import Account, JobStatus, LocationSource
from tests.api.address_world import HOUSE_1, account_of, address_state, change
from tests.api.problems import assert_problem
from tests.api.small_world import NOW
from tests.data.fake_geocoders import FakeGeocoders, Known, Trouble, fake_geocoders

URL = "/api/v1/geocoding-jobs"
Body = dict[str, Any]

ON_MAP = {"street": "Hauptstr. 1", "postcode": "34001", "town": "Anfang"}
ELSEWHERE = {"street": "Holzweg 3", "postcode": "34003", "town": "Mittendorf"}
ONLY_STREET = {"street": "Holzweg 99", "postcode": "34003", "town": "Mittendorf"}
NOWHERE = {"street": "Irrweg 1", "postcode": "99999", "town": "Nirgendwo"}
KNOWN = [
    Known("Holzweg", "3", "34003", "Mittendorf", 9.2, 51.2),
    Known("Holzweg", "", "34003", "Mittendorf", 9.201, 51.201),
    Known("Hauptstraße", "1", "34001", "Anfang", 9.9, 51.9),
]
HOUSE_3 = (9.2, 51.2)


@pytest.fixture
def server() -> Iterator[FakeGeocoders]:
    with fake_geocoders() as fake:
        fake.known = list(KNOWN)
        yield fake


@pytest.fixture
def state(tmp_path: Path) -> Iterator[AppState]:
    """Without a geocoder elsewhere."""
    state = address_state(tmp_path)
    yield state
    state.database.dispose()


@pytest.fixture
def asking(tmp_path: Path, server: FakeGeocoders) -> Iterator[AppState]:
    """With one, which may be asked as often as one likes."""
    settings = {"geocoder": "photon", "geocoder_url": server.url, "geocoder_per_second": 1000.0}
    state = address_state(tmp_path, **settings)
    yield state
    state.database.dispose()


def lose(state: AppState, account_id: str, address: dict[str, str], **columns: Any) -> None:
    """Give an account an address, and take its position."""
    nowhere = {"lon": None, "lat": None, "location_level": None, "location_source": None}
    change(state, account_id, **{**address, **nowhere, **columns})


def ended(client: FlaskClient, body: Body | None = None) -> Body:
    """Give a job, and wait until it has ended."""
    response = client.post(URL, json={} if body is None else body)
    assert response.status_code == 202, response.get_data(as_text=True)
    return when(client, response.headers["Location"], lambda job: "finished_at" in job)


def when(client: FlaskClient, where: str, is_so: Callable[[Body], bool]) -> Body:
    deadline = time.monotonic() + 30
    while True:
        job: Body = client.get(where).get_json()
        if is_so(job):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.02)


def position(account: Account) -> tuple[float | None, float | None]:
    return account.lon, account.lat


def test_without_a_service_only_the_map_is_asked(state: AppState) -> None:
    lose(state, "1", ON_MAP)
    lose(state, "2", ELSEWHERE)
    lose(state, "29", {"street": "", "postcode": "", "town": ""})
    job = ended(create_app(state).test_client())
    assert job["status"] == "complete"
    assert "service" not in job
    assert (job["total"], job["done"], job["progress"]) == (3, 3, 1.0)
    assert (job["located"], job["unchanged"], job["without_address"]) == ({"address": 1}, 1, 1)
    found = account_of(state, "1")
    assert position(found) == HOUSE_1
    assert found.location_source is LocationSource.GEOCODER
    assert (found.version, found.updated_at) == (2, NOW)
    assert position(account_of(state, "2")) == (None, None)


def test_a_service_is_asked_for_what_the_map_does_not_know(
    asking: AppState, server: FakeGeocoders
) -> None:
    lose(asking, "1", ON_MAP)
    lose(asking, "2", ELSEWHERE)
    lose(asking, "3", NOWHERE)
    job = ended(create_app(asking).test_client(), {"issues": ["LOCATION_MISSING"]})
    assert (job["service"], job["status"]) == ("photon", "complete")
    # Account 29 has the postcode and the town of nowhere on this map.
    assert (job["located"], job["asked"], job["known"]) == ({"address": 2}, 3, 0)
    # What the map knows well is not told to anybody.
    assert not any("Hauptstr" in one.query["q"] for one in server.asked)
    assert position(account_of(asking, "1")) == HOUSE_1
    found = account_of(asking, "2")
    assert position(found) == HOUSE_3
    assert found.location_label == "Holzweg 3, 34003 Mittendorf"
    assert found.location_origin == "© OpenStreetMap contributors"


def test_what_was_asked_once_is_not_asked_again(asking: AppState, server: FakeGeocoders) -> None:
    lose(asking, "2", ELSEWHERE)
    lose(asking, "3", NOWHERE)
    client = create_app(asking).test_client()
    ended(client)
    asked = len(server.asked)
    lose(asking, "2", {**ELSEWHERE, "town": " MITTENDORF "})
    job = ended(client)
    assert len(server.asked) == asked
    assert job["known"] == 3
    assert job["located"] == {"address": 1}


def test_only_a_better_answer_is_taken(asking: AppState) -> None:
    """A street is better than a town; a street that is known already is not better."""
    coarse = {"lon": 9.3, "lat": 51.3, "location_source": LocationSource.IMPORT}
    change(asking, "1", **ONLY_STREET, **coarse, location_level=LocationLevel.PLACE)
    change(
        asking,
        "2",
        **ONLY_STREET,
        **coarse,
        location_level=LocationLevel.STREET,
        is_location_ambiguous=True,
    )
    change(
        asking,
        "3",
        **NOWHERE,
        **coarse,
        location_level=LocationLevel.PLACE,
        location_label="as before",
    )
    job = ended(create_app(asking).test_client())
    assert job["located"] == {"street": 2}
    for account_id in ("1", "2"):
        account = account_of(asking, account_id)
        assert position(account) == (9.201, 51.201)
        assert account.is_location_ambiguous is False
    left = account_of(asking, "3")
    assert (left.lon, left.location_label, left.version) == (9.3, "as before", 1)


def test_a_pin_far_from_every_road_is_looked_for(asking: AppState) -> None:
    """The coordinates of another system were swapped."""
    exact = {"location_level": LocationLevel.POSITION, "location_source": LocationSource.IMPORT}
    change(asking, "1", **ON_MAP, lon=51.01, lat=9.01, **exact)
    job = ended(create_app(asking).test_client(), {"issues": ["UNREACHABLE_BY_ROAD"]})
    assert job["located"] == {"address": 1}
    assert position(account_of(asking, "1")) == HOUSE_1


def test_a_pin_set_by_hand_is_left_alone(asking: AppState) -> None:
    by_hand = {"location_level": LocationLevel.PLACE, "location_source": LocationSource.HAND}
    change(asking, "1", **ON_MAP, lon=9.3, lat=51.3, **by_hand)
    job = ended(create_app(asking).test_client(), {"issues": ["GEOCODE_TOO_COARSE"]})
    assert (job["total"], job["unchanged"], job["located"]) == (1, 1, {})
    assert account_of(asking, "1").lon == 9.3


@pytest.mark.parametrize(
    "news",
    [
        {"street": "Bahnhofstr. 2"},
        {"lon": 9.3, "lat": 51.3, "location_source": LocationSource.HAND},
        {"lon": 9.3, "lat": 51.3, "location_level": LocationLevel.POSITION},
        {"deleted_at": NOW},
    ],
    ids=["address", "by hand", "exact", "deleted"],
)
def test_what_changed_meanwhile_is_not_overwritten(
    asking: AppState, monkeypatch: pytest.MonkeyPatch, news: dict[str, Any]
) -> None:
    lose(asking, "1", ON_MAP)
    before = geocode_accounts.locate

    def locate(*given: Any) -> Any:
        change(asking, "1", **news)
        return before(*given)

    monkeypatch.setattr(geocode_accounts, "locate", locate)
    job = ended(create_app(asking).test_client(), {"issues": ["LOCATION_MISSING"]})
    assert job["changed_meanwhile"] == 1
    assert job["located"] == {}
    account = account_of(asking, "1")
    assert account.lon == news.get("lon")
    assert account.street == news.get("street", ON_MAP["street"])


def test_one_address_that_is_not_answered_stops_nobody(
    asking: AppState, server: FakeGeocoders
) -> None:
    """It asks for a longer pause than anybody takes."""
    lose(asking, "1", NOWHERE, potential_cents=10**10)
    lose(asking, "2", ELSEWHERE)
    server.troubles = [Trouble(429, "Later", {"Retry-After": "86400"})]
    job = ended(create_app(asking).test_client(), {"issues": ["LOCATION_MISSING"]})
    assert (job["status"], job["unanswered"]) == ("complete", 1)
    assert job["located"] == {"address": 1}


def test_a_service_that_answers_nobody_is_not_asked_on(
    asking: AppState, server: FakeGeocoders
) -> None:
    for account_id in "123456":
        lose(asking, account_id, {**ELSEWHERE, "street": f"Holzweg {account_id}"})
    server.always = Trouble(429, "Later", {"Retry-After": "86400"})
    job = ended(create_app(asking).test_client(), {"issues": ["LOCATION_MISSING"]})
    assert (job["status"], job["unanswered"]) == ("failed", 3)
    assert job["problem"]["code"] == "GEOCODER_UNAVAILABLE"
    assert len(server.asked) == 3


def test_a_service_that_refuses_ends_the_job_and_what_was_found_stays(
    asking: AppState, server: FakeGeocoders
) -> None:
    lose(asking, "1", ON_MAP, potential_cents=10**10)
    lose(asking, "2", ELSEWHERE)
    server.always = Trouble(403, "Blocked")
    client = create_app(asking).test_client()
    job = ended(client)
    assert job["status"] == "failed"
    assert job["problem"]["code"] == "GEOCODER_REFUSED"
    assert server.url in job["problem"]["detail"]
    assert job["located"] == {"address": 1}
    assert position(account_of(asking, "1")) == HOUSE_1
    server.always = None
    assert ended(client)["located"] == {"address": 1}
    assert position(account_of(asking, "2")) == HOUSE_3


def test_a_job_that_waits_can_be_stopped(asking: AppState, server: FakeGeocoders) -> None:
    lose(asking, "1", ON_MAP, potential_cents=10**10)
    lose(asking, "2", ELSEWHERE)
    server.always = Trouble(429, "Slow down", {"Retry-After": "200"})
    client = create_app(asking).test_client()
    where = client.post(URL, json={}).headers["Location"]
    when(client, where, lambda job: bool(server.asked))
    started = time.monotonic()
    stopped = client.delete(where).get_json()
    assert time.monotonic() - started < 5
    assert stopped["status"] == "cancelled"
    assert stopped["done"] < stopped["total"]
    assert position(account_of(asking, "1")) == HOUSE_1
    assert_problem(client.delete(where), 409, "ALREADY_FINISHED")


def test_there_is_one_job_at_a_time(asking: AppState, server: FakeGeocoders) -> None:
    lose(asking, "2", ELSEWHERE)
    server.always = Trouble(429, "Slow down", {"Retry-After": "200"})
    client = create_app(asking).test_client()
    first = client.post(URL, json={}).get_json()
    body = assert_problem(client.post(URL, json={}), 409, "JOB_IN_PROGRESS")
    assert first["job_id"] in body["detail"]
    assert [job["job_id"] for job in client.get(URL).get_json()["items"]] == [first["job_id"]]
    client.delete(first["links"]["self"])
    server.always = None
    assert ended(client)["status"] == "complete"
    assert len(client.get(URL).get_json()["items"]) == 2


def test_nothing_doubtful_is_soon_done(state: AppState) -> None:
    job = ended(create_app(state).test_client(), {"issues": ["GEOCODE_AMBIGUOUS"]})
    assert (job["status"], job["total"], job["progress"]) == ("complete", 0, 1.0)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"issues": []}, "/issues", "WRONG_LENGTH"),
        ({"issues": ["COLD"]}, "/issues/0", "UNKNOWN_VALUE"),
        ({"all": True}, "/all", "UNKNOWN_KEY"),
    ],
)
def test_a_job_that_cannot_be_is_refused(
    state: AppState, body: Body, pointer: str, code: str
) -> None:
    response = create_app(state).test_client().post(URL, json=body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_a_job_of_another_kind_is_not_found(state: AppState) -> None:
    client = create_app(state).test_client()
    with state.database.session() as session:
        job_store.add(
            session, job_id="j-plan", dataset_id=1, kind="plan", params={}, created_at=NOW
        )
    for job_id in ("j-plan", "j-none"):
        assert_problem(client.get(f"{URL}/{job_id}"), 404, "NOT_FOUND")
        assert_problem(client.delete(f"{URL}/{job_id}"), 404, "NOT_FOUND")
    with state.database.session() as session, pytest.raises(NotFoundError):
        job_store.get(session, "j-none")
    with state.database.session() as session:
        assert job_store.get(session, "j-plan").status is JobStatus.QUEUED
