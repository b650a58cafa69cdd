"""Accounts from files, over HTTP."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from api import create_app
from api.jobs.purge import DailyPurge
from api.jobs.runner import JobRunner, runner_in_threads
from api.services import run_import
from api.state import AppState
from data import job_store
from data.tables import Account, AccountImport, ExternalRef, Job, JobStatus
from tests.api.address_world import HOUSE_1, address_state
from tests.api.problems import assert_problem
from tests.api.small_world import NOW
from tests.data.imports.workbooks import workbook

URL = "/api/v1/imports"
FILE = (
    "Kd-Nr;Firma;Straße;PLZ;Ort;Status\n"
    "K1;Erste GmbH;Hauptstr. 1;34001;Anfang;Kunde\n"
    "K2;Zweite GmbH;Nirgendweg 1;99999;Nirgends;Interessent\n"
    "K3;;Hauptstr. 3;34001;Anfang;Kunde\n"
)
Body = dict[str, Any]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[AppState]:
    state = address_state(tmp_path)
    yield state
    state.database.dispose()


@pytest.fixture
def runner(state: AppState) -> Iterator[JobRunner]:
    runner = runner_in_threads(state)
    yield runner
    runner.stop()


@pytest.fixture
def client(state: AppState, runner: JobRunner) -> FlaskClient:
    return create_app(state, runner).test_client()


@pytest.fixture
def idle(state: AppState) -> FlaskClient:
    """A service that leaves its jobs to others."""
    return create_app(state, JobRunner(state.database, state.clock, {})).test_client()


def upload(client: FlaskClient, content: str | bytes = FILE, name: str = "a.csv") -> Body:
    raw = content.encode() if isinstance(content, str) else content
    response = client.post(f"{URL}?file_name={name}", data=raw, content_type="text/csv")
    assert response.status_code == 201, response.get_data(as_text=True)
    assert response.headers["Location"] == response.get_json()["links"]["self"]
    return response.get_json()


def run(client: FlaskClient, draft: Body, **request: Any) -> Body:
    """The import when its job has ended."""
    where = draft["links"]["self"]
    response = client.post(f"{where}/runs", json=request)
    assert response.status_code == 202, response.get_data(as_text=True)
    assert response.get_json()["status"] == "queued"
    deadline = time.monotonic() + 60
    while (body := client.get(where).get_json())["status"] in ("queued", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return body


def account_of(state: AppState, external_id: str) -> Account | None:
    with state.database.session() as session:
        return session.scalars(
            select(Account)
            .join(ExternalRef, ExternalRef.account_id == Account.id)
            .where(ExternalRef.external_id == external_id)
        ).one_or_none()


def accounts(state: AppState) -> int:
    with state.database.session() as session:
        return session.scalars(select(func.count(Account.id))).one()


def test_an_upload_is_a_draft_that_shows_what_its_columns_are(client: FlaskClient) -> None:
    draft = upload(client)
    assert (draft["status"], draft["row_count"], draft["system"]) == ("draft", 3, "file")
    assert draft["format"] == {
        "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_row": 1,
    }  # fmt: skip
    assert draft["columns"][0] == {
        "name": "Kd-Nr",
        "examples": ["K1", "K2", "K3"],
        "field": "external_id",
        "guessed_by": "name",
    }
    assert draft["mapping"]["Ort"] == "town"
    assert draft["problems"] == []
    assert {one["preset"] for one in draft["presets"]} == {"salesforce", "hubspot", "dynamics365"}
    assert {one["field"] for one in draft["fields"] if one["needed"]} == {"external_id", "name"}
    assert client.get(draft["links"]["self"]).get_json() == draft


def test_an_import_writes_good_rows_and_tells_the_others(
    client: FlaskClient, state: AppState
) -> None:
    before = accounts(state)
    done = run(client, upload(client))
    assert done["status"] == "complete"
    report = done["report"]
    assert (report["rows"], report["created"], report["refused"]) == (3, 2, 1)
    assert report["located"] == {"address": 1, "not_found": 1}
    assert report["errors"] == [
        {
            "row": 4,
            "column": "Firma",
            "value": "",
            "code": "MISSING",
            "detail": "Name is empty. Every account has one.",
        }
    ]
    assert report["warning_counts"] == {"ADDRESS_NOT_FOUND": 1}
    assert accounts(state) == before + 2
    account = account_of(state, "K1")
    assert account is not None
    assert (account.lon, account.lat) == HOUSE_1
    names = [item["name"] for item in client.get("/api/v1/accounts?q=Erste").get_json()["items"]]
    assert names == ["Erste GmbH"]


def test_the_file_of_an_import_that_has_ended_is_gone(client: FlaskClient, state: AppState) -> None:
    done = run(client, upload(client))
    with state.database.session() as session:
        assert session.get_one(AccountImport, done["import_id"]).content is None
    assert_problem(client.post(f"{done['links']['self']}/runs", json={}), 409, "IMPORT_NOT_DRAFT")
    assert_problem(client.delete(done["links"]["self"]), 409, "ALREADY_FINISHED")


def test_the_same_file_again_changes_nothing_and_says_so(
    client: FlaskClient, state: AppState
) -> None:
    run(client, upload(client))
    version = state.snapshot().version
    report = run(client, upload(client))["report"]
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 2)
    assert "Nothing has changed: all 2 accounts are as before." in report["summary"]
    assert state.snapshot().version == version


def test_a_dry_run_is_a_draft_again_with_a_report(client: FlaskClient, state: AppState) -> None:
    before, version = accounts(state), state.snapshot().version
    tried = run(client, upload(client), dry_run=True)
    assert tried["status"] == "draft"
    assert tried["report"]["is_dry_run"]
    assert tried["report"]["created"] == 2
    assert tried["links"]["refused"].endswith("/refused.csv")
    assert (accounts(state), state.snapshot().version) == (before, version)
    done = run(client, tried)
    assert (done["status"], done["report"]["created"]) == ("complete", 2)


def test_refused_rows_are_mended_and_sent_again(client: FlaskClient, state: AppState) -> None:
    done = run(client, upload(client, name="Kunden 2026.csv"))
    response = client.get(done["links"]["refused"])
    assert response.mimetype == "text/csv"
    assert "Kunden%202026-refused.csv" in response.headers["Content-Disposition"]
    mended = response.get_data().decode("utf-8-sig").replace("K3;;", "K3;Dritte GmbH;")
    draft = upload(client, mended)
    assert "refused_row" not in draft["mapping"]
    report = run(client, draft)["report"]
    assert (report["rows"], report["created"], report["refused"]) == (1, 1, 0)
    assert account_of(state, "K3") is not None
    assert_problem(client.get(f"{draft['links']['self']}/refused.csv"), 404, "NOT_FOUND")


def test_a_form_takes_the_file_and_its_options(client: FlaskClient, state: AppState) -> None:
    book = workbook(["Id", "Name"], [1, "x"], title="One")
    response = client.post(
        URL,
        data={"file": (io.BytesIO(book), "folder/Kunden.xlsx"),
              "options": '{"system": "erp", "sheet": "One", "header_row": 1}'},
    )  # fmt: skip
    draft = response.get_json()
    assert response.status_code == 201
    assert (draft["file_name"], draft["system"]) == ("Kunden.xlsx", "erp")
    assert draft["format"] == {"kind": "xlsx", "sheet": "One", "sheets": ["One"], "header_row": 1}
    assert run(client, draft)["report"]["created"] == 1
    with state.database.session() as session:
        assert session.scalars(select(ExternalRef.system)).all() == ["erp"]


def test_a_form_sent_again_with_its_key_is_one_import(client: FlaskClient) -> None:
    """Though what stands between the parts of the form is another each time."""

    def send(text: str = FILE) -> Any:
        data = {"file": (io.BytesIO(text.encode()), "a.csv")}
        return client.post(URL, data=data, headers={"Idempotency-Key": "k-1"})

    first, second = send(), send()
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(client.get(URL).get_json()["items"]) == 1
    assert_problem(send(FILE + "K4;x;;;;\n"), 422, "IDEMPOTENCY_KEY_REUSED")


def test_a_part_of_a_form_without_a_name_is_refused_with_a_key_too(client: FlaskClient) -> None:
    nameless = (
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
        '--b\r\nContent-Disposition: form-data; name="y"\r\n\r\nx\r\n--b--\r\n'
    )
    response = client.post(
        URL,
        data=nameless,
        content_type="multipart/form-data; boundary=b",
        headers={"Idempotency-Key": "k-2"},
    )
    assert response.status_code == 422


def test_a_mapping_is_set_and_kept_for_the_next_file_of_these_columns(
    client: FlaskClient, state: AppState
) -> None:
    content = "Kunde;Kürzel;Ort\nErste;E1;Anfang\n"
    draft = upload(client, content)
    assert [one["code"] for one in draft["problems"]] == ["MISSING_COLUMN"]
    assert_problem(
        client.post(f"{draft['links']['self']}/runs", json={}),
        422, "INVALID_REQUEST", "/mapping", "MISSING_COLUMN",
    )  # fmt: skip
    mapping = {"Kürzel": "external_id", "Kunde": "name", "Ort": ""}
    response = client.put(f"{draft['links']['self']}/mapping", json={"mapping": mapping})
    assert response.status_code == 200
    assert response.get_json()["problems"] == []
    assert response.get_json()["mapping"] == {"Kürzel": "external_id", "Kunde": "name"}
    assert run(client, draft)["report"]["created"] == 1
    assert account_of(state, "E1") is not None
    again = upload(client, content)
    assert again["mapping"] == {"Kürzel": "external_id", "Kunde": "name"}
    assert {one.get("guessed_by") for one in again["columns"]} == {"former", None}


@pytest.mark.parametrize(
    ("mapping", "where", "code"),
    [
        ({"Nmae": "name"}, "/mapping/Nmae", "UNKNOWN_COLUMN"),
        ({"Firma": "nmae"}, "/mapping/Firma", "UNKNOWN_FIELD"),
        ({"Firma": "name", "Ort": "name"}, "/mapping/Ort", "FIELD_TWICE"),
        ({"Firma": 1}, "/mapping/Firma", "WRONG_TYPE"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    client: FlaskClient, mapping: Body, where: str, code: str
) -> None:
    link = upload(client)["links"]["self"]
    for response in (
        client.put(f"{link}/mapping", json={"mapping": mapping}),
        client.post(f"{link}/runs", json={"mapping": mapping}),
    ):
        assert_problem(response, 422, "INVALID_REQUEST", where, code)


def test_swapped_coordinates_are_refused_with_a_fix_unless_they_are_meant(
    client: FlaskClient, state: AppState
) -> None:
    content = "Nr;Name;Lon;Lat\n1;a;51.1;9.1\n2;b;51.2;9.2\n"
    draft = upload(client, content)
    (problem,) = draft["problems"]
    assert (problem["code"], problem["severity"]) == ("SWAPPED_COORDINATES", "error")
    assert problem["fix"] == {"Lon": "lat", "Lat": "lon"}
    where = f"{draft['links']['self']}/runs"
    assert_problem(
        client.post(where, json={}), 422, "INVALID_REQUEST", "/mapping/Lon", "SWAPPED_COORDINATES"
    )
    done = run(client, draft, mapping={**draft["mapping"], **problem["fix"]})
    assert done["report"]["positions_given"] == 2
    account = account_of(state, "1")
    assert account is not None
    assert (account.lon, account.lat) == (9.1, 51.1)
    kept = run(client, upload(client, content), mapping=draft["mapping"],
               ignore=["SWAPPED_COORDINATES"])  # fmt: skip
    assert kept["report"]["updated"] == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"%PDF-1.7", "UNSUPPORTED_FILE"),
        (b"Nr;Name\n", "NO_ROWS"),
        (b"Nr;Name;nr\n1;2;3\n", "DUPLICATE_COLUMN"),
        (b"Nr;Name\n" + b"1;a\n" * 250_001, "TOO_MANY_ROWS"),
    ],
)
def test_a_file_that_is_no_table_is_refused(client: FlaskClient, content: bytes, code: str) -> None:
    response = client.post(URL, data=content, content_type="application/octet-stream")
    assert_problem(response, 422, "INVALID_REQUEST", "/file", code)
    assert client.get(URL).get_json()["items"] == []


def test_what_is_wrong_with_an_upload_is_pointed_at(client: FlaskClient) -> None:
    def form(**parts: Any) -> Any:
        return client.post(URL, data=parts, content_type="multipart/form-data")

    file = (io.BytesIO(b"Nr;Name\n1;a\n"), "a.csv")
    assert_problem(form(), 422, "INVALID_REQUEST", "/file", "MISSING")
    assert_problem(form(fiel="x"), 422, "INVALID_REQUEST", "/fiel", "UNKNOWN_KEY")
    assert_problem(form(file=file, options="{"), 400, "INVALID_JSON")
    file = (io.BytesIO(b"Nr;Name\n1;a\n"), "a.csv")
    assert_problem(form(file=file, options="[]"), 422, "INVALID_REQUEST", "/options", "WRONG_TYPE")
    for query, where, code in (
        ("preset=sap", "/preset", "UNKNOWN_VALUE"),
        ("encoding=zip", "/file", "UNKNOWN_ENCODING"),
        ("colour=red", "/colour", "UNKNOWN_KEY"),
        ("header_row=0", "/header_row", "OUT_OF_RANGE"),
    ):
        response = client.post(f"{URL}?{query}", data=b"Nr;Name\n1;a\n")
        assert_problem(response, 422, "INVALID_REQUEST", where, code)


def test_a_file_may_be_larger_than_other_bodies_up_to_its_own_limit(
    state: AppState, client: FlaskClient
) -> None:
    state.settings = replace(state.settings, max_body_bytes=2_000, max_import_bytes=5_000)
    client.application.config["MAX_CONTENT_LENGTH"] = 2_000
    content = b"Nr;Name\n" + b"".join(b"%d;Muster\n" % k for k in range(300))
    assert 2_000 < len(content) < 5_000
    assert client.post(URL, data=content).status_code == 201
    response = client.post(URL, data=content * 2)
    assert_problem(response, 422, "INVALID_REQUEST", "/file", "FILE_TOO_LARGE")
    response = client.post(URL, data=b"x" * (2 << 20))
    assert_problem(response, 413, "BODY_TOO_LARGE")
    link = client.get(URL).get_json()["items"][0]["links"]["self"]
    response = client.put(f"{link}/mapping", json={"mapping": {"Nr": "x" * 3_000}})
    assert_problem(response, 413, "BODY_TOO_LARGE")


def test_imports_are_listed_newest_first_in_pages(client: FlaskClient) -> None:
    ids = [upload(client, name=f"{k}.csv")["import_id"] for k in range(3)]
    first = client.get(f"{URL}?limit=2").get_json()
    rest = client.get(f"{URL}?limit=2&cursor={first['next_cursor']}").get_json()
    assert {item["import_id"] for item in (*first["items"], *rest["items"])} == set(ids)
    assert "next_cursor" not in rest
    assert_problem(client.get(f"{URL}?cursor=i-0"), 422, "INVALID_REQUEST", "/cursor")


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert_problem(client.get(f"{URL}/i-0"), 404, "NOT_FOUND")
    assert_problem(client.delete(f"{URL}/i-0"), 404, "NOT_FOUND")
    assert_problem(client.put(f"{URL}/i-0/mapping", json={"mapping": {}}), 404, "NOT_FOUND")
    assert_problem(client.post(f"{URL}/i-0/runs", json={}), 404, "NOT_FOUND")


def test_a_draft_is_given_up(client: FlaskClient) -> None:
    draft = upload(client)
    assert client.delete(draft["links"]["self"]).get_json()["status"] == "cancelled"
    assert_problem(client.delete(draft["links"]["self"]), 409, "ALREADY_FINISHED")


@pytest.mark.parametrize(("dry_run", "status"), [(False, "cancelled"), (True, "draft")])
def test_an_import_that_waits_is_cancelled(
    idle: FlaskClient, state: AppState, dry_run: bool, status: str
) -> None:
    before = accounts(state)
    draft = upload(idle)
    idle.post(f"{draft['links']['self']}/runs", json={"dry_run": dry_run})
    assert_problem(
        idle.put(f"{draft['links']['self']}/mapping", json={"mapping": {}}),
        409, "IMPORT_NOT_DRAFT",
    )  # fmt: skip
    assert idle.delete(draft["links"]["self"]).get_json()["status"] == status
    assert accounts(state) == before


def test_an_import_is_stopped_while_it_looks_for_addresses(
    client: FlaskClient, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = accounts(state)

    def slowly(world: Any, country: str, addresses: Any, done: Any) -> Any:
        for count in range(10_000):
            done(count)
            time.sleep(0.01)
        raise AssertionError("Nobody stopped it.")

    monkeypatch.setattr(run_import, "locate", slowly)
    draft = upload(client)
    where = draft["links"]["self"]
    client.post(f"{where}/runs", json={})
    deadline = time.monotonic() + 30
    while not (told := client.get(where).get_json().get("progress")) or not told["done"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert told["stage"] == "Looking for addresses"
    assert 0.15 <= told["fraction"] <= 0.9
    assert client.delete(where).get_json()["status"] == "cancelled"
    assert accounts(state) == before


def test_a_failure_is_told_and_writes_nothing(
    client: FlaskClient, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows beyond those that are looked at first show that longitude and latitude are swapped."""
    before = accounts(state)
    empty = "".join(f"{k};x;;\n" for k in range(2_100))
    draft = upload(client, f"Nr;Name;Lon;Lat\n{empty}9999;y;51.1;9.1\n")
    assert draft["problems"] == []
    done = run(client, draft)
    assert done["status"] == "failed"
    assert "seem to be swapped" in done["problem"]["detail"]
    assert accounts(state) == before


