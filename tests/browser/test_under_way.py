"""A plan that is there: accepted, planned anew when the day goes wrong, and with another visit."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, NARROW, PHONE, OpenPage
from tests.browser.driver import MapPage

MONDAY = "2026-11-30"


def opened(open_page: OpenPage, place: str = "Dresden", viewport: Any = DESKTOP) -> MapPage:
    """
    A page on a plan of two days around a city, opened by its address.

    Tests that accept have a city of their own, since nobody visits again soon who is promised.
    """
    days = [
        {"date": day, "start": f"{day}T08:00:00+01:00", "end": f"{day}T17:00:00+01:00"}
        for day in (MONDAY, "2026-12-01")
    ]
    trip = open_page(viewport=viewport)
    ends = {"start": {"place": place}, "end": {"place": place}}
    route = posted(trip, "/routes", {**ends, "days": days})
    trip.page.goto(f"{trip.service}/#route={route['route_id']}")
    trip.wait_for_plan()
    expect(standing(trip.page)).to_be_visible()
    return trip


def posted(trip: MapPage, path: str, body: Any = None) -> Any:
    answer = trip.page.request.post(f"{trip.service}/api/v1{path}", data=body)
    assert answer.ok, answer.text()
    return answer.json()


def standing(page: Page) -> Locator:
    return page.locator(".standing")


def visits(route: Any) -> list[Any]:
    return [stop for day in route["days"] for stop in day["stops"] if stop["type"] == "visit"]


def fill_moment(page: Page, time: str, date: str = MONDAY) -> None:
    page.get_by_label("It is now", exact=True).fill(time)
    page.get_by_label("Date of now").fill(date)
    page.get_by_label("Date of now").blur()


def sent_replan(page: Page, button: str = "Plan anew") -> Any:
    with page.expect_request("**/replans") as sent:
        page.get_by_role("button", name=button).first.click()
    return sent.value.post_data_json


def accept(trip: MapPage) -> None:
    trip.page.get_by_role("button", name="Accept the plan").click()
    expect(standing(trip.page)).to_contain_text("Accepted.")


def test_an_accepted_plan_says_so_after_a_reload_too(open_page: OpenPage) -> None:
    trip = opened(open_page, "Rostock")
    page = trip.page
    expect(standing(page)).to_contain_text("Not accepted yet. Accepting promises these visits")
    button = page.get_by_role("button", name="Accept the plan")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".standing-words")).to_be_focused()
    expect(button).to_be_hidden()
    many = len(visits(trip.route()))
    assert many > 1
    expect(page.get_by_role("status")).to_have_text(f"Accepted: {many} visits promised.")
    page.reload()
    expect(standing(page)).to_contain_text("Accepted. These visits are promised")
    (revision,) = trip.answer(f"/routes/{trip.route_id()}/revisions")["items"]
    assert revision["is_accepted"]


def test_a_plan_that_breaks_another_promise_is_refused_beside_the_button(
    open_page: OpenPage,
) -> None:
    week = {"rep_id": "1", "week": "2027-W03"}
    trip = open_page()
    trip.expected = ["409"]
    first = posted(trip, "/routes", week)
    posted(trip, f"/routes/{first['route_id']}/accept")
    second = posted(trip, "/routes", week | {"ignore_commitments": True})
    trip.page.goto(f"{trip.service}/#route={second['route_id']}")
    trip.page.get_by_role("button", name="Accept the plan").click()
    refused = standing(trip.page).get_by_role("alert")
    expect(refused).to_contain_text(f"which route {first['route_id']} has promised")
    expect(standing(trip.page)).to_contain_text("Not accepted yet")


def test_a_plan_that_has_been_overtaken_is_not_accepted_unseen(open_page: OpenPage) -> None:
    trip = opened(open_page)
    trip.expected = ["409"]
    page = trip.page
    posted(trip, f"/routes/{trip.route_id()}/replans", {"now": f"{MONDAY}T10:00:00+01:00"})
    page.get_by_role("button", name="Accept the plan").click()
    expect(standing(page).get_by_role("alert")).not_to_be_empty()
    expect(standing(page)).to_contain_text("Revision 1 of 2.")
    page.get_by_role("button", name="Show the newest plan").click()
    expect(page.locator(".changes")).to_be_visible()
    expect(standing(page).get_by_role("alert")).to_be_empty()
    expect(standing(page)).to_contain_text("Not accepted yet")


def test_what_goes_wrong_is_planned_anew_and_the_plan_before_stays(open_page: OpenPage) -> None:
    trip = opened(open_page, "Bremen")
    page = trip.page
    accept(trip)
    before = visits(trip.route())
    first, second, gone = before[0], before[1], before[3]
    page.get_by_role("button", name="Something changed").click()
    late = page.get_by_label("Running late by")
    expect(late).to_be_focused()
    # The trip is in another week than the clock: it begins with the trip.
    expect(page.get_by_label("Date of now")).to_have_value(MONDAY)
    fill_moment(page, second["departure"][11:16])
    done = page.get_by_role("button", name=f"Done: {first_name(page, 0)}")
    expect(done).to_have_attribute("aria-pressed", "true")
    late.fill("40")
    late.blur()
    still = page.get_by_role("button", name=f"Done: {first_name(page, 1)}")
    expect(still).to_have_attribute("aria-pressed", "false")
    name = first_name(page, 3)
    page.get_by_role("button", name=f"Cancelled: {name}").click()
    urgent = trip.type_account("Add an urgent visit", "28195")
    body = sent_replan(page)
    assert body["late_s"] == 2400
    assert body["done"] == [first["account_id"]]
    assert body["cancelled"] == [gone["account_id"]]
    (asked,) = body["visits"]
    changes = page.locator(".changes")
    expect(changes).to_contain_text("Planned anew")
    out = changes.locator(".change-dropped", has_text=name)
    expect(out).to_contain_text("cancelled")
    expect(out).to_contain_text("tell")
    expect(page.get_by_role("status")).to_contain_text("Planned anew: ")
    route = trip.route()
    assert route["revision"] == 2
    assert asked["account_id"] in {stop["account_id"] for stop in visits(route)}
    expect(page.locator(".stop-visit", has_text=urgent).first).to_contain_text("new")
    expect(page.locator(".stop-visit").first).to_contain_text("done")
    expect(standing(page)).to_contain_text("Changed since it was accepted. Customers still")
    assert trip.listed_visits() == trip.drawn_visits(len(visits(route)))

    changes.get_by_role("button", name="Show the plan before").click()
    expect(standing(page)).to_contain_text("Revision 1 of 2.")
    assert page.url.endswith("&revision=1")
    expect(page.get_by_role("button", name="Something changed")).to_be_hidden()
    expect(page.locator(".stop-visit", has_text=name).first).to_be_visible()
    page.reload()
    expect(standing(page)).to_contain_text("Revision 1 of 2.")
    page.get_by_role("button", name="Show the newest plan").click()
    expect(changes).to_be_visible()
    page.get_by_role("button", name="Accept the change").click()
    expect(standing(page)).to_contain_text("Accepted.")
    listed = trip.answer(f"/routes/{trip.route_id()}/revisions")["items"]
    assert [one["is_accepted"] for one in listed] == [False, True]


def first_name(page: Page, index: int) -> str:
    """Name of a visit of the first day, by its place in the form."""
    return page.locator(".mark-name").nth(index).inner_text()


def test_the_way_back_of_the_browser_leads_to_the_plan_before(open_page: OpenPage) -> None:
    trip = opened(open_page)
    page = trip.page
    page.get_by_role("button", name="Something changed").click()
    page.get_by_role("button", name=f"Cancelled: {first_name(page, 0)}").click()
    sent_replan(page)
    expect(page.locator(".changes")).to_be_visible()
    page.go_back()
    expect(standing(page)).to_contain_text("Revision 1 of 2.")
    expect(page.locator(".changes")).to_be_hidden()
    page.go_forward()
    expect(page.locator(".changes")).to_be_visible()
    page.locator(".revisions summary").click()
    expect(page.locator(".revision-list li")).to_have_count(2)
    page.locator(".revision-list button").first.click()
    expect(standing(page)).to_contain_text("Revision 1 of 2.")


def test_refusals_of_a_replan_stand_at_what_caused_them(open_page: OpenPage) -> None:
    trip = opened(open_page)
    trip.expected = ["422"]
    page = trip.page
    posted(trip, f"/routes/{trip.route_id()}/replans", {"now": f"{MONDAY}T11:00:00+01:00"})
    page.reload()
    page.get_by_role("button", name="Something changed").click()
    now = page.get_by_label("It is now", exact=True)
    expect(now).to_have_value("11:00")
    page.get_by_label("Running late by").fill("-5")
    page.get_by_role("button", name="Plan anew").click()
    expect(page.locator("#task-late-error")).to_contain_text("0 to 1,440")
    expect(page.get_by_label("Running late by")).to_be_focused()
    page.get_by_label("Running late by").fill("5")
    fill_moment(page, "09:00")
    page.get_by_role("combobox", name="You are at").fill("Nirgendwohausen")
    page.get_by_role("button", name="Plan anew").click()
    expect(page.locator("#task-now-error")).to_contain_text("Give a moment from then on.")
    expect(now).to_have_attribute("aria-invalid", "true")
    expect(now).to_be_focused()
    wrong = page.locator("#task-position-error")
    expect(wrong).to_contain_text("There is no place")
    wrong.get_by_role("button").first.click()
    expect(wrong).to_be_empty()
    expect(page.get_by_role("combobox", name="You are at")).not_to_have_value("Nirgendwohausen")
    fill_moment(page, "11:30")
    expect(page.locator("#task-now-error")).to_be_empty()


def test_an_urgent_visit_that_cannot_be_kept_is_told_and_given_up(open_page: OpenPage) -> None:
    trip = opened(open_page)
    page = trip.page
    page.get_by_role("button", name="Something changed").click()
    far = trip.type_account("Add an urgent visit", "Freiburg 79")
    sent_replan(page)
    problem = page.locator(".box-problem")
    expect(problem).to_contain_text("1 must could not be kept")
    expect(problem).to_contain_text(far)
    with page.expect_request("**/replans") as sent:
        page.get_by_role("button", name=f"Give it up: {far}").click()
    assert len(sent.value.post_data_json["cancelled"]) == 1
    expect(problem).to_be_hidden()
    assert trip.route()["revision"] == 3


def test_a_visit_that_was_left_out_is_tried_and_taken(open_page: OpenPage) -> None:
    trip = opened(open_page)
    page = trip.page
    panel = trip.open_tab("Left out")
    panel.locator(".group summary").first.click()
    item = panel.locator(".left-out-item").first
    name = item.locator(".item-name").inner_text()
    with page.expect_response("**/insertions") as answered:
        item.get_by_role("button", name=f"Where would it fit: {name}").click()
    slots = answered.value.json()["slots"]
    assert slots
    trial = page.locator(".trial")
    expect(trial.locator(".trial-name")).to_contain_text(name)
    expect(trial.locator(".trial-name")).to_be_focused()
    expect(trial.locator(".slot")).to_have_count(len(slots))
    chosen = next((k for k, slot in enumerate(slots) if slot["displaced"]), 0)
    slot = trial.locator(".slot").nth(chosen)
    for displaced in slots[chosen]["displaced"]:
        expect(slot).to_contain_text(f"Takes the place of {displaced['name']}")
    expect(slot).to_contain_text(" driving · ")
    slot.get_by_role("button", name=re.compile("^Take the slot")).click()
    expect(page.locator(".change-added", has_text=name)).to_be_visible()
    start = slots[chosen]["service_start"]
    taken = next(
        stop for stop in visits(trip.route()) if stop["account_id"] == asked_account(answered)
    )
    assert start <= taken["service_start"]
    assert taken["why"]["rule"] == "required"
    expect(page.get_by_role("button", name="Make it a must")).to_have_count(0)


def asked_account(answered: Any) -> str:
    return str(answered.value.request.post_data_json["account_id"])


def test_a_visit_is_tried_by_name_and_one_in_the_plan_is_refused_at_the_field(
    open_page: OpenPage,
) -> None:
    trip = opened(open_page)
    trip.expected = ["422"]
    page = trip.page
    opener = page.get_by_role("button", name="Try a visit", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="Customer", exact=True)
    expect(field).to_be_focused()
    planned = page.locator(".stop-visit .stop-name").first.inner_text()
    field.press_sequentially(planned)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#task-account-error")).to_contain_text("The route makes this visit")
    name = trip.type_account("Customer", "Freiburg 79")
    expect(page.locator(".trial-name")).to_contain_text(name)
    expect(page.locator("#task-account-error")).to_be_empty()
    expect(page.locator(".trial-none")).to_have_text("There is no slot for it.")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_plans_of_a_week_are_listed_in_the_form_and_opened(open_page: OpenPage) -> None:
    trip = open_page()
    page = trip.page
    week = {"rep_id": "2", "week": "2027-W05"}
    first = posted(trip, "/routes", week)["route_id"]
    posted(trip, f"/routes/{first}/accept")
    posted(trip, "/routes", week)
    page.goto(f"{trip.service}/?plan=week&rep=2&day=2027-02-03")
    listed = page.locator(".stored-list li")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("accepted · ")
    listed.first.get_by_role("button").click()
    trip.wait_for_plan()
    assert trip.route_id() == first
    expect(standing(page)).to_contain_text("Accepted.")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="The week after").click()
    expect(listed).to_have_count(0)


def test_the_forms_of_a_plan_fit_phones(open_page: OpenPage) -> None:
    for viewport in (PHONE, NARROW):
        trip = opened(open_page, viewport=viewport)
        page = trip.page
        assert trip.has_no_horizontal_scroll()
        page.get_by_role("button", name="Something changed").click()
        for summary in page.locator("#task-change summary").all():
            if summary.locator("xpath=..").get_attribute("open") is None:
                summary.click()
        assert trip.has_no_horizontal_scroll()
        page.get_by_role("button", name=f"Cancelled: {first_name(page, 0)}").click()
        sent_replan(page)
        expect(page.locator(".changes")).to_be_visible()
        assert trip.has_no_horizontal_scroll()
