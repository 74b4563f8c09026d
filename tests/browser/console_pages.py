"""What people press around a request of a contact: who asks, on the public page, and who answers, in the console."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

TRIES = 60


def letters(page: Page, desk: Desk, number: str = "") -> Iterator[str]:
    """Yield what the letters in the customer's open mailbox say, the newest first; only of this case if it is named."""
    page.get_by_role("link", name="Inbox").click()
    rows = page.locator("nav.inbox li:not(.write) a").filter(has_text=number)
    for row in range(rows.count()):
        rows.nth(row).click()
        for frame in page.locator("iframe.frame").all():  # a mail with a design of its own
            yield page.request.get(f"{desk.customers}{frame.get_attribute('src')}").text()


def letter_link(page: Page, desk: Desk, path: str, number: str = "") -> str:
    """Wait until a letter with a link to this page is in the customer's mailbox, and return the link's address."""
    return _in_a_letter(page, desk, number, rf"{re.escape(desk.url)}[^\s\"<]*{path}[^\s\"<]*")[0]


def letter_that_says(page: Page, desk: Desk, number: str, words: str) -> str:
    """Wait until a letter of this case says these words, and return all it says."""
    return _in_a_letter(page, desk, number, re.escape(words)).string


def _in_a_letter(page: Page, desk: Desk, number: str, pattern: str) -> re.Match[str]:
    for _ in range(TRIES):
        for shown in letters(page, desk, number):
            if found := re.search(pattern, shown):
                return found
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"No letter has {pattern}.")


def number_of(page: Page) -> str:
    """Return the number of the case that this page is about."""
    number = re.search(r"\b\d{4}-\d{3,}\b", page.locator("body").inner_text())
    assert number
    return number[0]


def ask(page: Page, desk: Desk, right: str, name: str, address: str) -> str:
    """Ask on the public page, and return the number that the case has."""
    page.goto(f"{desk.url}/privacy/requests/alinge/")
    page.get_by_label("What do you ask for?").select_option(right)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    return number_of(page)


def confirm(page: Page, link: str) -> None:
    """Open the link of the receipt and press the button."""
    page.goto(link)
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def open_case(page: Page, desk: Desk, number: str) -> None:
    """Open a case from the board, by its number; whose it is has been confirmed."""
    page.goto(f"{desk.url}/alinge/settings/privacy/requests/")
    page.get_by_role("link").filter(has_text=number).first.click()
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()


def look_through(page: Page) -> None:
    """Have everything looked through for the case that is open, and wait until it is."""
    page.get_by_role("button", name="Look everything through").click()
    for _ in range(TRIES):
        if page.get_by_role("link", name="Read the places").count() and not page.get_by_text("Being looked").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("Nothing was found.")


def decide_all(page: Page, decision: str) -> None:
    """Decide every open place, and come back to the case."""
    case = page.url
    if not page.get_by_text("To be decided").count():
        return
    page.get_by_role("link", name="Read the places").click()
    while page.get_by_role("button", name="Decide").count():
        page.get_by_label("Decision").first.select_option(decision)
        page.get_by_label("Reason").first.fill("Looked at")
        page.get_by_role("button", name="Decide").first.click()
        page.wait_for_load_state()
    page.goto(case)


def until_closed(page: Page) -> None:
    """Wait until the case is answered."""
    for _ in range(TRIES):
        if page.get_by_text("Answered", exact=False).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("The case was not closed.")
