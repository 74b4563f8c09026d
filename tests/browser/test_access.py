"""Every page, both schemes, two widths: axe finds nothing (WCAG 2.2 AA), nothing is wider than the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.pages import (
    PHONE,
    WIDE,
    desk_pages,
    original_path,
    public_pages,
    sample_sign_in,
    sign_in,
    ticket_path,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (320, 640, 768, 1920)  # 640 is a laptop at 200 %


def found(page: Page, name: str) -> list[str]:
    """Return what axe finds on the page that is open, a line each."""
    report = Axe().run(page, options=RULES)
    return [
        f"{name}: {violation['id']}: {node['html'][:160]}"
        for violation in report.response["violations"]
        for node in violation["nodes"]
        if violation["id"] != "target-size" or not is_large_in_the_middle(page, node["target"][0])
    ]


def is_large_in_the_middle(page: Page, selector: str) -> bool:
    """Return whether a target that lay half below the composer is large enough once it is scrolled to."""
    page.locator(selector).first.evaluate("target => target.scrollIntoView({ block: 'center' })")
    rule = {"runOnly": {"type": "rule", "values": ["target-size"]}}
    return not Axe().run(page, context=selector, options=rule).response["violations"]


@contextmanager
def opened(browser: Browser, size: Any, scheme: str, state: Any, **options: Any) -> Iterator[Page]:
    """A page of a browser of that size and scheme."""
    context = browser.new_context(
        viewport=size,
        color_scheme=scheme,
        storage_state=state,
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, desk: Any) -> tuple[Any, dict[str, str]]:
    """The session of an admin of the sample desk, and the pages there."""
    who, context = sample_sign_in(), chromium.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, desk.url, who)
    ticket = ticket_path(page, desk.url, who.slug)
    pages = desk_pages(who.slug, ticket, original_path(page, desk.url, ticket))
    state = context.storage_state()
    context.close()
    return state, pages


@pytest.mark.timeout(480)
def test_every_page_holds_for_axe_in_both_schemes_and_sizes_and_fits_every_width(
    chromium: Browser, desk: Any, signed_in: Any
) -> None:
    """A page is loaded once: looked at wide and light, then as a phone and dark, then only measured."""
    state, pages = signed_in
    violations, wide = [], []
    for session, paths in ((None, public_pages()), (state, pages)):
        with opened(chromium, WIDE, "light", session) as page:
            for name, path in paths.items():
                page.set_viewport_size(WIDE)
                page.emulate_media(color_scheme="light", reduced_motion="reduce")
                page.goto(desk.url + path)
                violations += found(page, f"{name}, wide and light")
                page.set_viewport_size(PHONE)
                page.emulate_media(color_scheme="dark", reduced_motion="reduce")
                violations += found(page, f"{name}, phone and dark")
                wide += [f"{name} at {width}" for width in WIDTHS if is_wider(page, width)]

    assert not violations, "\n".join(violations)
    assert not wide


def is_wider(page: Page, width: int) -> bool:
    """Return whether one has to scroll sideways in a window of that width."""
    page.set_viewport_size({"width": width, "height": 800})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_the_desk_answers_without_a_script(chromium: Browser, desk: Any, signed_in: Any) -> None:
    state, pages = signed_in
    with opened(chromium, WIDE, "light", state, java_script_enabled=False) as page:
        page.goto(desk.url + pages["ticket"])
        page.get_by_text("Note", exact=False).and_(page.locator(".segments label")).click()
        page.get_by_label("Note for colleagues").fill("Written without a script.")
        page.get_by_role("button", name="Keep the note").click()

        assert page.get_by_text("Written without a script.").is_visible()
        assert page.get_by_text("Note, only inside").first.is_visible()
