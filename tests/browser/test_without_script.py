"""Everything works with JavaScript turned off: reading, answering, noting, giving, closing."""

from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, row_of, sample_sign_in, sign_in

pytestmark = pytest.mark.browser
MATTIAS = SignIn("mattias@alinge.example", sample_sign_in().password)


@pytest.fixture
def mattias(desk: Desk, as_person: Callable[..., Page]) -> Page:
    """A window in which Mattias is signed in and nothing runs."""
    page = as_person(MATTIAS, java_script_enabled=False)
    page.goto(f"{desk.url}/alinge/")
    return page


def test_a_person_signs_in_without_script(desk: Desk, window: Callable[..., Page]) -> None:
    page = window(java_script_enabled=False)

    sign_in(page, desk.url, SignIn("aisha@alinge.example", MATTIAS.password))

    expect(page).to_have_url(f"{desk.url}/alinge/")
    expect(page.locator("[data-row]").first).to_be_visible()


def test_a_ticket_is_read_answered_given_noted_and_closed_without_script(mattias: Page, desk: Desk) -> None:
    subject = "Order 20533 när kommer den?"
    row_of(mattias, subject).get_by_role("link").click()
    expect(mattias.get_by_role("heading", name=subject)).to_be_visible()
    expect(mattias.locator("#timeline")).to_contain_text("70-årsdag")

    mattias.get_by_label("Assignee").select_option(label="Aisha Warsame")
    mattias.get_by_role("button", name="Assign").click()
    expect(mattias.get_by_label("Assignee").locator("option:checked")).to_have_text("Aisha Warsame")

    mattias.locator(".segments label").filter(has_text="Note").click()
    mattias.locator("form.for-note .editor").fill("Lastbilen går på torsdag.")
    mattias.get_by_role("button", name="Keep the note").click()
    expect(mattias.locator("#timeline")).to_contain_text("Lastbilen går på torsdag.")

    mattias.locator("form.for-reply .editor").fill("Hej Ebba!\n\nDen hinner fram, med två dagars marginal.")
    mattias.get_by_role("button", name="Send and close").click()
    mattias.goto(f"{desk.url}/alinge/?view=closed")
    mattias.locator("[data-row]").filter(has_text=subject).get_by_role("link").click()
    expect(mattias.locator("#status")).to_contain_text("Closed")
    expect(mattias.locator("article.ours")).to_contain_text("Den hinner fram")
    for _ in range(40):  # nothing runs, so a person presses reload
        if mattias.locator("article.ours .delivery.sent").count():
            break
        mattias.wait_for_timeout(250)
        mattias.reload()
    expect(mattias.locator("article.ours .delivery.sent")).to_be_visible()
    received = desk.simulator.inbox("ebba.lindqvist@hemmapost.example")
    assert [message_from_bytes(mail.raw, policy=policy.default)["Subject"] for mail in received] == [f"Re: {subject}"]

    mattias.get_by_role("button", name="Open again").click()
    expect(mattias.locator("#status")).to_contain_text("Open")


def test_who_reads_without_script_is_seen_by_colleagues(
    mattias: Page, desk: Desk, as_person: Callable[..., Page]
) -> None:
    aisha = as_person(SignIn("aisha@alinge.example", MATTIAS.password))
    row_of(mattias, "Helm in mosgroen?").get_by_role("link").click()
    expect(mattias.get_by_role("heading", name="Helm in mosgroen?")).to_be_visible()

    aisha.goto(mattias.url)
    expect(aisha.locator("#beside").get_by_label("Mattias Nyqvist is reading this")).to_be_visible()


def test_the_views_are_links(mattias: Page, desk: Desk) -> None:
    mattias.get_by_role("navigation", name="Desk").get_by_role("link", name="Closed").click()

    expect(mattias.locator("[data-row]").filter(has_text="Torque values")).to_be_visible()
