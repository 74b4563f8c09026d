"""A mailbox ends for good: nobody turns back, the time comes, and the proof is read, printed and verified.

It runs before the walk that closes the account of the same company.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.proofs import eight_days_pass, is_genuine
from tests.browser.test_contacts import violations
from tests.browser.test_leaving import MARIJKE

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_mailbox_is_gone_and_its_certificate_is_read_printed_and_verified(
    desk: Desk, as_person: Callable[..., Page], tmp_path: Path
) -> None:
    """Marijke reads Dutch, so what is pressed is found by where it leads."""
    page = as_person(MARIJKE)
    page.goto(f"{desk.url}/{MARIJKE.slug}/mailboxes/")
    row = page.locator("table.cards tbody tr").first
    address = row.locator(".address-cell").inner_text()
    row.locator("a[href$='/disconnect/']").click()
    page.locator("form[action$='/disconnect/'] button[type=submit]").click()
    expect(page).to_have_url(re.compile("/settings/privacy/deletions/"))
    job = page.url
    expect(page.locator("a[href*='/certificates/'][href$='/file/']")).to_have_count(0)

    assert "certified" in eight_days_pass(desk)

    page.goto(job)
    expect(page.get_by_role("heading", level=1)).to_contain_text(address)
    page.locator("main a.primary[href*='/settings/privacy/certificates/']").click()
    certificate = page.locator("article.certificate")
    expect(certificate).to_contain_text(address)
    expect(certificate.get_by_text("Ed25519")).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as taken:
        page.locator("a.primary[href$='/file/']").click()
    assert is_genuine(desk, taken.value, tmp_path)

    page.emulate_media(media="print")  # the paper has the certificate, and nothing that is pressed
    expect(certificate).to_be_visible()
    expect(page.locator(".on-paper")).to_be_visible()
    expect(page.locator("a.primary[href$='/file/']")).to_be_hidden()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    page.emulate_media(media="screen")

    page.goto(f"{desk.url}/{MARIJKE.slug}/mailboxes/")
    expect(page.locator("table.cards tbody tr").filter(has_text=address)).to_have_count(0)
