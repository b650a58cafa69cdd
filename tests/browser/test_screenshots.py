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
    expect(page.locator(".account-card .card-rows").first).to_be_visible()
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


def test_picture_of_insights(open_page: OpenPage, take: Take) -> None:
    trip = open_page("/?show=insights&tab=matrix", viewport=DESKTOP)
    trip.page.get_by_role("button", name="Hide this note").click()
    expect(trip.page.get_by_role("heading", name=re.compile("to the phone"))).to_be_visible()
    trip.page.mouse.move(0, 0)
    assert take(trip, "insights").stat().st_size > 20_000


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


def test_pictures_of_accounts(open_page: OpenPage, take: Take) -> None:
    area = "area=9.8~47.6~10.5~47.5~12.9~47.6~13.6~48.6~12.4~50.2~10.5~50.3~9.6~49.6"
    trip = open_page(f"/?show=accounts&due=red&{area}", viewport=DESKTOP)
    page = trip.page
    page.get_by_role("button", name="Hide this note").click()
    expect(page.locator(".accounts-summary")).to_contain_text("In the drawn area")
    page.locator(".account-list .item-name").first.click()
    expect(page.locator(".account-card .card-rows").first).to_be_visible()
    page.mouse.move(0, 0)
    assert take(trip, "accounts").stat().st_size > 20_000


def test_pictures_of_an_import_and_its_doubtful_pins(
    open_streets: OpenPage, take: Take, tmp_path: Path
) -> None:
    trip = open_streets("/?show=accounts&tab=import", viewport=DESKTOP)
    page = trip.page
    page.get_by_role("button", name="Hide this note").click()
    rows = [
        "Customer no;Company;Street;Postcode;City;Potential",
        "1;Hillside Nurseries;Church Lane 4;;Oakham;125.000,00",
        "2;Vale Engineering;Main St;;Oakham;48.500,00",
        "3;Castle Dental;10 High Street;LE15 6AL;Oakham;9.900,00",
        "4;Rutland Press;The Green;;Rutland;310.000,00",
        "5;Water View Hotel;1 Nowhere Lane;;Empingham;75.000,00",
    ]
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(rows))
    page.locator("#import-file").set_input_files(str(file))
    expect(page.get_by_role("button", name="Check only")).to_be_enabled()
    page.mouse.move(0, 0)
    pictures = [take(trip, "import")]
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="See the accounts")).to_be_visible()
    page.get_by_role("tab", name="Doubtful pins").click()
    page.locator("#panel-pins .row-issue", has_text="to choose from").first.locator(
        "xpath=ancestor::li"
    ).locator(".item-name").click()
    expect(page.locator(".pin-editor")).to_be_visible()
    page.mouse.move(0, 0)
    pictures.append(take(trip, "pins"))
    assert all(picture.stat().st_size > 20_000 for picture in pictures)
