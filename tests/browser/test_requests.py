"""A customer asks for a copy, and another to be erased: from the public page to the closing letter, as people do it."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.customers import be, write
from tests.browser.pages import PHONE, sample_sign_in
from tests.browser.test_contacts import is_narrow, violations
from tests.browser.test_work import ELIN

pytestmark = [pytest.mark.browser, pytest.mark.long]
KARIN = sample_sign_in()
TRIES = 60


def letter_link(page: Page, desk: Desk, path: str) -> str:
    """Wait until a letter with a link to this page is in the customer's mailbox, and return the link's address."""
    for _ in range(TRIES):
        page.get_by_role("link", name="Inbox").click()
        rows = page.locator("nav.inbox li:not(.write) a")
        for row in range(rows.count()):
            rows.nth(row).click()
            for frame in page.locator("iframe.frame").all():  # a mail with a design of its own
                shown = page.request.get(f"{desk.customers}{frame.get_attribute('src')}").text()
                if found := re.search(rf"{re.escape(desk.url)}[^\s\"<]*{path}[^\s\"<]*", shown):
                    return found[0]
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"No letter leads to {path}.")


def ask(page: Page, desk: Desk, right: str, name: str, address: str) -> None:
    """Ask on the public page."""
    page.goto(f"{desk.url}/privacy/requests/alinge/")
    page.get_by_label("What do you ask for?").select_option(right)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()


def confirm(page: Page, link: str) -> None:
    """Open the link of the receipt and press the button."""
    page.goto(link)
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def look_through(page: Page, desk: Desk, address: str) -> None:
    """Open the newest case of this person, have everything looked through, and wait until it is."""
    page.goto(f"{desk.url}/alinge/settings/privacy/requests/")
    page.get_by_role("link").filter(has_text=address).first.click()
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Look everything through").click()
    for _ in range(TRIES):
        if page.get_by_role("link", name="Read the places").count() and not page.get_by_text("Being looked").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("Nothing was found.")


def decide_all(page: Page, decision: str) -> None:
    """Decide every open place."""
    page.get_by_role("link", name="Read the places").click()
    while page.get_by_role("button", name="Decide").count():
        page.get_by_label("Decision").first.select_option(decision)
        page.get_by_label("Reason").first.fill("Looked at")
        page.get_by_role("button", name="Decide").first.click()
        page.wait_for_load_state()


def until_closed(page: Page) -> None:
    """Wait until the case is answered."""
    for _ in range(TRIES):
        if page.get_by_text("Answered", exact=False).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("The case was not closed.")


def test_a_copy_from_asking_to_taking_it(
    desk: Desk, window: Callable[..., Page], as_person: Callable[..., Page], tmp_path: Path
) -> None:
    customer = window()
    be(customer, desk.customers, "Nadia Copy", "nadia@copies.example")
    write(customer, to="hej@alinge.example", subject="A red bell", text="Do you have a red bell for the small bike?")
    ask(window(), desk, "access", "Nadia Copy", "nadia@copies.example")
    confirm(window(), letter_link(customer, desk, "/confirm/"))

    karin = as_person(KARIN)
    look_through(karin, desk, "Nadia Copy")
    assert violations(karin) == []
    case = karin.url
    if karin.get_by_text("To be decided").count():
        decide_all(karin, "include")
        karin.goto(case)
    karin.get_by_role("button", name="Make the package and send its link").click()
    until_closed(karin)

    reader = window()
    reader.goto(letter_link(customer, desk, "/package/"))
    with reader.expect_download() as taken:
        reader.get_by_role("button", name="Take the file").click()
    path = tmp_path / "data.zip"
    taken.value.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {"index.html", "article-15.html", "redactions.html", "data.json"} <= set(archive.namelist())
        assert "red bell for the small bike" in archive.read("data.json").decode()
    reader.reload()
    expect(reader.get_by_role("heading", name="There is nothing here any more")).to_be_visible()


def test_an_erasure_from_asking_to_the_letter(
    desk: Desk, window: Callable[..., Page], as_person: Callable[..., Page]
) -> None:
    customer = window()
    be(customer, desk.customers, "Olof Gone", "olof@leaving.example")
    write(customer, to="hej@alinge.example", subject="A loose saddle", text="The saddle of my green bike is loose.")
    ask(window(), desk, "erasure", "Olof Gone", "olof@leaving.example")
    confirm(window(), letter_link(customer, desk, "/confirm/"))

    karin = as_person(KARIN)
    look_through(karin, desk, "Olof Gone")
    case = karin.url
    if karin.get_by_text("To be decided").count():
        decide_all(karin, "redact")
        karin.goto(case)
    karin.get_by_role("button", name="Approve the plan and erase").click()
    until_closed(karin)
    expect(karin.get_by_text("What is yours was removed")).to_be_attached()

    elin = as_person(ELIN)
    elin.goto(f"{desk.url}/alinge/contacts/")
    elin.get_by_label("Name, address or @domain").fill("olof@leaving.example")
    elin.keyboard.press("Enter")
    expect(elin.get_by_role("link", name="Olof Gone")).to_have_count(0)


def test_board_and_case_fit_a_phone_and_a_screen_reader(desk: Desk, as_person: Callable[..., Page]) -> None:
    karin = as_person(KARIN, viewport={"width": 320, "height": PHONE["height"]}, has_touch=True, is_mobile=True)
    karin.goto(f"{desk.url}/alinge/settings/privacy/requests/new/")
    karin.get_by_label("Your e-mail address").fill("phone@phone.example")
    karin.get_by_role("button", name="Open the case").click()
    case = karin.url
    for path in (case, f"{case}found/?show=all", f"{desk.url}/alinge/settings/privacy/requests/",
                 f"{desk.url}/privacy/requests/alinge/", f"{desk.url}/account/your-data/"):  # fmt: skip
        karin.goto(path)
        assert is_narrow(karin), path
        assert violations(karin) == [], path
