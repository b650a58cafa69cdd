"""The allocation of hours on the page: curves, accounts of a unit, and a manager's four answers."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def test_hours_are_shown_and_a_managers_answers_change_the_curve(open_page: OpenPage) -> None:
    opened = open_page("/?show=insights&tab=allocation&level=segment")
    opened.expected.append("422")
    use_allocation(opened.page)


def use_allocation(page: Page) -> None:
    """Choose a unit, answer for it, go back to the model, and open its accounts."""
    panel = page.locator("#panel-allocation")
    units = panel.get_by_role("region", name="Those that gain most first")
    row = units.locator("tbody tr").nth(1)
    row.get_by_role("button").click()
    name = row.get_by_role("button").inner_text()
    expect(row).to_have_class("is-selected")
    expect(panel.get_by_role("img", name=f"Contribution of {name} by hours")).to_be_visible()
    expect(row.locator("td").last).to_have_text("Model")

    panel.locator(".fold-title", has_text=f"What do you expect of {name}?").click()
    for key, share in (
        ("at_none", 60),
        ("at_present", 100),
        ("at_half_more", 90),
        ("at_saturation", 140),
    ):
        panel.locator(f"#allocation-{key}").fill(str(share))
    panel.locator("#allocation-expect-reason").fill("Talk with the team")
    panel.get_by_role("button", name="Use these answers").click()
    expect(panel.get_by_role("alert")).to_contain_text("do not grow")

    answer(page, name, ("60", "100", "115", "140"))
    chosen = units.locator("tr.is-selected")
    expect(chosen.locator("td").last).to_have_text("Four answers")
    expect(chosen.get_by_role("button")).to_have_text(name)
    expect(panel.get_by_role("region", name="What was decided")).to_contain_text("Talk with")

    answer(page, name, ("", "", "", ""))
    expect(chosen.locator("td").last).to_have_text("Model")

    panel.get_by_role("button", name=re.compile(r"^Its [\d,]+ accounts?$")).click()
    expect(page).to_have_url(re.compile("level=account"))
    expect(panel.get_by_role("columnheader", name="Best visits")).to_be_visible()


def answer(page: Page, name: str, shares: tuple[str, ...]) -> None:
    panel = page.locator("#panel-allocation")
    fold = panel.locator("details", has=page.locator(".fold-title", has_text=f"expect of {name}"))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    for key, share in zip(
        ("at_none", "at_present", "at_half_more", "at_saturation"), shares, strict=True
    ):
        panel.locator(f"#allocation-{key}").fill(share)
    panel.locator("#allocation-expect-reason").fill("Talk with the team")
    panel.get_by_role("button", name="Use these answers").click()
