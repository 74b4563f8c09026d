"""Searching as a person does: with the keyboard, while typing, and without a script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn, sample_sign_in
from tests.browser.test_access import found

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]  # the first of them starts the desk
PASSWORD = sample_sign_in().password
ELIN = SignIn("elin@alinge.example", PASSWORD)
BIRGITTA = SignIn("birgitta@alinge.example", PASSWORD)  # a viewer
SUBJECT = "Helm in mosgroen?"


def box(page: Page) -> Any:
    return page.get_by_role("searchbox", name="Search tickets, mails and notes")


def test_results_come_while_typing_and_are_there_again_on_the_way_back(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    elin = as_person(ELIN)
    said: list[str] = []
    elin.on("request", lambda request: said.append(request.url))
    elin.goto(f"{desk.url}/alinge/")
    elin.wait_for_load_state()

    elin.keyboard.press("/")
    expect(box(elin)).to_be_focused()
    expect(elin.get_by_text("What are you looking for?")).to_be_visible()
    elin.wait_for_load_state()
    elin.keyboard.type("mosgroene", delay=20)

    hit = elin.locator(".hits li").filter(has_text=SUBJECT)
    expect(hit.locator("mark").filter(has_text="mosgroen").first).to_be_visible()
    expect(box(elin)).to_be_focused()
    expect(elin.locator("#heard")).to_contain_text("1 ticket")
    expect(elin).to_have_url(re.compile(r"/alinge/search/\?s=[\w-]+$"))
    assert not [url for url in said if "mosgroen" in url.lower()]

    hit.get_by_role("link").click()
    expect(elin.get_by_role("heading", name=SUBJECT)).to_be_visible()
    elin.go_back()
    expect(elin.locator(".hits li").filter(has_text=SUBJECT)).to_be_visible()
    expect(box(elin)).to_have_value("mosgroene")


def test_what_is_typed_before_the_scripts_are_there_is_looked_for(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    held: list[Route] = []
    elin.route("**/htmx*.js", lambda route: held.append(route))  # noqa: PLW0108 - it wants a plain function
    elin.goto(f"{desk.url}/alinge/search/", wait_until="commit")
    box(elin).press_sequentially("mosgroene")
    held[0].continue_()

    expect(elin.locator(".hits li").filter(has_text=SUBJECT)).to_be_visible()
    expect(box(elin)).to_have_value("mosgroene")


def test_a_page_of_results_is_clean_for_axe_and_fits_a_phone(desk: Desk, as_person: Callable[..., Page]) -> None:
    for scheme in ("light", "dark"):
        birgitta = as_person(BIRGITTA, viewport=PHONE, color_scheme=scheme)
        birgitta.goto(f"{desk.url}/alinge/search/")
        box(birgitta).fill("is:open form:x")
        expect(birgitta.locator("#answer .banner")).to_be_visible()
        assert found(birgitta, "problem") == []
        box(birgitta).fill("helm* ")
        expect(birgitta.locator(".hits mark").first).to_be_visible()

        assert found(birgitta, "results") == []
        assert birgitta.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_a_script(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, java_script_enabled=False)
    elin.goto(f"{desk.url}/alinge/")
    elin.get_by_role("link", name="Search").click()
    box(elin).fill("mosgroene")
    box(elin).press("Enter")

    elin.locator(".hits li").filter(has_text=SUBJECT).get_by_role("link").click()
    expect(elin.get_by_role("heading", name=SUBJECT)).to_be_visible()
    elin.get_by_role("link", name="Look for tickets like this one").click()
    expect(elin.get_by_role("heading", name="Similar tickets")).to_be_visible()
