"""The operator's desk: axe finds nothing on any page in either scheme, and it can be worked with on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.admin_pages import CASES, staff_sign_in
from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, WIDE
from tests.browser.test_access import found, is_wider, opened
from tests.pictures.operator import admin_desk

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def furnished(chromium: Browser, desk: Desk, states: dict[str, Any]) -> dict[str, str]:
    """The pages of the desk with something on each; the session is kept, for its code worked once."""
    pages, states[staff_sign_in().email] = admin_desk(chromium, desk.url)
    return pages


def test_every_page_of_the_operator_holds_for_axe_and_fits(
    chromium: Browser, desk: Desk, states: dict[str, Any], furnished: dict[str, str]
) -> None:
    violations, wide = [], []
    with opened(chromium, WIDE, "light", states[staff_sign_in().email]) as page:
        for name, path in furnished.items():
            for scheme in ("light", "dark"):
                page.set_viewport_size(WIDE)
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                page.goto(desk.url + path)
                violations += found(page, f"{name}, wide and {scheme}")
            page.set_viewport_size(PHONE)
            violations += found(page, f"{name}, phone and dark")
            wide += [f"{name} at {width}" for width in (390, 768, 1366) if is_wider(page, width)]

    assert not violations, "\n".join(violations)
    assert not wide


def test_a_case_is_found_and_answered_on_a_phone(
    desk: Desk, as_person: Callable[..., Page], furnished: dict[str, str]
) -> None:
    _right, name, _address, said, _days = CASES[1]  # an erasure, and the only one that waits
    page = as_person(staff_sign_in(), viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{desk.url}/admin/")
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    row = page.locator("#result_list tbody tr").filter(has_text="Erasure").filter(has_not_text="answered").first
    row.get_by_role("link").first.click()
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text(name)).to_be_visible()
    page.get_by_role("link", name="It is the person…").click()
    page.get_by_label("Text").fill("Called back at the number of the account.")
    page.get_by_role("button", name="It is the person…").click()

    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    expect(page.get_by_text("Confirmed", exact=True).first).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
