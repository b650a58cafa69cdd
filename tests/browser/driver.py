"""What a user does with the page, in one word each."""

import json
import re
import time
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page, expect

PATIENCE_S = 60
"""Long, since the tests of a busy machine share two cores with the service and the drawing."""

MAP_IS_QUIET = """() => {
    const { map } = document.querySelector("[data-panel=map]");
    return Boolean(map && map.loaded() && map.areTilesLoaded() && !map.isMoving());
}"""

STOPS_DRAWN = """() => {
    const { map } = document.querySelector("[data-panel=map]");
    const drawn = map.queryRenderedFeatures({ layers: ["stops"] });
    return [...new Map(drawn.map(({ properties }) => [properties.key, properties])).values()];
}"""


class MapPage:
    """
    The page, open in a browser.

    Parameters
    ----------
    page
        Of Playwright.
    service
        Address of the service.
    """

    def __init__(self, page: Page, service: str) -> None:
        self.page = page
        self.service = service
        self.expected: list[str] = []

    def answer(self, path: str) -> Any:
        """What the service answers to a GET."""
        with urllib.request.urlopen(f"{self.service}/api/v1{path}", timeout=60) as answer:
            return json.load(answer)

    def wait_for_map(self) -> None:
        """
        Until the map has drawn everything.

        Asked again and again from here: waiting inside the page would need eval, which the
        content policy forbids.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(MAP_IS_QUIET):
            assert time.monotonic() < deadline, "The map does not come to rest."
            time.sleep(0.05)
        self.page.wait_for_timeout(200)

    def type_place(self, field: str, text: str) -> None:
        """Type into a place field and take the first suggestion with the keyboard."""
        box = self.page.get_by_role("combobox", name=field, exact=True)
        box.fill("")
        box.press_sequentially(text)
        expect(self.page.get_by_role("option").first).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_attribute("aria-expanded", "false")

    def fill_trip(self, start: str = "Kassel", end: str = "München") -> None:
        self.type_place("From", start)
        self.type_place("To", end)

    def fold(self, title: str) -> Locator:
        """The line of a group of the form: its title and what it is set to."""
        name = self.page.locator(".fold-title", has_text=re.compile(f"^{title}$"))
        return self.page.locator(".folds > .fold > summary").filter(has=name)

    def plan(self) -> None:
        self.page.get_by_role("button", name="Plan the trip").click()
        self.wait_for_plan()

    def wait_for_plan(self) -> None:
        expect(self.page.locator(".progress")).to_be_hidden()
        expect(self.page.locator(".summary")).to_be_visible()

    def open_tab(self, name: str) -> Locator:
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def route(self) -> Any:
        """The route that the address names, from the service."""
        return self.answer(f"/routes/{self.route_id()}")

    def route_id(self) -> str:
        return self.page.url.rpartition("#route=")[2].partition("&")[0]

    def type_account(self, field: str, text: str) -> str:
        """Type into a field of customers, take the first suggestion, and say its name."""
        box = self.page.get_by_role("combobox", name=field, exact=True)
        box.press_sequentially(text)
        option = self.page.get_by_role("option").first
        expect(option).to_be_visible()
        name = option.locator(".option-name").inner_text()
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value("")
        return name

    def listed_visits(self) -> list[str]:
        """Numbers of the visits in the list."""
        marks = self.page.locator(".stop-visit .stop-mark").all_text_contents()
        return [mark.split()[-1] for mark in marks]

    def drawn_visits(self, wanted: int) -> list[str]:
        """Numbers of the visits on the map, in order, once there are as many as wanted."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.wait_for_map()
            labels = [stop["label"] for stop in self.page.evaluate(STOPS_DRAWN)]
            numbers = sorted((label for label in labels if label), key=int)
            if len(numbers) == wanted or time.monotonic() > deadline:
                return numbers

    def point_of(self, position: list[float]) -> tuple[float, float]:
        """Where a position lies on the screen."""
        x, y = self.page.evaluate(
            """position => {
                const el = document.querySelector("[data-panel=map]");
                const box = el.getBoundingClientRect();
                const { x, y } = el.map.project(position);
                return [box.x + x, box.y + y];
            }""",
            position,
        )
        return x, y

    def has_no_horizontal_scroll(self) -> bool:
        return bool(
            self.page.evaluate(
                """() => [document.documentElement, document.querySelector(".sidebar")]
                    .every(element => element.scrollWidth <= element.clientWidth)"""
            )
        )
