"""Exceptions from the engagement programme, made on the card of an account."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage


def test_an_exception_made_on_the_card_changes_the_cadence_until_it_is_ended(
    open_page: OpenPage,
) -> None:
    trip = open_page("/?show=accounts&account=2229")
    page = trip.page
    usual = trip.answer("/accounts/2229")["visit_interval_days"]
    page.get_by_text("Make an exception").click()
    page.get_by_label("Days between visits").fill("31.5")
    page.get_by_label("Why").fill("A new branch opens")
    page.get_by_role("button", name="Add the exception").click()
    end = page.get_by_role("button", name="End the exception: A new branch opens")
    expect(end).to_be_visible()
    expect(page.get_by_label("Why")).to_have_value("")
    assert trip.answer("/accounts/2229")["visit_interval_days"] == 31.5
    end.click()
    expect(end).to_have_count(0)
    assert trip.answer("/accounts/2229")["visit_interval_days"] == usual


def test_an_exception_that_says_nothing_is_refused_with_the_reason(open_page: OpenPage) -> None:
    trip = open_page("/?show=accounts&account=2229")
    trip.expected.append("422")
    page = trip.page
    page.get_by_text("Make an exception").click()
    page.get_by_label("Why").fill("Just so")
    page.get_by_role("button", name="Add the exception").click()
    expect(page.locator(".exception-form [role=alert]")).to_contain_text("says nothing is none")
    expect(page.get_by_label("Why")).to_have_value("Just so")
