"""A service on the sample, and a browser that may talk to nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.driver import PATIENCE_S, MapPage

ROOT = Path(__file__).resolve().parent.parent.parent

DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=360, height=740)

START_S = 900
"""The first start compiles for minutes where no compiled code is kept yet."""

FLAGS = (
    "--no-sandbox",
    # WebGL by software.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    # Nothing of the browser's own goes out.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


expect.set_options(timeout=1000 * PATIENCE_S)


def is_wanted(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


@pytest.fixture(scope="package")
def chromium() -> str:
    """The system's browser; where it is missing the tests are skipped, or fail if required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "Chromium is missing (apt-get install chromium)"
        if is_wanted("REQUIRE_BROWSER"):
            pytest.fail(f"{reason}, and REQUIRE_BROWSER is set")
        pytest.skip(reason)
    return found


@pytest.fixture(scope="package")
def service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    Address of a service of its own, which searches briefly unless it is for pictures.

    It and the browser end with these tests: a page left open would go on drawing.
    """
    with running_service(tmp_path_factory.mktemp("service")) as url:
        yield url


@pytest.fixture(scope="package")
def streets_service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service on the streets of Rutland, made from the extract as users do."""
    extract = str(ROOT / "data" / "samples" / "rutland.osm.pbf")
    with running_service(tmp_path_factory.mktemp("streets"), TERRITOUR_MAP=extract) as url:
        yield url


@contextmanager
def running_service(folder: Path, **settings: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TERRITOUR_") and name not in ("DATABASE_URL", "HOST", "OSRM_URL")
    }
    environment |= {
        "PORT": str(port),
        "TERRITOUR_INSTANCE_DIR": str(folder / "instance"),
        **({} if is_wanted("SCREENSHOTS") else {"TERRITOUR_ITERATIONS": "2000"}),
        "TERRITOUR_BOUND_S": "0",  # a proof would take the other core from the page
        **settings,
    }
    log = folder / "log"
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + START_S
        while not answers(f"{url}/healthz"):
            assert process.poll() is None, f"The service ended:\n{log.read_text()}"
            assert time.monotonic() < deadline, f"The service does not start:\n{log.read_text()}"
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


OpenPage = Callable[..., MapPage]


@pytest.fixture
def open_page(browser: Browser, service: str) -> Iterator[OpenPage]:
    """
    Opens the page. At the end no page may have complained or asked another host.

    What the test itself provokes, such as a refused request, is listed in `MapPage.expected`.
    """
    with opened_pages(browser, service) as open_one:
        yield open_one


@pytest.fixture
def open_streets(browser: Browser, streets_service: str) -> Iterator[OpenPage]:
    """The same on the streets of Rutland."""
    with opened_pages(browser, streets_service) as open_one:
        yield open_one


@contextmanager
def opened_pages(browser: Browser, service: str) -> Iterator[OpenPage]:
    opened: list[tuple[MapPage, list[str]]] = []

    def open_one(path: str = "/", viewport: ViewportSize = DESKTOP) -> MapPage:
        context = browser.new_context(
            viewport=viewport, locale="en-GB", has_touch=viewport is PHONE, reduced_motion="reduce"
        )
        context.set_default_timeout(1000 * PATIENCE_S)
        page = context.new_page()
        trip = MapPage(page, service)
        opened.append((trip, watch(page, service)))
        page.goto(service + path)
        return trip

    yield open_one
    for trip, complaints in opened:
        trip.page.context.close()
        unexpected = [
            line for line in complaints if not any(part in line for part in trip.expected)
        ]
        assert unexpected == []


def watch(page: Page, service: str) -> list[str]:
    """Collects what must not happen."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"console {message.type}: {message.text}")

    def see(request: Request) -> None:
        if not request.url.startswith((service, "blob:", "data:")):
            complaints.append(f"request to {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("request", see)
    return complaints
