"""`make pictures`: a picture of every page of a running desk, light and dark, wide and phone, in .pictures/.

    python -m tests.pictures [--url http://127.0.0.1:8000] [--email … --password … --totp … --slug …] [--docs]

Without a sign-in it takes the owner of the first sample organization. `--docs` renews docs/pictures/ as well.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.pages import (
    PHONE,
    WIDE,
    SignIn,
    desk_pages,
    launch,
    original_path,
    public_pages,
    sample_sign_in,
    sign_in,
    ticket_path,
)
from tests.pictures_admin import admin_desk

HOME = Path(__file__).parents[1]
OUT = HOME / ".pictures"
SIZES = {"wide": WIDE, "phone": PHONE}


@dataclass(frozen=True)
class Camera:
    """Takes pictures of the pages of one desk in one size and scheme."""

    browser: Browser
    url: str
    size: str
    scheme: str
    tallest: int = 3200

    def take(self, pages: dict[str, str], state: Any = None, folder: Path = OUT) -> list[str]:
        """Save a picture of each page and return what looked wrong: answers, errors, pages wider than the window."""
        phone = self.size == "phone"
        context = self.browser.new_context(
            viewport=SIZES[self.size],
            color_scheme=self.scheme,  # type: ignore[arg-type]
            storage_state=state,
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        for name, path in pages.items():
            answer = page.goto(self.url + path)
            if answer is None or answer.status >= 500:
                wrong.append(f"{name}: {answer.status if answer else 'no answer'}")
            self._save(page, folder / f"{name}-{self.size}-{self.scheme}.png")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name}: wider than the window ({self.size})")
        context.close()
        return wrong

    def _save(self, page: Page, file: Path) -> None:
        """Make the window as tall as the page, so that what sticks to its edges stands where it belongs."""
        size = SIZES[self.size]
        height = min(max(page.evaluate("document.documentElement.scrollHeight"), size["height"]), self.tallest)
        page.set_viewport_size({"width": size["width"], "height": height})
        page.wait_for_timeout(250)
        page.screenshot(path=file)
        page.set_viewport_size(size)


def main() -> int:
    """Take the pictures; 1 when a page looked wrong."""
    given = arguments()
    who = SignIn(given.email, given.password, given.totp, given.slug) if given.email else sample_sign_in()
    OUT.mkdir(exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if not given.only_admin:
            wrong += desk(browser, given, who)
        pages, state = admin_desk(browser, given.url)
        for size in SIZES:
            for scheme in ("light", "dark"):
                wrong += Camera(browser, given.url, size, scheme).take(pages, state)
        browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.name}/")
    return 1 if wrong else 0


def desk(browser: Browser, given: argparse.Namespace, who: SignIn) -> list[str]:
    """Take the pages of the desk and those anybody may open, and return what looked wrong."""
    wrong: list[str] = []
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, given.url, who)
    ticket = ticket_path(page, given.url, who.slug)
    original = original_path(page, given.url, ticket)
    state: Any = context.storage_state()
    context.close()
    for size in SIZES:
        for scheme in ("light", "dark"):
            camera = Camera(browser, given.url, size, scheme)
            wrong += camera.take(public_pages())
            wrong += camera.take(desk_pages(who.slug, ticket, original), state)
    if given.docs:
        renew_docs(Camera(browser, given.url, "wide", "light", 1100), who.slug, ticket, state)
    return wrong


def renew_docs(camera: Camera, slug: str, ticket: str, state: Any) -> None:
    """Put the two pictures of the README in their place."""
    folder = HOME / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    camera.take({"queue": f"/{slug}/", "ticket": ticket}, state, folder)
    for name in ("queue", "ticket"):
        (folder / f"{name}-wide-light.png").replace(folder / f"{name}.png")


def arguments() -> argparse.Namespace:
    """Read the command line; the environment gives the address."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=os.environ.get("DESKHERO_URL", "http://127.0.0.1:8000"))
    for name in ("email", "password", "totp", "slug"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--only-admin", action="store_true", help="the operator's desk alone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
