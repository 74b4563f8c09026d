"""What customers do, on the simulator's pages."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect


def be(page: Page, customers: str, name: str, address: str) -> None:
    """Become this customer in the pretend mail program."""
    page.goto(f"{customers}/people/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Address").fill(address)
    page.get_by_role("button", name="Be this customer").click()
    expect(page.get_by_role("heading", name=f"{name}’s pretend mailbox")).to_be_visible()


def write(page: Page, *, to: str, subject: str, text: str) -> None:
    """Write a mail to a company."""
    page.get_by_role("link", name="Write a mail").first.click()
    form = page.locator("#write")
    form.get_by_label("To", exact=True).fill(to)
    form.get_by_label("Subject").fill(subject)
    form.get_by_label("Text", exact=True).fill(text)
    form.get_by_role("button", name="Send as").click()
    expect(page.locator("article.mail").filter(has_text=text.splitlines()[0]).first).to_be_visible()


def open_answered(page: Page, customers: str, subject: str) -> None:
    """Wait in the inbox until the company's answer is there, and open its thread."""
    page.get_by_role("link", name="Inbox").click()
    row = page.locator("nav.inbox li").filter(has_text=subject)
    for _ in range(40):  # the page looks by itself every ten seconds; a person presses reload
        if row.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    row.first.get_by_role("link").click()
    expect(page.locator("article.mail").first).to_be_visible()


def headers_of(page: Page, position: int) -> dict[str, str]:
    """Return the headers of a mail in the open thread, newest first, as the mail program shows them."""
    shown = page.locator("article.mail").nth(position).locator("dd[data-header]")
    return {str(one.get_attribute("data-header")): " ".join((one.text_content() or "").split()) for one in shown.all()}


def write_back(page: Page, text: str) -> None:
    """Answer in the open thread."""
    count = page.locator("article.mail").count()
    form = page.get_by_role("form", name="Answer")
    form.get_by_label("Write back as").fill(text)
    form.get_by_role("button", name="Send as").click()
    expect(page.locator("article.mail")).to_have_count(count + 1)


def service_mails(page: Page, customers: str, address: str, subject: str = "") -> Iterator[str]:
    """Yield the texts of the mails that the desk sent to this address by itself, the newest first."""
    page.goto(f"{customers}/service-mail/")
    mails = page.locator("nav.inbox li a").filter(has_text=address).filter(has_text=subject)
    for number in range(mails.count()):
        mails.nth(number).click()
        yield page.locator(".service-text").inner_text()


def code_from_service_mail(page: Page, customers: str, address: str) -> str:
    """Return the code of the newest mail that the desk sent to this address by itself."""
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", next(service_mails(page, customers, address), ""))
    assert found, "The mail has no code."
    return found[0]
