"""Working weeks on the page: reps, breaks, appointments, nights, limits, fixes and the bound."""

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, OpenPage
from tests.browser.driver import STOPS_DRAWN, MapPage

TRIP = "/?from=Kassel&to=München&days=2&day=2026-11-30"
LUNCH = "&lunch=45,11:30-13:30"
FULDA_AT_TEN = "&at=@Fulda~fixed~2026-11-30~10:00~60"


def sent_body(page: Page, button: str) -> Any:
    with page.expect_request("**/api/v1/routes") as sent:
        page.get_by_role("button", name=button).click()
    return sent.value.post_data_json


def stops_of(trip: MapPage, kind: str) -> list[Any]:
    return [stop for day in trip.route()["days"] for stop in day["stops"] if stop["type"] == kind]


def test_the_week_of_a_rep_is_planned_by_rep_and_week_alone(open_page: OpenPage) -> None:
    trip = open_page()
    page = trip.page
    rep = trip.answer("/reps")["items"][0]
    page.get_by_text("Week of a rep").click()
    expect(page.get_by_label("From", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Plan the week").click()
    expect(page.locator("#rep-error")).to_contain_text("Choose the rep")
    expect(page.locator("#rep")).to_be_focused()
    page.get_by_label("Rep", exact=True).select_option(rep["rep_id"])
    page.get_by_label("Week of", exact=True).fill("2026-12-02")
    expect(page.locator(".week-words")).to_contain_text("Week 49")
    page.get_by_role("button", name="The week after").click()
    expect(page.locator(".week-words")).to_contain_text("Mon 7 – Fri 11 Dec")
    body = sent_body(page, "Plan the week")
    assert {key: body[key] for key in ("rep_id", "week")} == {
        "rep_id": rep["rep_id"],
        "week": "2026-W50",
    }
    assert not {"days", "start", "overnight", "limits"} & set(body)
    trip.wait_for_plan()
    expect(page.locator(".trip-bar-ends")).to_have_text(f"{rep['name']}, week 50")
    assert trip.route()["rep_id"] == rep["rep_id"]


def test_breaks_and_appointments_are_stops_of_list_and_map(open_page: OpenPage) -> None:
    trip = open_page(TRIP + LUNCH + FULDA_AT_TEN)
    page = trip.page
    trip.plan()
    breaks = stops_of(trip, "break")
    assert len(breaks) > 0
    pause = page.locator(".stop-break")
    expect(pause).to_have_count(len(breaks))
    expect(pause.first).to_contain_text("Break 45 min")
    appointment = page.locator(".stop-appointment")
    expect(appointment).to_have_count(1)
    expect(appointment).to_contain_text("10:00")
    expect(appointment).to_contain_text("Fulda")
    expect(page.locator(".day .day-times").first).to_contain_text("45 min break")
    expect(page.locator(".legend[data-of=trip]")).to_contain_text("Appointment")
    trip.wait_for_map()
    drawn = [stop["kind"] for stop in page.evaluate(STOPS_DRAWN)]
    assert drawn.count("break") == len(breaks)
    assert drawn.count("appointment") == 1


def test_an_appointment_is_entered_by_keyboard_and_kept(open_page: OpenPage) -> None:
    trip = open_page(TRIP)
    page = trip.page
    summary = trip.fold("Appointments")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add an appointment").focus()
    page.keyboard.press("Enter")
    place = page.get_by_role("combobox", name="Place", exact=True)
    expect(place).to_be_focused()
    page.keyboard.type("Fuld")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("When", exact=True).select_option("within_day")
    expect(page.get_by_label("Starts at", exact=True).first).to_be_hidden()
    page.get_by_label("Length").last.fill("30")
    page.get_by_label("Length").last.blur()
    expect(summary).to_contain_text("Fulda")
    body = sent_body(page, "Plan the trip")
    (sent,) = body["appointments"]
    assert sent["flexibility"] == "within_day"
    assert sent["service_duration_s"] == 1800
    trip.wait_for_plan()
    expect(page.locator(".stop-appointment")).to_have_count(1)
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name=re.compile("^Remove the appointment: Fulda")).click()
    expect(summary).to_contain_text("none")


def test_an_account_on_the_map_becomes_an_appointment(open_page: OpenPage) -> None:
    trip = open_page(TRIP)
    page = trip.page
    panel = trip.open_tab("On the way")
    item = panel.locator(".way-item .item-name").first
    name = item.inner_text()
    item.click()
    page.locator(".account-card").get_by_role("button", name="Add an appointment").click()
    expect(page.locator(".appointment-name")).to_contain_text(name)
    expect(page.get_by_label("When", exact=True)).to_be_focused()


def test_groups_say_what_they_are_set_to_and_only_that_is_sent(open_page: OpenPage) -> None:
    trip = open_page(TRIP)
    page = trip.page
    trip.fold("Lunch break").click()
    page.get_by_label("A break on every day").check()
    trip.fold("Nights away").click()
    page.get_by_label("At most", exact=True).fill("1")
    trip.type_place("Add a preferred place", "Fulda")
    trip.fold("Limits").click()
    page.get_by_label("Most visits a day").fill("5")
    trip.fold("Day by day").click()
    row = page.locator('[data-field="day1"]')
    row.get_by_text("Places and limits").click()
    row.get_by_label("Most driving").fill("4.5")
    row.get_by_label("Most driving").blur()
    for title, words in (
        ("Lunch break", "45 min, starts 11:30–13:30"),
        ("Nights away", "at most 1, 1 preferred place"),
        ("Limits", "5 visits a day"),
        ("Day by day", "1 changed"),
        ("Costs and search", "as usual"),
    ):
        expect(trip.fold(title)).to_contain_text(words)
    body = sent_body(page, "Plan the trip")
    assert body["overnight"]["max_nights"] == 1
    assert len(body["overnight"]["preferred_places"]) == 1
    assert body["limits"] == {"max_visits_per_day": 5}
    assert [day.get("limits") for day in body["days"]] == [None, {"max_drive_s": 16200}]
    assert all(day["breaks"][0]["duration_s"] == 2700 for day in body["days"])
    assert "costs" not in body
    trip.wait_for_plan()
    page.reload()
    trip.wait_for_plan()
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_label("Most visits a day")).to_have_value("5")


