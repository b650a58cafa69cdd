"""
Pictures for the README, taken of the full sample when they are wanted:

    SCREENSHOTS=1 python -m pytest tests/browser/test_screenshots.py
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, ROOT, OpenPage, is_wanted
from tests.browser.driver import MapPage

FOLDER = ROOT / "docs" / "images"

pytestmark = pytest.mark.skipif(not is_wanted("SCREENSHOTS"), reason="SCREENSHOTS is not set")

Take = Callable[[MapPage, str], Path]


@pytest.fixture
def take() -> Take:
    def take_one(trip: MapPage, name: str) -> Path:
        trip.wait_for_map()
        trip.page.wait_for_timeout(1000)  # Software paints late what has just come into view.
        path = FOLDER / f"{name}.jpg"
        trip.page.screenshot(path=path, type="jpeg", quality=88)
        return path

    FOLDER.mkdir(parents=True, exist_ok=True)
    return take_one


def test_pictures_of_a_desktop(open_page: OpenPage, take: Take) -> None:
    trip = open_page(viewport=DESKTOP)
    page = trip.page
    expect(page.locator(".dataset-facts")).to_contain_text("accounts")
    page.evaluate("document.fonts.ready")
    pictures = [take(trip, "start")]
    page.get_by_role("button", name=re.compile("^Example")).click()
    trip.wait_for_plan()
    page.mouse.move(0, 0)
    pictures.append(take(trip, "plan"))
    visit = page.locator(".stop-visit").nth(2)
    visit.locator("summary").click()
    visit.hover()
    pictures.append(take(trip, "why"))
    trip.open_tab("Left out").locator(".group summary").first.click()
    pictures.append(take(trip, "left-out"))
    trip.open_tab("On the way").locator(".item-name").nth(1).click()
    expect(page.locator(".account-card .card-rows")).to_be_visible()
    pictures.append(take(trip, "on-the-way"))
    assert all(picture.stat().st_size > 20_000 for picture in pictures)


def test_picture_of_a_replan(open_page: OpenPage, take: Take) -> None:
    trip = open_page("/?plan=week&rep=12&day=2026-11-30")
    page = trip.page
    page.get_by_role("button", name="Hide this note").click()
    page.get_by_role("button", name="Plan the week").click()
    trip.wait_for_plan()
    page.get_by_role("button", name="Accept the plan").click()
    page.get_by_role("button", name="Something changed").click()
    page.get_by_label("It is now", exact=True).fill("10:40")
    page.get_by_label("Running late by").fill("25")
    page.get_by_role("button", name="Plan anew").click()
    expect(page.locator(".changes")).to_be_visible()
    page.mouse.move(0, 0)
    assert take(trip, "replan").stat().st_size > 20_000


def test_picture_of_streets(open_streets: OpenPage, take: Take) -> None:
    trip = open_streets(viewport=DESKTOP)
    trip.page.get_by_role("button", name="Hide this note").click()
    trip.page.get_by_role("button", name=re.compile("^Example")).click()
    trip.wait_for_plan()
    trip.page.mouse.move(0, 0)
    assert take(trip, "streets").stat().st_size > 20_000


def test_pictures_of_a_phone(open_page: OpenPage, take: Take) -> None:
    trip = open_page(viewport=PHONE)
    page = trip.page
    page.get_by_role("button", name="Hide this note").click()
    page.get_by_role("button", name=re.compile("^Example")).click()
    trip.wait_for_plan()
    pictures = [take(trip, "phone-list")]
    page.get_by_role("button", name="Map", exact=True).click()
    pictures.append(take(trip, "phone-map"))
    assert all(picture.stat().st_size > 20_000 for picture in pictures)
