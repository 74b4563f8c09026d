"""`make pictures`: every page of a running desk, light and dark, wide and phone, in docs/pictures/ with a list.

    python -m tests.pictures [--url http://127.0.0.1:8000] [--email … …] [--only …] [--pages …]

Without a sign-in it takes the owner of the first sample organization. The desk should be one that nobody else needs:
cases are entered and a mailbox is disconnected, so that no list of the operator is empty.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import (
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
from tests.pictures.camera import SIZES, Camera, Scene
from tests.pictures.index import write_index
from tests.pictures.operator import admin_desk
from tests.pictures.scenes import contact_path, scenes_at

OUT = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> int:
    """Take the pictures; 1 when a page looked wrong."""
    given = arguments()
    who = SignIn(given.email, given.password, given.totp, given.slug) if given.email else sample_sign_in()
    OUT.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if given.only != "admin":
            public = {f"public-{name}": path for name, path in public_pages().items()}
            wrong += in_all_kinds(browser, given.url, chosen(public, given.pages))
            scenes, state = desk(browser, given.url, who)
            wrong += in_all_kinds(browser, given.url, chosen(scenes, given.pages), state)
        if given.only != "desk":
            pages, state = admin_desk(browser, given.url)
            wrong += in_all_kinds(browser, given.url, chosen(pages, given.pages), state)
        browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{write_index(OUT)} pictures in docs/pictures/")
    return 1 if wrong else 0


def chosen(pages: Mapping[str, Any], names: list[str]) -> Mapping[str, Any]:
    """Return the pages that were named; all where none was."""
    return {name: page for name, page in pages.items() if not names or name in names}


def in_all_kinds(browser: Browser, url: str, pages: Mapping[str, str | Scene], state: Any = None) -> list[str]:
    """Take each page four times, and return what looked wrong."""
    scenes = {name: page if isinstance(page, Scene) else Scene(page) for name, page in pages.items()}
    wrong: list[str] = []
    for size in SIZES:
        for scheme in ("light", "dark"):
            wrong += Camera(browser, url, size, scheme, OUT).take(scenes, state)
    return wrong


def desk(browser: Browser, url: str, who: SignIn) -> tuple[dict[str, str | Scene], Any]:
    """Sign in, and return the pages of the desk with that session."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, url, who)
    ticket = ticket_path(page, url, who.slug)
    original = original_path(page, url, ticket)
    contact = contact_path(page, url, who.slug)
    state: Any = context.storage_state()
    context.close()
    return {**desk_pages(who.slug, ticket, original), **scenes_at(who.slug, ticket, contact)}, state


def arguments() -> argparse.Namespace:
    """Read the command line; the environment gives the address."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=os.environ.get("DESKHERO_URL", "http://127.0.0.1:8000"))
    for name in ("email", "password", "totp", "slug"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--pages", nargs="*", default=[], help="these alone, by the names of their pictures")
    parser.add_argument("--only", choices=["desk", "admin"], help="one part alone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
