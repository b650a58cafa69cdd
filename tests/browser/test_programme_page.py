"""The programme and the week on the page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def test_the_week_lists_whom_to_visit_first_and_why(open_page: OpenPage) -> None:
    page = open_page("/?show=insights&tab=week").page
    panel = page.locator("#panel-week")
    rows = panel.locator(".insight-table").first.locator("tbody tr")
    expect(rows).to_have_count(50)
    rows.first.locator("summary").click()
    expect(rows.first.locator("details p").first).to_contain_text("for one more visit")
    page.locator("#week-rep").select_option(index=1)
    expect(panel.locator(".insight-figures")).to_contain_text("Work for the week")
    assert "rep_id=" in page.url


def test_a_special_situation_counts_until_it_is_ended(open_page: OpenPage) -> None:
    page = open_page("/?show=insights&tab=week&postcode_prefix=2").page
    panel = page.locator("#panel-week")
    first = panel.locator(".insight-table tbody tr").first
    expect(first).to_be_visible()
    panel.locator("summary", has_text="Give a reason to visit").click()
    page.locator("#situation-region").fill("2")
    page.locator("#situation-factor").fill("5")
    page.locator("#situation-reason").fill("A new market in the north")
    page.get_by_role("button", name="Add", exact=True).click()
    end = page.get_by_role("button", name="End: A new market in the north")
    expect(end).to_be_visible(timeout=60_000)
    expect(first).to_contain_text("Special situations make it 5 times that")
    end.click()
    expect(end).to_have_count(0, timeout=60_000)


def test_another_programme_is_tried_before_it_counts(open_page: OpenPage) -> None:
    trip = open_page("/?show=insights&tab=programme")
    trip.expected.append("422")
    page = trip.page
    panel = page.locator("#panel-programme")
    panel.locator("summary", has_text="Try another programme").click()
    page.locator("#programme-from").select_option("template-founding")
    expect(page.locator("#programme-channel-0")).to_have_value("respond_only")
    page.locator("#programme-preview").click()
    changes = panel.get_by_role("region", name="A year, before and after")
    expect(changes.locator("tbody tr")).to_have_count(7, timeout=60_000)
    expect(panel).to_contain_text("Moved to large accounts")
    # Nothing counts yet.
    expect(panel.locator(".insight-figures dd").first).to_have_text("as at the start")
    _refused(page)


def _refused(page: Page) -> None:
    """What is no programme is said, and the form stays as it was filled in."""
    page.locator("#programme-revenue_from-0").fill("5")
    page.locator("#programme-preview").click()
    expect(page.locator(".refusal")).to_contain_text("Let it begin at 0")
    expect(page.locator("#programme-revenue_from-0")).to_have_value("5")
