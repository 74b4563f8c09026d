"""A running desk, a real browser, and people who use both. Everything is started as a person would start it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mailbox.simulator.client import Simulator
from tests.bench.servers import free_port
from tests.browser.pages import WIDE, SignIn, sign_in

HOME = Path(__file__).parents[2]
# What the launcher decides by itself; the tests' own servers must not leak into the desk under test.
LEFT_OUT = (
    "DATABASE_URL",
    "VAULT_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "DESKHERO_URL",
    "EMAIL_HOST",
    "EMAIL_PORT",
)
PATIENCE = 30_000  # milliseconds until something that should happen did not


@dataclass(frozen=True)
class Desk:
    """A running desk: its address, the customers' mail program, and the simulator behind it."""

    url: str
    customers: str
    simulator: Simulator
    data: Path


def surroundings(data: Path) -> dict[str, str]:
    """Return what a process of the desk in this folder finds in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return kept | {"DESKHERO_DATA": str(data)}


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The whole product with its sample, from `python -m deskhero.run`; DESKHERO_BROWSER_DATA keeps its data."""
    kept = os.environ.get("DESKHERO_BROWSER_DATA")
    data = Path(kept) if kept else tmp_path_factory.mktemp("desk")
    port = free_port()
    environment = surroundings(data) | {
        "MAILBOX_POLL_SECONDS": "2",
        "UNDO_SEND_SECONDS": "3",
        "PYTHONUNBUFFERED": "1",
    }
    said = data / "launcher.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "deskhero.run", "--port", str(port)],
            cwd=HOME,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _when_ready(process, said, data, port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _when_ready(process: "subprocess.Popen[bytes]", said: Path, data: Path, port: int) -> Desk:
    end = time.monotonic() + 180
    while "Ctrl-C stops" not in (text := said.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"The desk did not start:\n{text}")
        time.sleep(0.1)
    customers = next(word for line in text.splitlines() if "customer" in line for word in line.split() if "://" in word)
    folder = data / "simulator"
    simulator = Simulator(_https_of(folder), folder / "bundle.pem", http_url=customers)
    return Desk(f"http://127.0.0.1:{port}", customers.rstrip("/"), simulator, data)


def _https_of(folder: Path) -> str:
    import json

    return f"https://127.0.0.1:{json.loads((folder / 'simulator.json').read_text())['https']}"


@pytest.fixture(scope="package", autouse=True)
def patience() -> None:
    """What should happen is waited for this long."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows of people who do not know one another; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        context = new_context(chromium, **options)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Return a browser that has never been anywhere; the simulator's own certificates are fine with it."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "ignore_https_errors": True, **options})
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="package")
def states() -> dict[str, Any]:
    """What signed-in browsers remember, by address: a code of a second step can be used only once."""
    return {}


@pytest.fixture
def as_person(
    window: Callable[..., Page], desk: Desk, states: dict[str, Any], chromium: Browser
) -> Callable[..., Page]:
    """Opens a window in which this person of the sample is signed in, by the sign-in pages.

    Somebody who was asked again who they are has a new session since, and whoever was signed out has none.
    """

    def state_of(who: SignIn) -> Any:
        context = new_context(chromium, storage_state=states.get(who.email))
        page = context.new_page()
        page.goto(f"{desk.url}/account/profile/")
        if "/account/login/" in page.url:
            sign_in(page, desk.url, who)
            expect(page).not_to_have_url(f"{desk.url}/account/login/")
        state = context.storage_state()
        context.close()
        return state

    def signed_in(who: SignIn, **options: Any) -> Page:
        states[who.email] = state_of(who)
        return window(storage_state=states[who.email], **options)

    return signed_in