def test_a_day_off_is_not_planned(open_page: OpenPage) -> None:
    trip = open_page(TRIP.replace("days=2", "days=3"))
    page = trip.page
    trip.fold("Day by day").click()
    page.get_by_label("Tue 1 Dec").uncheck()
    expect(page.get_by_label("End of day 2")).to_be_hidden()
    trip.plan()
    assert [day["date"] for day in trip.route()["days"]] == ["2026-11-30", "2026-12-02"]
    expect(page.locator(".trip-bar-facts")).to_contain_text("Mon 30 Nov – Wed 2 Dec · 2 days")


def test_a_fix_is_one_tap_that_changes_the_form_and_plans_again(open_page: OpenPage) -> None:
    trip = open_page(TRIP + "&visits=2")
    page = trip.page
    trip.plan()
    before = page.url
    panel = trip.open_tab("Left out")
    panel.locator("[data-code=MAX_VISITS_REACHED] summary").click()
    fix = panel.get_by_role("button", name=re.compile("^Allow 3 visits on")).first
    day = "1" if "30 Nov" in fix.inner_text() else "2"
    fix.click()
    trip.wait_for_plan()
    assert page.url != before
    assert f"visits{day}=3" in page.url
    planned = trip.route()["days"][int(day) - 1]["totals"]["visits"]
    assert planned == 3


def test_an_appointment_that_cannot_be_kept_is_told_and_dropped(open_page: OpenPage) -> None:
    trip = open_page(f"{TRIP}&at=@Hamburg~fixed~2026-11-30~08:10~30")
    page = trip.page
    trip.plan()
    problem = page.locator(".box-problem")
    expect(problem).to_contain_text("1 appointment could not be kept")
    problem.get_by_role("button", name="Drop the appointment").click()
    trip.wait_for_plan()
    expect(problem).to_be_hidden()
    assert "at=" not in page.url


def test_the_proven_bound_appears_on_the_plan_that_is_shown(open_page: OpenPage) -> None:
    """The service is made to say that it is still proving, and then what it has proven."""
    trip = open_page(TRIP)
    page = trip.page
    asked: list[str] = []

    def tell(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        asked.append(body["route_id"])
        proof = {"bound_state": "running"}
        if len(asked) > 2:
            proof = {"bound_state": "proven", "gap": 0.0141, "bound_candidates": 200}
        body["search"] |= proof
        route.fulfill(response=answer, body=json.dumps(body))

    page.route(re.compile(r"/api/v1/routes/[^/.]+$"), tell)
    trip.plan()
    page.reload()
    trip.wait_for_plan()
    bound = page.locator(".summary-bound")
    expect(bound).to_contain_text("Working out")
    name = page.locator(".stop-visit .stop-name").last
    name.focus()
    expect(bound).to_have_text(
        "At most 1.5 % below the best possible (proven among 200 considered)."
    )
    expect(name).to_be_focused()  # The plan was not drawn again.
    told = len(asked)
    page.wait_for_timeout(2500)
    assert len(asked) == told


def test_a_better_plan_that_is_found_meanwhile_takes_the_place_of_the_one_shown(
    open_page: OpenPage,
) -> None:
    """The service is made to find one whose first visit has another name."""
    trip = open_page(TRIP)
    page = trip.page
    asked: list[str] = []

    def tell(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        asked.append(body["route_id"])
        body["search"] |= {"bound_state": "running"}
        if len(asked) > 1:
            body["search"] |= {"bound_state": "proven", "gap": 0.0, "bound_candidates": 200}
            body |= {"revision": 2, "cause": "bound"}
            body["totals"]["net_value"] += 10
            first = next(s for s in body["days"][0]["stops"] if s["type"] == "visit")
            first["name"] = "Better Ltd"
        route.fulfill(response=answer, body=json.dumps(body))

    page.route(re.compile(r"/api/v1/routes/[^/.]+$"), tell)
    trip.plan()
    page.reload()
    trip.wait_for_plan()
    expect(page.locator(".summary-bound")).to_contain_text("The best possible plan")
    expect(page.locator(".stop-visit .stop-name").first).to_have_text("Better Ltd")
    expect(page.locator("[data-panel=announcer]")).to_contain_text("A better plan was found")


def test_the_whole_form_fits_the_narrowest_phones(open_page: OpenPage) -> None:
    week = "/?plan=week&rep=1&own=yes&day=2026-12-02&off2=yes&start1=Fulda"
    trip = open_page(week + LUNCH + FULDA_AT_TEN, viewport=NARROW)
    for summary in trip.page.locator("form .folds > .fold > summary").all():
        summary.click()
    assert trip.has_no_horizontal_scroll()
    trip.page.locator(".mode").get_by_text("Trip").click()
    assert trip.has_no_horizontal_scroll()
