"""The simulator's pages in a real Chromium: consent by clicking, and mail that appears by itself."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mailbox.simulator.client import Simulator
from tests.simulator.clients import CALLBACK, Google, answer_of, mail

HELP = "help@acme.example"

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page in each colour scheme."""
    context = chromium.new_context(ignore_https_errors=True, color_scheme=request.param)
    yield context.new_page()
    context.close()


def check(page: Page) -> None:
    """Axe finds nothing on the page."""
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_a_person_unticks_a_permission_and_is_sent_back(page: Page, google: Google) -> None:
    url, state = google.flow().authorization_url(login_hint=HELP)
    page.route(CALLBACK + "**", lambda route: route.fulfill(body="back at the desk"))
    page.goto(url)
    check(page)

    page.get_by_label("Send mail in your name").uncheck()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(CALLBACK + "**")

    answer = answer_of(page.url)
    assert answer["state"] == state
    assert answer["scope"].endswith("gmail.readonly")
    assert "gmail.send" not in answer["scope"]


def test_new_mail_appears_and_is_read(page: Page, simulator: Simulator) -> None:
    simulator.create_account("customer", "carol@post.example", "Carol")
    page.goto(simulator.http_url)
    check(page)

    simulator.deliver("carol@post.example", mail("An answer", sender="Acme <help@acme.example>"))
    page.get_by_role("link", name="An answer").click(timeout=15_000)

    expect(page.get_by_role("heading", name="An answer")).to_be_visible()
    check(page)
    page.get_by_text("Headers", exact=True).click()
    expect(page.get_by_text("Message-ID")).to_be_visible()
