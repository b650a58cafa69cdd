"""Accounts from a file, doubtful pins and duplicates on the page, on streets."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

HEADER = "Customer no;Company;Street;Postcode;City;Revenue;Longitude;Latitude"
ROWS = (
    # Longitude and latitude have changed places, with a comma as some CRMs write them.
    *(
        f"K{number};Müßig <b>Sons</b> {number} Ltd;{number} High Street;LE15 6AL;Oakham;12.500,50;"
        f"52,6{60 + number};-0,7{20 + number}"
        for number in range(12)
    ),
    "K90;No Place Ltd;1 Nowhere Lane;ZZ99 9ZZ;Nowhere;5;;",
    "K91;No Revenue Ltd;2 High Street;LE15 6AL;Oakham;much;;",
    "K92;Müßig <b>Sons</b> 3 Ltd.;3 High Street;LE15 6AL;Oakham;12.500,50;52,663;-0,723",
    "K93;Addressed Ltd;10 High St;LE15 6AL;Oakham;900;;",
)


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes("\r\n".join((HEADER, *ROWS)).encode("cp1252"))
    return path


def test_a_file_is_mended_checked_and_imported_and_its_doubts_are_settled(
    open_streets: OpenPage, customers: Path
) -> None:
    trip = open_streets("/?show=accounts&tab=import")
    page = trip.page
    before = trip.answer("/dataset")["account_count"]
    page.get_by_role("tab", name="List").click()
    expect(page.locator(".hits")).to_have_text(f"{before} accounts")
    page.get_by_role("tab", name="Import").click()
    page.locator("#import-file").set_input_files(str(customers))
    expect(page.get_by_label("What the column Company is", exact=True)).to_have_value("name")
    check = page.get_by_role("button", name="Check only")
    expect(check).to_be_disabled()
    page.get_by_role("button", name="Let them change places").click()
    expect(page.get_by_label("What the column Latitude is")).to_have_value("lon")
    expect(check).to_be_enabled()
    check.click()
    report = page.locator(".import-report")
    expect(report).to_contain_text("Nothing was written yet")
    expect(report.locator("tbody").first).to_contain_text("much")
    expect(report.locator(".import-located")).to_contain_text("Not found")
    assert trip.answer("/dataset")["account_count"] == before
    with page.expect_download() as download:
        report.get_by_role("link", name="Download these rows").click()
    assert "No Revenue" in Path(download.value.path()).read_text("utf-8-sig")
    report.get_by_role("button", name="Import the others").click()
    report.get_by_role("button", name="See the accounts").click()
    expect(page.locator(".hits")).to_have_text(f"{before + 15} accounts")
    page.get_by_role("searchbox").fill("müßig sons")
    expect(page.locator(".hits")).to_have_text("13 accounts")
    # What looks like markup is text.
    expect(page.locator(".account-list .item-name").first).to_contain_text("<b>Sons</b>")

    page.get_by_role("tab", name="Doubtful pins").click()
    page.locator("#panel-pins .item-name", has_text="No Place Ltd").click()
    editor = page.locator(".pin-editor")
    save = editor.get_by_role("button", name="Set the pin here")
    expect(save).to_be_disabled()
    editor.get_by_role("button", name="Start in the middle of the map").click()
    save.click()
    expect(page.locator("#panel-pins .item-name", has_text="No Place Ltd")).to_have_count(0)
    # The next one of the list follows by itself, if there is one.
    stored = trip.answer("/accounts?q=no%20place%20ltd")["items"][0]
    assert stored.get("location_issue") != "LOCATION_MISSING"

    page.get_by_role("tab", name="Duplicates").click()
    pair = page.locator(".pair", has_text="Sons</b> 3 Ltd").first
    pair.get_by_role("button", name="Merge, keep", exact=False).first.click()
    expect(pair).to_contain_text("This cannot be undone")
    pair.get_by_role("button", name="Merge them").click()
    expect(pair).to_have_count(0)
    assert trip.answer(f"/accounts?q={quote('müßig sons')}&limit=1")["total"] == 12


def test_a_file_of_another_kind_is_refused_in_words(open_streets: OpenPage, tmp_path: Path) -> None:
    trip = open_streets("/?show=accounts&tab=import")
    page = trip.page
    trip.expected.append("Failed to load resource")
    picture = tmp_path / "customers.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.locator("#import-file").set_input_files(str(picture))
    expect(page.locator(".import-fault")).to_contain_text("CSV")
    expect(page.get_by_text("Choose a file, or drop it here")).to_be_visible()
