"""The page from form to plan, in a real browser against the real service."""

import re
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

from tests.browser.conftest import NARROW, PHONE, OpenPage
from tests.browser.driver import MapPage

PLANNED = "/?from=Kassel&to=München&days=3"
"""A trip in the address: one click from its plan."""


def planned(open_page: OpenPage, path: str = PLANNED, **options: Any) -> MapPage:
    trip = open_page(path, **options)
    trip.plan()
    return trip


def test_a_trip_is_planned_from_the_form(open_page: OpenPage) -> None:
    trip = open_page()
    page = trip.page
    expect(page.locator(".dataset-facts")).to_contain_text("24,000 accounts")
    expect(page.locator(".dataset-note")).to_contain_text("invented")
    trip.fill_trip()
    trip.plan()
    route = trip.route()
    visits = route["totals"]["visits"]
    assert visits > 0
    expect(page.locator(".stop-visit")).to_have_count(visits)
    expect(page.get_by_role("heading", level=3)).to_have_count(3)
    expect(page.locator(".summary")).to_contain_text("net value above the direct trip")
    expect(page.get_by_role("status")).to_contain_text("The plan is ready")


def test_list_and_map_show_the_same_visits(open_page: OpenPage) -> None:
    trip = planned(open_page)
    listed = trip.listed_visits()
    assert listed == [str(number + 1) for number in range(len(listed))]
    assert trip.drawn_visits(len(listed)) == listed


def test_everybody_is_in_the_plan_or_left_out_with_a_reason(open_page: OpenPage) -> None:
    trip = planned(open_page)
    panel = trip.open_tab("Left out")
    counts = [
        int(text.replace(",", "")) for text in panel.locator(".group-count").all_inner_texts()
    ]
    accounts = trip.answer("/dataset")["account_count"]
    assert sum(counts) + len(trip.listed_visits()) == accounts


def test_pointing_at_the_list_marks_the_map_and_a_click_on_the_map_finds_the_list(
    open_page: OpenPage,
) -> None:
    trip = planned(open_page)
    page = trip.page
    stop = page.locator(".stop-visit").last
    stop.hover()
    expect(stop).to_have_class(re.compile("is-highlighted"))
    trip.wait_for_map()
    marked = page.evaluate(
        """() => document.querySelector("[data-panel=map]").map
            .queryRenderedFeatures({ layers: ["highlight"] }).length"""
    )
    assert marked == 1
    first = next(s for s in trip.route()["days"][0]["stops"] if s["type"] == "visit")
    page.mouse.click(*trip.point_of(first["location"]))
    selected = page.locator(".stop.is-selected")
    expect(selected).to_have_count(1)
    expect(selected).to_be_in_viewport()


def test_why_a_visit_was_chosen_can_be_unfolded(open_page: OpenPage) -> None:
    trip = planned(open_page)
    visit = trip.page.locator(".stop-visit").first
    visit.locator("summary").click()
    for words in ("Prize: visit value × due factor", "Added cost", "Net", "Rank by prize"):
        expect(visit.locator(".why-rows")).to_contain_text(words)
    link = visit.get_by_role("link", name="Google Maps")
    expect(link).to_have_attribute("href", re.compile(r"^https://www\.google\.com/maps/dir/"))


