"""The page on a map made from OpenStreetMap."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.driver import MapPage

STREETS_DRAWN = """() => {
    const { map } = document.querySelector("[data-panel=map]");
    const drawn = map.queryRenderedFeatures().filter(({ sourceLayer }) => sourceLayer === "road");
    return [...new Set(drawn.map(({ properties }) => properties.name).filter(Boolean))];
}"""


PLACES_DRAWN = """() => {
    const { map } = document.querySelector("[data-panel=map]");
    const drawn = map.queryRenderedFeatures().filter(({ sourceLayer }) => sourceLayer === "place");
    return drawn.map(({ properties }) => properties.name);
}"""


def plan_example(trip: MapPage) -> None:
    trip.page.get_by_role("button", name="Example: Oakham to Uppingham, Mon").click()
    trip.wait_for_plan()


def test_a_day_from_oakham_to_uppingham_is_planned_in_pounds(open_streets: OpenPage) -> None:
    trip = open_streets(viewport=DESKTOP)
    page = trip.page
    expect(page.locator(".dataset-note")).to_contain_text("Streets and businesses are real")
    plan_example(trip)
    expect(page.locator(".summary-number")).to_contain_text("£")
    visits = trip.listed_visits()
    assert len(visits) >= 5
    assert trip.drawn_visits(len(visits)) == [str(k + 1) for k in range(len(visits))]


def test_towns_are_named_beside_their_circles_of_accounts(open_streets: OpenPage) -> None:
    trip = open_streets(viewport=DESKTOP)
    trip.wait_for_map()
    assert {"Oakham", "Uppingham"} <= set(trip.page.evaluate(PLACES_DRAWN))


def test_streets_are_drawn_from_tiles_with_their_names(open_streets: OpenPage) -> None:
    trip = open_streets(viewport=DESKTOP)
    trip.wait_for_map()
    trip.page.evaluate(
        """() => document.querySelector("[data-panel=map]").map.jumpTo(
            { center: [-0.7285, 52.6703], zoom: 15 })"""
    )
    trip.wait_for_map()
    assert {"High Street", "South Street"} <= set(trip.page.evaluate(STREETS_DRAWN))
    expect(trip.page.get_by_role("link", name=re.compile("OpenStreetMap"))).to_be_visible()


def test_a_phone_shows_list_and_map_without_scrolling_sideways(open_streets: OpenPage) -> None:
    trip = open_streets(viewport=PHONE)
    plan_example(trip)
    assert trip.has_no_horizontal_scroll()
    trip.page.get_by_role("button", name="Map", exact=True).click()
    visits = trip.listed_visits()
    assert len(trip.drawn_visits(len(visits))) > 0
    assert trip.has_no_horizontal_scroll()
