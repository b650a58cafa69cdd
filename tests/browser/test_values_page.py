"""What accounts are worth, on the page: the card, the list, the map, and the models behind it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def test_a_card_says_what_the_account_is_worth_and_how_it_comes_about(open_page: OpenPage) -> None:
    page = open_page("/?show=accounts&account=8").page
    worth = page.locator(".card-part", has=page.get_by_role("heading", name="What it is worth"))
    for label in ("Customer value, 12 months", "One more visit brings", "Response to visits"):
        expect(worth.locator("dt", has_text=label)).to_be_visible()
    expect(worth).to_contain_text("from data:")
    expect(worth).to_contain_text("By the past up to")


def test_a_list_shows_what_it_is_sorted_by(open_page: OpenPage) -> None:
    page = open_page("/?show=accounts").page
    figures = page.locator(".account-list .item-prize")
    page.locator("#account-sort").select_option("churn_risk")
    expect(figures.first).to_have_text("100 %")
    assert "sort=churn_risk" in page.url
    page.locator("#account-sort").select_option("customer_value")
    expect(figures.first).to_contain_text("€")
    expect(figures.first).to_have_attribute("title", re.compile("^Customer value"))


def test_the_map_is_coloured_by_value_and_by_risk(open_page: OpenPage) -> None:
    page = open_page("/?show=accounts&colour=value").page
    legend = page.locator(".legend-levels li")
    expect(legend).to_have_count(5)
    expect(legend.first).to_contain_text("and more")
    page.locator("#colour-by").select_option("risk")
    expect(legend.last).to_have_text("never ordered")
    expect(legend.first).to_have_text("50 % and more")


def test_the_models_are_told_and_fitted_anew(open_page: OpenPage) -> None:
    page = open_page("/?show=insights&tab=models").page
    panel = page.locator("#panel-models")
    expect(panel.get_by_role("img", name="forecast and actual sales by tenths")).to_be_visible()
    tenths = panel.get_by_role("region", name="Tenths of the accounts, sales per account")
    expect(tenths.locator("tbody tr")).to_have_count(10)
    naive = panel.get_by_role("region", name="Beside naive forecasts")
    expect(naive.locator("tbody tr")).to_have_count(4)
    versions = panel.get_by_role("region", name="Versions").locator("tbody tr")
    before = versions.count()
    panel.get_by_role("button", name="Fit anew").click()
    expect(versions).to_have_count(before + 1, timeout=120_000)
    expect(versions.first).to_contain_text("in use")
    _older(page, versions.last.get_by_role("button").inner_text())


def _older(page: Page, version: str) -> None:
    page.get_by_role("button", name=version, exact=True).click()
    expect(page.locator("#panel-models .insight-figures dd").first).to_have_text(version)
    assert f"version={version}" in page.url