def test_making_it_a_must_replans_with_it(open_page: OpenPage) -> None:
    trip = planned(open_page)
    page, before = trip.page, trip.page.url
    panel = trip.open_tab("Left out")
    group = panel.locator(".group").filter(has=page.locator(".left-out-item")).first
    panel.locator("[data-code=DISPLACED_BY_HIGHER_VALUE], [data-code=NO_TIME_LEFT]").first.locator(
        "summary"
    ).click()
    item = group.locator(".left-out-item").first
    name = item.locator(".item-name").inner_text()
    item.get_by_role("button", name="Make it a must").click()
    trip.wait_for_plan()
    assert page.url != before
    musts = parse_qs(urlparse(page.url).query)["must"]
    stops = [stop for day in trip.route()["days"] for stop in day["stops"]]
    required = [s for s in stops if s.get("why", {}).get("rule") == "required"]
    assert [stop["account_id"] for stop in required] == musts
    expect(page.locator(".stop-visit", has_text=name).first).to_contain_text("must")

    page.get_by_role("button", name="Change", exact=True).click()
    chip = page.locator(".musts .chip", has_text=name)
    expect(chip).to_be_visible()
    chip.get_by_role("button", name=f"No longer a must: {name}").click()
    expect(page.locator(".musts")).to_be_hidden()


def test_a_must_that_cannot_be_kept_is_shown_and_can_be_dropped(open_page: OpenPage) -> None:
    trip = open_page()
    far = trip.answer("/accounts?bbox=8.5,54,11,55&limit=1")["items"][0]
    path = f"/?from=Kassel&to=München&days=1&must={far['account_id']}"
    trip = planned(open_page, path)
    warning = trip.page.locator(".box-problem")
    expect(warning).to_contain_text("1 must could not be kept")
    expect(warning).to_contain_text(far["name"])
    warning.get_by_role("button", name="No longer a must").click()
    expect(trip.page.locator(".trip-bar-facts")).not_to_contain_text("must")


def test_a_run_by_keyboard_alone(open_page: OpenPage) -> None:
    trip = open_page()
    page = trip.page
    keys = page.keyboard
    expect(page.locator(".dataset-facts")).to_contain_text("accounts")
    keys.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the trip")
    keys.press("Enter")
    keys.press("Tab")
    expect(page.locator(":focus")).to_have_value("trip")
    keys.press("Tab")
    for text in ("Kass", "Münch"):
        expect(page.locator(":focus")).to_have_attribute("role", "combobox")
        keys.type(text)
        expect(page.get_by_role("option").first).to_be_visible()
        keys.press("ArrowDown")
        expect(page.locator("[aria-selected=true][role=option]")).to_have_count(1)
        keys.press("Enter")
        expect(page.get_by_role("option").first).to_be_hidden()
        keys.press("Tab")
        if text == "Kass":
            expect(page.locator(":focus")).to_have_attribute("aria-label", "Swap from and to")
            keys.press("Tab")
    page.locator("#to").focus()
    keys.press("Enter")  # sends the form
    trip.wait_for_plan()
    expect(page.locator(":focus")).to_have_text("The plan")
    for name in ("Accept the plan", "Something changed", "Try a visit"):
        keys.press("Tab")
        expect(page.locator(":focus")).to_have_text(name)
    keys.press("Tab")
    expect(page.locator(":focus")).to_have_class(re.compile("stop-name"))
    expect(page.locator(".stop.is-highlighted")).to_have_count(1)

    page.get_by_role("tab", name="Plan").focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Left out")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Left out")).to_be_visible()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".group").first).to_have_attribute("open", "")


def test_who_chooses_a_suggestion_is_not_disturbed_by_later_ones(open_page: OpenPage) -> None:
    page = open_page().page
    field = page.get_by_label("From", exact=True)
    field.press_sequentially("Kass")
    expect(page.get_by_role("option").first).to_be_visible()
    page.route("**/places?q=Kasse&*", lambda _: None)  # the answer never comes
    with page.expect_request("**/places?q=Kasse&*"):
        field.press_sequentially("e")
    with page.expect_event("requestfailed"):
        page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true][role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("Kassel"))


