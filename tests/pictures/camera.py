"""Takes pictures of pages, as small files: WebP, which browsers and code hosts show."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.pages import PHONE, WIDE

SIZES = {"wide": WIDE, "phone": PHONE}
QUALITY = 30  # of a hundred: letters stay sharp, and all pictures together stay within a few megabytes
SETTLES = 250  # milliseconds

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Scene:
    """A page, and what somebody does there before the picture is taken."""

    path: str
    act: Act | None = None
    only_wide: bool = False  # what needs a keyboard


@dataclass(frozen=True)
class Camera:
    """Takes pictures of the pages of one desk in one size and scheme."""

    browser: Browser
    url: str
    size: str
    scheme: str
    folder: Path
    tallest: int = 1500

    def take(self, scenes: Mapping[str, Scene], state: Any = None) -> list[str]:
        """Save a picture of each and return what looked wrong: answers, errors, pages wider than the window."""
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
        for name, scene in scenes.items():
            if phone and scene.only_wide:
                continue
            answer = page.goto(self.url + scene.path)
            if answer is None or answer.status >= 500:
                wrong.append(f"{name}: {answer.status if answer else 'no answer'}")
            self._save(page, scene, self.folder / f"{name}-{self.size}-{self.scheme}.webp")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name}: wider than the window ({self.size})")
        context.close()
        return wrong

    def _save(self, page: Page, scene: Scene, file: Path) -> None:
        """Make the window as tall as the page, so that what sticks to its edges stands where it belongs."""
        size = SIZES[self.size]
        if scene.act:
            scene.act(page)
        else:
            height = min(max(page.evaluate("document.documentElement.scrollHeight"), size["height"]), self.tallest)
            page.set_viewport_size({"width": size["width"], "height": height})
        page.wait_for_timeout(SETTLES)
        session = page.context.new_cdp_session(page)
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        file.write_bytes(base64.b64decode(taken["data"]))
        session.detach()
        page.set_viewport_size(size)