def test_an_import_into_another_data_set_fails(client: FlaskClient, state: AppState) -> None:
    draft = upload(client)
    with state.database.session() as session:
        session.get_one(AccountImport, draft["import_id"])
        job = Job(
            id="j-1", dataset_id=state.snapshot().dataset.id + 1, kind="import",
            result_id=draft["import_id"], params={}, created_at=NOW, updated_at=NOW,
            status=JobStatus.QUEUED,
        )  # fmt: skip
    from api.services.errors import DatasetChangedError
    from api.services.progress import Silence

    with pytest.raises(DatasetChangedError):
        run_import.run(state, job, Silence())


def test_imports_of_long_ago_are_forgotten(client: FlaskClient, state: AppState) -> None:
    done = run(client, upload(client))
    month = timedelta(days=30)
    DailyPurge(state.database, lambda: NOW + month, month).when_due()
    assert client.get(done["links"]["self"]).status_code == 200
    later = NOW + month + timedelta(seconds=1)
    DailyPurge(state.database, lambda: later, month).when_due()
    assert_problem(client.get(done["links"]["self"]), 404, "NOT_FOUND")
    assert account_of(state, "K1") is not None
    with state.database.session() as session:
        assert job_store.newest_of(session, state.snapshot().dataset.id, "i-0", "import") is None