def test_an_unknown_city_is_told_beside_its_field_with_suggestions(open_page: OpenPage) -> None:
    trip = open_page("/?from=Kasssel&to=Berlinn&days=2")
    page = trip.page
    page.get_by_role("button", name="Plan the trip").click()
    start = page.locator('[data-field="from"]')
    expect(start.locator(".field-error p")).to_contain_text("Kasssel")
    expect(start.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(start.locator("input")).to_be_focused()
    page.locator('[data-field="to"]').get_by_role("button", name=re.compile("^Berlin")).click()
    start.get_by_role("button", name=re.compile("^Kassel")).click()
    trip.plan()


def test_an_empty_form_says_what_is_missing(open_page: OpenPage) -> None:
    trip = open_page()
    trip.page.get_by_role("button", name="Plan the trip").click()
    expect(trip.page.locator("#from-error")).to_contain_text("where the trip starts")
    expect(trip.page.locator("#from")).to_be_focused()


def test_an_ambiguous_city_is_told_and_another_can_be_taken(open_page: OpenPage) -> None:
    trip = planned(open_page, "/?from=Neustadt&to=Kassel&days=1")
    notice = trip.page.locator(".box-notice").first
    other = notice.get_by_role("button").first
    name = other.inner_text()
    other.click()
    expect(trip.page.locator(".trip-bar-ends")).to_contain_text(name)


def test_a_lost_connection_keeps_the_form(open_page: OpenPage) -> None:
    trip = open_page(PLANNED)
    page = trip.page
    trip.expected += ["net::ERR_FAILED"]
    page.route("**/api/v1/routes", lambda route: route.abort())
    page.get_by_role("button", name="Plan the trip").click()
    expect(page.locator(".lost")).to_contain_text("connection to the service is lost")
    expect(page.locator("#from")).to_have_value("Kassel")
    page.unroute("**/api/v1/routes")
    page.get_by_role("button", name="Try again").click()
    trip.wait_for_plan()
    expect(page.locator(".lost")).to_be_empty()


def test_planning_shows_its_progress_and_can_be_cancelled(open_page: OpenPage) -> None:
    trip = open_page(f"{PLANNED}&shortlist=1000")
    page = trip.page

    def hold_back(route: Any) -> None:
        body = route.request.post_data_json
        body["options"] |= {"iterations": 3_000_000, "time_limit_s": 60}
        route.continue_(post_data=body)

    page.route("**/api/v1/routes", hold_back)
    page.get_by_role("button", name="Plan the trip").click()
    expect(page.locator(".progress-value")).to_contain_text("€")
    expect(page.locator(".progress-visits")).to_contain_text("best value so far")
    expect(page.locator(".stage").first).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_focused()
    cancel.click()
    expect(page.locator(".progress")).to_be_hidden()
    expect(page.get_by_role("button", name="Plan the trip")).to_be_enabled()
    expect(page.get_by_role("status")).to_have_text("Planning was cancelled.")


def test_a_plan_is_opened_again_by_its_address_and_by_going_back(open_page: OpenPage) -> None:
    trip = planned(open_page)
    first, visits = trip.page.url, trip.listed_visits()
    again = open_page(first.removeprefix(trip.service))
    again.wait_for_plan()
    assert again.listed_visits() == visits
    bare = open_page("/" + first[first.index("#") :])
    bare.wait_for_plan()
    expect(bare.page.locator(".trip-bar-ends")).to_contain_text("Kassel")

    again.page.get_by_role("button", name="Change", exact=True).click()
    again.page.locator("#dayCount").fill("1")
    again.plan()
    expect(again.page.locator(".day")).to_have_count(1)
    again.page.go_back()
    expect(again.page.locator(".day")).to_have_count(3)
    assert again.page.url == first


def ask_without_waiting(trip: MapPage, **changes: Any) -> str:
    """Id of a route that some other program has asked for."""
    day = {"date": "2027-03-01", "start": "2027-03-01T08:00:00+01:00"}
    request = {
        "start": {"place": "Kassel"},
        "end": {"place": "Göttingen"},
        "days": [{**day, "end": "2027-03-01T18:00:00+01:00"}],
        **changes,
    }
    answer = trip.page.request.post(
        f"{trip.service}/api/v1/routes", data=request, headers={"Prefer": "respond-async"}
    )
    assert answer.status == 202
    return str(answer.json()["route_id"])


def test_a_plan_that_is_still_being_made_is_shown_when_it_is_ready(open_page: OpenPage) -> None:
    options = {"iterations": 10_000_000, "time_limit_s": 3}
    route_id = ask_without_waiting(open_page(), options=options)
    trip = open_page(f"/#route={route_id}")
    trip.wait_for_plan()
    expect(trip.page.locator(".trip-bar-ends")).to_contain_text("Göttingen")


def test_a_trip_that_could_not_be_planned_says_why(open_page: OpenPage) -> None:
    route_id = ask_without_waiting(open_page(), end={"place": "Göttingn"})
    trip = open_page(f"/#route={route_id}")
    expect(trip.page.locator("#trip")).to_contain_text("Göttingn")


def test_customers_on_the_way_are_listed_and_drawn_before_any_plan(open_page: OpenPage) -> None:
    trip = open_page(PLANNED)
    page = trip.page
    panel = trip.open_tab("On the way")
    expect(panel.locator(".way-item").first).to_be_visible()
    expect(panel.locator(".list-facts")).to_contain_text("of 24,000 accounts")
    panel.get_by_label("Sort by").select_option("detour")
    path = "/on-the-way?from=Kassel&to=M%C3%BCnchen&sort=detour&limit=1"
    nearest = trip.answer(path)["items"][0]
    expect(panel.locator(".way-item").first).to_contain_text(nearest["name"])
    trip.wait_for_map()
    shown = page.evaluate(
        """() => document.querySelector("[data-panel=map]").map
            .querySourceFeatures("on-the-way").length"""
    )
    assert shown > 0
    panel.get_by_role("button", name="Make it a must").first.click()
    expect(page.locator(".musts .chip")).to_contain_text(nearest["name"])


def test_the_rest_of_a_group_is_looked_up_on_request(open_page: OpenPage) -> None:
    trip = planned(open_page)
    panel = trip.open_tab("Left out")
    group = panel.locator("[data-code=EXCEEDS_MAX_DETOUR]")
    group.locator("summary").click()
    group.get_by_role("button", name="Look up").click()
    item = group.locator(".left-out-item").first
    expect(item).to_contain_text("Alone it adds")
    item.locator(".item-name").click()
    card = trip.page.locator(".account-card")
    expect(card).to_contain_text("Why it is not in the plan")
    trip.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(item.locator(".item-name")).to_be_focused()


def test_a_click_on_the_map_shows_an_account(open_page: OpenPage) -> None:
    trip = open_page()
    account = trip.answer("/accounts?limit=1")["items"][0]
    trip.wait_for_map()
    trip.page.evaluate(
        """at => {
            document.querySelector("[data-panel=map]").map.jumpTo({ center: at, zoom: 16.5 });
        }""",
        account["position"],
    )
    trip.wait_for_map()
    trip.page.mouse.click(*trip.point_of(account["position"]))
    card = trip.page.locator(".account-card")
    expect(card.get_by_role("heading", level=2)).to_have_text(account["name"])
    expect(card).to_contain_text("Potential a year")


def test_options_reach_the_service(open_page: OpenPage) -> None:
    trip = open_page(PLANNED)
    page = trip.page
    trip.fold("Limits").click()
    page.get_by_label("Most detour per account").fill("20")
    trip.fold("Nights away").click()
    page.get_by_label("Nights away are fine").uncheck()
    trip.fold("Costs and search").click()
    page.get_by_text("Prize alone").click()
    trip.fold("Day by day").click()
    page.get_by_label("End of day 2").fill("12:00")
    with page.expect_request("**/api/v1/routes") as sent:
        page.get_by_role("button", name="Plan the trip").click()
    body = sent.value.post_data_json
    assert body["limits"] == {"max_detour_per_visit_s": 1200}
    assert body["overnight"] == {"allowed": False}
    assert body["options"]["objective"] == "prize"
    assert [day["end"][10:16] for day in body["days"]] == ["T18:00", "T12:00", "T18:00"]


def test_the_sources_are_always_named(open_page: OpenPage) -> None:
    trip = open_page()
    expect(trip.page.locator(".maplibregl-ctrl-attrib")).to_have_text(
        "© OpenStreetMap contributors, GeoNames, Natural Earth"
    )


def test_the_note_on_the_data_is_dismissed_for_good_and_found_again(open_page: OpenPage) -> None:
    trip = open_page()
    page = trip.page
    page.get_by_role("button", name="Hide this note").click()
    expect(page.locator(".dataset-note")).to_be_hidden()
    chip = page.get_by_role("button", name="Sample data")
    expect(chip).to_be_focused()
    page.reload()
    expect(chip).to_be_visible()
    expect(page.locator(".dataset-note")).to_be_hidden()
    chip.click()
    expect(page.locator(".dataset-note")).to_be_visible()


def test_a_phone_shows_list_or_map_without_scrolling_sideways(open_page: OpenPage) -> None:
    trip = open_page(viewport=PHONE)
    page = trip.page
    trip.fill_trip()
    assert trip.has_no_horizontal_scroll()
    trip.plan()
    assert trip.has_no_horizontal_scroll()
    expect(page.locator(".map-area")).to_be_hidden()
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator(".sidebar")).to_be_hidden()
    listed = trip.listed_visits()
    assert trip.drawn_visits(len(listed)) == listed
    expect(page.locator(".maplibregl-ctrl-attrib")).to_be_visible()
    page.get_by_role("button", name="List", exact=True).click()
    for tab in ("Left out", "On the way"):
        trip.open_tab(tab)
        assert trip.has_no_horizontal_scroll()
    # With all three counts the tabs are widest.
    expect(page.locator(".results .tab-count").last).not_to_be_empty()
    assert trip.has_no_horizontal_scroll()
    page.locator(".way-item .item-name").first.click()
    card = page.locator(".account-card")
    expect(card).to_contain_text("Potential a year")
    card.get_by_role("button", name="Close the account").click()
    expect(card).to_be_hidden()


