"""The section of accounts: list and map at 24,000, filters, areas, the card."""

import re
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NARROW, PHONE, OpenPage
from tests.browser.driver import MapPage

HITS_DRAWN = """() => {
    const { map } = document.querySelector("[data-panel=map]");
    const layers = ["account-points", "account-clusters"];
    const seen = map.queryRenderedFeatures({ layers });
    const counts = new Map(seen.map(({ id, properties }) =>
        [properties.cluster_id ?? `p${id}`, properties.point_count ?? 1]));
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
}"""


def hits(page: Page) -> Locator:
    return page.locator(".hits")


def total(page: Page) -> int:
    expect(hits(page)).to_have_attribute("aria-busy", "false")
    return int(re.sub(r"\D", "", hits(page).inner_text()))


def toggle(page: Page, words: str) -> None:
    page.locator(".account-fold .toggle", has_text=re.compile(f"^{re.escape(words)}$")).click()


def open_filters(page: Page) -> None:
    page.locator(".account-fold > summary").click()


def drawn_hits(trip: MapPage) -> int:
    trip.wait_for_map()
    return int(trip.page.evaluate(HITS_DRAWN))


def test_the_sections_are_links_and_the_way_back_leads_to_the_plan(open_page: OpenPage) -> None:
    trip = open_page("/?from=Kassel&to=Fulda&days=1")
    page = trip.page
    trip.plan()
    planned = page.url
    page.get_by_role("link", name="Accounts", exact=True).click()
    expect(page.get_by_role("link", name="Accounts", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    assert parse_qs(urlparse(page.url).query) == {"show": ["accounts"]}
    expect(hits(page)).to_have_text("24,000 accounts")
    expect(page.locator(".summary")).to_be_hidden()
    assert trip.page.evaluate("document.querySelector('[data-panel=map]').map.getStyle() !== null")
    page.go_back()
    assert page.url == planned
    expect(page.locator(".summary")).to_be_visible()
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_role("link", name="Trip", exact=True).click()
    assert page.url == planned
    expect(page.locator(".summary")).to_be_visible()
    assert trip.drawn_visits(len(trip.listed_visits())) == trip.listed_visits()


def test_filters_limit_list_and_map_alike_and_stand_in_the_address(open_page: OpenPage) -> None:
    trip = open_page("/?show=accounts")
    page = trip.page
    expect(hits(page)).to_have_text("24,000 accounts")
    assert drawn_hits(trip) == 24_000
    open_filters(page)
    toggle(page, "overdue")
    toggle(page, "€100,000 to 1 M")
    expect(
        page.get_by_role("list", name="Filters that are set").get_by_role("listitem")
    ).to_have_count(2)
    expect(page.locator(".accounts-summary .facts")).to_contain_text("100 %")
    wanted = trip.answer("/accounts?due=red&segment=100k_1m&limit=1")["total"]
    assert 0 < wanted < 24_000
    expect(hits(page)).to_have_text(f"{wanted:,} accounts")
    assert drawn_hits(trip) == wanted
    assert parse_qs(urlparse(page.url).query) == {
        "show": ["accounts"],
        "due": ["red"],
        "segment": ["100k_1m"],
    }
    page.reload()
    expect(hits(page)).to_have_text(f"{wanted:,} accounts")
    page.get_by_role("button", name="Remove the filter Overdue").click()
    more = trip.answer("/accounts?segment=100k_1m&limit=1")["total"]
    expect(hits(page)).to_have_text(f"{more:,} accounts")
    assert drawn_hits(trip) == more


def test_a_name_is_found_on_list_and_map_and_opens_its_card_by_keyboard(
    open_page: OpenPage,
) -> None:
    trip = open_page("/?show=accounts")
    page = trip.page
    search = page.get_by_role("searchbox", name="Search accounts")
    search.fill("augenoptik dresden")
    wanted = trip.answer("/accounts?q=augenoptik%20dresden&limit=1")["total"]
    assert 0 < wanted < 100
    expect(hits(page)).to_have_text(f"{wanted} accounts")
    assert drawn_hits(trip) == wanted
    assert "augenoptik" not in page.url
    first = page.locator(".account-list .item-name").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    card = page.locator(".account-card")
    expect(card.get_by_role("heading", level=2)).to_have_text(name)
    for title in ("Where", "Opening hours", "Visits"):
        expect(card.get_by_role("heading", level=3, name=title, exact=True)).to_be_attached()
    expect(card.get_by_role("link", name="Google Maps")).to_be_attached()
    assert "account=" in page.url
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(first).to_be_focused()
    assert "account=" not in page.url


def test_a_lasso_selects_what_lies_within(open_page: OpenPage) -> None:
    trip = open_page("/?show=accounts&due=red")
    page = trip.page
    trip.wait_for_map()
    page.get_by_role("button", name="Lasso").click()
    page.keyboard.press("Escape")
    expect(page.locator(".drawing-sheet")).to_have_count(0)
    page.get_by_role("button", name="Lasso").click()
    corners = [[9.5, 48], [13, 48], [13, 50], [11.5, 50.4], [9.5, 50]]
    points = [trip.point_of(corner) for corner in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in [*points[1:], points[0]]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()
    expect(page.locator(".accounts-summary")).to_contain_text("In the drawn area")
    found = total(page)
    outline = parse_qs(urlparse(page.url).query)["area"][0].replace("~", ",")
    assert found == trip.answer(f"/accounts?due=red&limit=1&polygon={outline}")["total"]
    box = trip.answer("/accounts?due=red&limit=1&bbox=9.5,48,13,50")["total"]
    assert 0.9 * box < found < 1.2 * box
    page.locator(".accounts-summary summary").click()
    expect(page.locator(".accounts-summary .bars").first).to_contain_text("overdue")
    page.locator(".accounts-summary").get_by_role("button", name="Drop the area").click()
    expect(page.locator(".accounts-summary")).not_to_contain_text("In the drawn area")
    assert total(page) > found


def test_the_colours_say_who_owns_what_is_in_view(open_page: OpenPage) -> None:
    trip = open_page("/?show=accounts")
    page = trip.page
    page.get_by_label("Colour by").select_option("Owner")
    page.evaluate(
        """() => document.querySelector("[data-panel=map]").map
            .jumpTo({ center: [8.68, 50.11], zoom: 11.5 })"""
    )
    rows = page.locator(".legend-levels li")
    expect(rows.first).to_contain_text(re.compile(r"\d"))
    trip.wait_for_map()
    most = rows.first.locator(".legend-name").inner_text()
    listed = [one["name"] for one in trip.answer("/dataset")["reps"]]
    assert len(listed) == 10 or most in listed
    assert parse_qs(urlparse(page.url).query)["colour"] == ["owner"]
    page.get_by_role("button", name="In view").click()
    expect(page.locator(".accounts-summary")).to_contain_text("In the drawn area")
    page.locator(".accounts-summary summary").click()
    expect(page.locator(".accounts-summary .bars").last.locator("li").first).to_contain_text(most)


def test_a_trip_is_planned_with_an_account_from_its_card(open_page: OpenPage) -> None:
    trip = open_page("/?show=accounts&account=17")
    page = trip.page
    card = page.locator(".account-card")
    name = card.get_by_role("heading", level=2).inner_text()
    card.get_by_role("button", name="Plan a trip with it").click()
    expect(page.get_by_role("link", name="Trip", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.locator(".musts .chip", has_text=name)).to_be_visible()
    assert parse_qs(urlparse(page.url).query)["must"] == ["17"]


def test_a_pin_is_moved_by_its_coordinates_the_keys_and_the_map(open_page: OpenPage) -> None:
    trip = open_page()
    far = trip.answer("/accounts?bbox=8.5,54,9,55&limit=1")["items"][0]
    trip.page.goto(f"{trip.service}/?show=accounts&account={far['account_id']}")
    page = trip.page
    card = page.locator(".account-card")
    card.get_by_role("button", name="Move the pin").click()
    editor = page.locator(".pin-editor")
    field = editor.get_by_label("Latitude, longitude")
    lon, lat = far["position"]
    expect(field).to_have_value(f"{lat:.5f}, {lon:.5f}")
    field.fill("somewhere")
    field.press("Enter")
    expect(editor.get_by_role("alert")).to_contain_text("Give latitude and longitude")
    field.fill(f"{lat + 0.01:.5f}, {lon:.5f}")
    field.press("Enter")
    trip.wait_for_map()
    marker = page.locator(".pin-marker")
    marker.focus()
    page.keyboard.press("ArrowRight")
    expect(field).not_to_have_value(f"{lat + 0.01:.5f}, {lon:.5f}")
    wanted = [round(lon - 0.006, 4), round(lat + 0.008, 4)]
    page.mouse.click(*trip.point_of(wanted))
    editor.get_by_role("button", name="Set the pin here").click()
    expect(editor).to_be_hidden()
    expect(card).to_contain_text("Pin set by hand")
    stored = trip.answer(f"/accounts/{far['account_id']}")["location"]
    assert stored["source"] == "hand"
    assert abs(stored["position"][0] - wanted[0]) < 0.001
    assert abs(stored["position"][1] - wanted[1]) < 0.001


def test_a_phone_has_room_for_everything(open_page: OpenPage) -> None:
    for viewport in (PHONE, NARROW):
        trip = open_page("/?show=accounts", viewport=viewport)
        page = trip.page
        expect(hits(page)).to_have_text("24,000 accounts")
        open_filters(page)
        assert trip.has_no_horizontal_scroll()
        page.get_by_role("button", name="Map", exact=True).click()
        trip.wait_for_map()
        page.get_by_role("button", name="In view").click()
        bar = page.locator(".area-bar")
        expect(bar).to_contain_text("24,000 accounts")
        bar.get_by_role("button", name="Show in list").click()
        expect(page.locator(".accounts-summary")).to_be_visible()
        assert trip.has_no_horizontal_scroll()
