"""A legal hold and a retention rule, as an admin meets them: from a ticket, by keyboard, on a phone."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, sample_sign_in
from tests.browser.test_access import RULES

pytestmark = [pytest.mark.browser, pytest.mark.long]
KARIN = sample_sign_in()


def is_fine(page: Page) -> bool:
    """Return whether axe finds nothing and nothing is wider than the window."""
    found = [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]
    return found == [] and not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_ticket_is_kept_and_let_go_and_a_rule_asks_before_it_deletes(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    karin = as_person(KARIN)
    karin.goto(f"{desk.url}/alinge/")
    karin.locator("[data-row] .what").first.click()
    karin.get_by_role("button", name="More to do with this ticket").click()
    karin.get_by_role("link", name="Place a legal hold").click()
    expect(karin.get_by_label("A ticket, with everything in it")).to_be_checked()
    karin.get_by_label("Basis").focus()
    karin.keyboard.press("Tab")
    karin.keyboard.type("They wrote that they go to court.")
    assert is_fine(karin)
    karin.get_by_role("button", name="Place the hold").click()
    expect(karin.get_by_text("No deletion touches this from now on.")).to_be_visible()
    expect(karin.get_by_text("They wrote that they go to court.")).to_be_visible()
    karin.set_viewport_size(PHONE)
    assert is_fine(karin)

    karin.goto(f"{desk.url}/alinge/settings/privacy/retention/closed/")
    karin.get_by_label("This rule is on").check()
    karin.get_by_role("button", name="Save").click()
    expect(karin.get_by_role("alert")).to_contain_text("The next run would take")
    assert is_fine(karin)
    karin.get_by_role("link", name="Cancel").click()

    karin.goto(f"{desk.url}/alinge/settings/privacy/holds/")
    karin.get_by_role("link", name=re.compile("^Open ?:")).first.click()
    karin.get_by_label("Why it can go").fill("They settled.")
    karin.get_by_role("button", name="Release the hold").click()
    expect(karin.get_by_text("goes within 72 hours").first).to_be_visible()
    assert is_fine(karin)