def test_title_bar_fits_the_narrowest_phones(open_page: OpenPage) -> None:
    trip = open_page(viewport=NARROW)
    chip = trip.page.locator(".chip-note")
    expect(chip).to_be_in_viewport(ratio=1)
    expect(trip.page.locator(".dataset-facts")).to_have_text(re.compile("accounts"))
    assert trip.has_no_horizontal_scroll()


def test_a_phone_turns_to_the_map_for_a_stop_of_the_list_and_back(open_page: OpenPage) -> None:
    trip = planned(open_page, viewport=PHONE)
    page = trip.page
    page.locator(".stop-visit .stop-name").last.click()
    expect(page.locator(".sidebar")).to_be_hidden()
    listed = trip.listed_visits()
    assert trip.drawn_visits(len(listed)) == listed
    first = next(s for s in trip.route()["days"][0]["stops"] if s["type"] == "visit")
    page.mouse.click(*trip.point_of(first["location"]))
    selected = page.locator(".stop.is-selected")
    expect(page.locator(".sidebar")).to_be_visible()
    expect(selected).to_be_in_viewport()
    expect(selected).to_contain_text(first["name"])


def test_the_address_never_holds_a_name(open_page: OpenPage) -> None:
    trip = open_page()
    account = trip.answer("/accounts?limit=1")["items"][0]
    trip = open_page(f"{PLANNED}&must={account['account_id']}")
    expect(trip.page.locator(".musts .chip")).to_contain_text(account["name"])
    trip.page.locator("#dayCount").fill("2")
    trip.page.locator("#dayCount").blur()
    assert f"must={account['account_id']}" in trip.page.url
    assert account["name"].split()[0] not in trip.page.url
