"""An agent with nothing but a phone: a whole ticket's life at 390 pixels."""

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn, sample_sign_in

pytestmark = pytest.mark.browser
AISHA = SignIn("aisha@alinge.example", sample_sign_in().password)


def test_a_ticket_lives_its_whole_life_on_a_phone(desk: Desk, as_person: Callable[..., Page]) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Olle <olle@post.example>", "hej@alinge.example", "From the train"
    mail["Message-ID"] = make_msgid(domain="post.example")
    mail.set_content("Is the blue one in stock?")
    page = as_person(AISHA, viewport=PHONE, is_mobile=True, has_touch=True)
    page.goto(f"{desk.url}/alinge/")
    desk.simulator.deliver("hej@alinge.example", mail.as_bytes())

    row = page.locator("[data-row]").filter(has_text="From the train")
    expect(row.or_(page.locator("#news button")).first).to_be_visible()
    if not row.count():
        page.locator("#news button").tap()
    row.get_by_role("link").tap()
    expect(page.get_by_role("heading", name="From the train")).to_be_visible()

    page.get_by_label("Assignee").select_option(label="You")
    expect(page.locator("#timeline")).to_contain_text("took this ticket")
    page.locator(".segments label").filter(has_text="Note").tap()
    page.locator("form.for-note .editor").fill("Asked the shop.")
    page.get_by_role("button", name="Keep the note").tap()
    expect(page.locator("#timeline")).to_contain_text("Asked the shop.")
    page.locator(".segments label").filter(has_text="Answer").tap()
    page.locator("form.for-reply .editor").fill("Two of them.")
    page.locator("form.for-reply [data-send]").tap()
    expect(page.locator("article.ours .delivery.sent")).to_be_visible()
    page.locator("#acts [data-key=e]").tap()
    expect(page.locator("#status")).to_contain_text("Closed")

    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    address = page.url
    page.get_by_role("button", name="More to do with this ticket").tap()
    page.get_by_role("link", name="Next ticket").tap()
    expect(page).not_to_have_url(address)
    expect(page.locator("#status")).to_contain_text("Open")
    page.get_by_role("button", name="Views and mailboxes").tap()
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Closed").tap()
    expect(page.locator("[data-row]").filter(has_text="From the train")).to_be_visible()
