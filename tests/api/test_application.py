"""What holds for every answer, and while the service is loading."""

import logging
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.application import content_policy
from api.services.errors import NotReadyError
from api.settings import Settings
from api.state import AppState
from api.world import World
from data.database import Database
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, fill, small_world


@pytest.mark.parametrize("url", ["/", "/docs", "/healthz", "/api/v1/dataset", "/nothing"])
def test_every_answer_keeps_third_parties_out(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "worker-src 'self' blob:" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_another_basemap_opens_the_policy_for_its_tiles_only() -> None:
    policy = content_policy("https://tiles.example/style.json")
    assert "connect-src 'self' https:" in policy
    assert "script-src 'self' 'nonce-{nonce}'" in policy


def test_the_page_and_the_documentation_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    for url in ("/", "/docs"):
        html = client.get(url).get_data(as_text=True)
        for attribute in ('src="http', 'href="http', 'src="//', "@import", "url(http"):
            assert attribute not in html


def test_inline_scripts_of_the_page_carry_the_nonce(client: FlaskClient) -> None:
    response = client.get("/")
    html = response.get_data(as_text=True)
    nonce = response.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    inline = [part for part in html.split("<script")[1:] if "src=" not in part.split(">")[0]]
    assert inline
    assert all(f'nonce="{nonce}"' in part.split(">")[0] for part in inline)


def test_health_names_the_data(client: FlaskClient) -> None:
    body = client.get("/healthz").get_json()
    assert body["status"] == "ok"
    assert body["data_version"].startswith("grid-1.")


@pytest.fixture
def loading(tmp_path: Path) -> AppState:
    """A service whose roads are not loaded yet, with an empty database."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    database.upgrade()
    return AppState(Settings(instance_dir=tmp_path), database, clock=lambda: NOW)


def test_a_service_that_loads_says_to_come_again(loading: AppState) -> None:
    client = create_app(loading).test_client()
    for url in ("/healthz", "/api/v1/accounts", "/api/v1/places?q=a", "/basemap/roads.geojson"):
        response = client.get(url)
        assert_problem(response, 503, "NOT_READY")
        assert int(response.headers["Retry-After"]) > 0


def test_a_service_without_accounts_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    database.upgrade()
    state = AppState(
        Settings(instance_dir=tmp_path), database, lambda name: small_world(), lambda: NOW
    )
    with pytest.raises(NotReadyError, match="no accounts"):
        state.load()
    body = assert_problem(create_app(state).test_client().get("/healthz"), 503, "NOT_READY")
    assert "no accounts" in body["detail"]
    database.dispose()


def test_loading_that_fails_is_logged_and_not_told(
    loading: AppState, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(map_name: str | None) -> World:
        raise RuntimeError("secret path")

    fill(loading.database)
    loading = AppState(loading.settings, loading.database, fail, lambda: NOW)
    loading.load_in_background()
    for thread in threading.enumerate():
        if thread.name == "load":
            thread.join(10)
    body = assert_problem(create_app(loading).test_client().get("/healthz"), 503, "NOT_READY")
    assert "secret" not in str(body)
    assert "secret path" in caplog.text


def test_a_fault_of_ours_is_logged_and_not_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("secret password")

    monkeypatch.setattr("api.services.dataset.dataset", fail)
    with caplog.at_level(logging.ERROR):
        body = assert_problem(app.test_client().get("/api/v1/dataset"), 500, "INTERNAL_ERROR")
    assert "secret" not in str(body)
    assert "secret password" in caplog.text


def test_an_answer_that_breaks_its_own_model_is_our_fault(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong answer must not look like a wrong request."""
    monkeypatch.setattr("api.services.dataset._items", lambda snapshot: "no list of reps")
    assert_problem(app.test_client().get("/api/v1/reps"), 500, "INTERNAL_ERROR")


def test_long_answers_are_compressed_for_those_who_take_it(client: FlaskClient) -> None:
    zipped = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert len(zipped.data) < len(plain.data)
    assert "Content-Encoding" not in plain.headers
