"""The pages that ask before something is done to a ticket: on a phone, for a screen reader, in both schemes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, WIDE
from tests.browser.test_access import found
from tests.browser.test_ticket_acts import ELIN, PICTURE, deliver, number_of, opened

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("width", [320, 390])
def test_every_page_of_it_fits_a_phone(desk: Desk, as_person: Callable[..., Page], width: int) -> None:
    elin = as_person(ELIN, viewport={"width": width, "height": PHONE["height"]}, has_touch=True, is_mobile=True)
    subject = f"Phone: {width} pixels"
    files = (("a-very-long-name-of-a-picture-of-a-bicycle-in-the-snow.png", "image/png", PICTURE),)
    first = deliver(desk, subject, "One.", files=files)
    deliver(desk, f"Re: {subject}", "Two.", answers=first)
    address = opened(elin, desk, subject)
    expect(elin.locator("article.message")).to_have_count(2)

    elin.locator("article.message").last.get_by_role("button", name="More").tap()
    expect(elin.get_by_role("link", name="Split off into a new ticket")).to_be_visible()
    split = elin.get_by_role("link", name="Split off into a new ticket").get_attribute("href")
    look = elin.locator(".files a[href$='/look/']").first.get_attribute("href")
    for path in (
        address,
        address + "merge/",
        address + "move/",
        address + "print/",
        f"{desk.url}{split}",
        f"{desk.url}{look}",
    ):
        elin.goto(path)
        assert not elin.evaluate("document.documentElement.scrollWidth > innerWidth"), path


@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_things_are_asked_and_said(
    desk: Desk, as_person: Callable[..., Page], scheme: str
) -> None:
    elin = as_person(ELIN, color_scheme=scheme, viewport=WIDE, reduced_motion="reduce")
    deliver(desk, f"Axe: the survivor {scheme}")
    deliver(desk, f"Axe: the other {scheme}")
    survivor = opened(elin, desk, f"Axe: the survivor {scheme}")
    other = opened(elin, desk, f"Axe: the other {scheme}")
    elin.get_by_role("button", name="More to do with this ticket").click()
    violations = found(elin, "the menu")
    elin.goto(f"{other}merge/?into={number_of(survivor)}")
    violations += found(elin, "what a merge does")
    elin.get_by_role("button", name="Merge into").click()
    expect(elin.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    violations += found(elin, "the notice")
    elin.goto(f"{other}merge/?into=0")
    violations += found(elin, "a merge that cannot be")

    assert not violations, "\n".join(violations)
