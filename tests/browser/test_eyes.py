"""Other eyes: colours the reader chose, a page at 200 %, and nothing that moves."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.pages import WIDE, sample_sign_in, sign_in, ticket_path

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]
STOPS = 30  # of the Tab key on each page
DOUBLED = ViewportSize(width=683, height=450)  # a laptop at 200 %
# What has the focus, or a line around it, has an outline that is drawn; chosen things differ from what is beside them.
OUTLINED = """() => {
    let one = document.activeElement;
    if (!one || one === document.body) return "";
    for (let up = 0, at = one; at && up < 5; up += 1, at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) return "";
    }
    return one.outerHTML.slice(0, 160);
}"""
CHOSEN = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const chosen = "[aria-current=page], [aria-pressed=true], .segments > :has(:checked), .unread > .unread-dot";
    return [...document.querySelectorAll(chosen)]
        .filter((one) => one.checkVisibility() && one.getClientRects().length)
        .filter((one) => ["rgba(0, 0, 0, 0)", ground].includes(getComputedStyle(one).backgroundColor))
        .map((one) => one.outerHTML.slice(0, 160));
}"""
COVERED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one.matches("iframe")) return "";
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return ""; // a control that is drawn by its label
    for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9]) {
        const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        if (top && (one.contains(top) || top.contains(one) || top.closest("label")?.control === one)) return "";
    }
    return one.outerHTML.slice(0, 160);
}"""
MOVES = "() => document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 50).length"


@pytest.fixture(scope="module")
def session(chromium: Browser, desk: Any) -> tuple[Any, dict[str, str]]:
    """The session of an admin of the sample desk, and the pages that are looked at."""
    who, context = sample_sign_in(), chromium.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, desk.url, who)
    ticket = ticket_path(page, desk.url, who.slug)
    state = context.storage_state()
    context.close()
    names = ("", "?view=spam", "search/", "new/", "contacts/", "settings/", "people/", "mailboxes/", "notifications/")
    return state, {"ticket": ticket} | {name.strip("/") or "queue": f"/{who.slug}/{name}" for name in names}


def test_with_colours_of_ones_own_focus_and_choice_can_be_seen(chromium: Browser, desk: Any, session: Any) -> None:
    state, pages = session
    wrong: list[str] = []
    for scheme in ("light", "dark"):
        page = _page(chromium, state, forced_colors="active", color_scheme=scheme)
        for name, path in pages.items():
            page.goto(desk.url + path)
            wrong += [f"{name}: is chosen and looks like the rest: {one}" for one in page.evaluate(CHOSEN)]
            for _ in range(STOPS):
                page.keyboard.press("Tab")
                if bare := page.evaluate(OUTLINED):
                    wrong.append(f"{name}: focus without an outline: {bare}")
            _keep(page, f"{name}-forced-{scheme}")
        page.context.close()

    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_at_200_percent_everything_fits_and_can_be_reached_and_nothing_moves(
    chromium: Browser, desk: Any, session: Any
) -> None:
    state, pages = session
    page = _page(chromium, state, reduced_motion="reduce", viewport=DOUBLED, device_scale_factor=2)
    wrong: list[str] = []
    for name, path in pages.items():
        page.goto(desk.url + path)
        if page.evaluate(MOVES):
            wrong.append(f"{name}: something moves")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name}: one has to scroll sideways")
        wrong += [f"{name}: focus under something else: {one}" for one in _hidden(page)]
        _keep(page, f"{name}-doubled")
    page.context.close()

    assert not wrong, "\n".join(wrong)


def _hidden(page: Page) -> list[str]:
    """Walk by Tab, and return what has the focus while something else lies over all of it (WCAG 2.4.11)."""
    found = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if lost := page.evaluate(COVERED):
            found.append(lost)
    return found


def _page(chromium: Browser, state: Any, **options: Any) -> Page:
    return chromium.new_context(**{"viewport": WIDE, "storage_state": state, **options}).new_page()


def _keep(page: Page, name: str) -> None:
    """Save a picture where DESKHERO_PICTURES names a folder, for a person to look at."""
    if folder := os.environ.get("DESKHERO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name.replace('?', '').replace('=', '-')}.png")
