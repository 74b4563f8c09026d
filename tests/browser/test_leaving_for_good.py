"""A mailbox and then the account end for good: nobody turns back, the time comes, and the proof is read and verified.

The time comes as it does for an operator after an outage: `manage.py run_retention`, with the clock of a later day.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import HOME, Desk, surroundings
from tests.browser.customers import service_mails
from tests.browser.pages import it_is_me
from tests.browser.test_contacts import violations
from tests.browser.test_leaving import MARIJKE

pytestmark = [pytest.mark.browser, pytest.mark.long]


def manage(desk: Desk, *words: str, **extra: str) -> str:
    """Run a command of the operator beside the running desk, and return what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HOME,
        env=surroundings(desk.data) | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def eight_days_pass(desk: Desk) -> str:
    moment = timezone.now() + timedelta(days=8)
    return manage(desk, "run_retention", "--now", moment.isoformat(), DESKHERO_TEST_CLOCK="1")


def is_genuine(desk: Desk, taken: Download, folder: Path) -> bool:
    """Verify the file as anybody may: the command reads the file and asks no database."""
    file = folder / taken.suggested_filename
    taken.save_as(file)
    return "genuine" in manage(desk, "verify_certificate", str(file))


def link_in_service_mail(page: Page, desk: Desk, address: str, path: str) -> str:
    """Return the newest link to such a page that the desk itself mailed to this address."""
    for text in service_mails(page, desk.customers, address):
        if found := re.search(rf"{re.escape(desk.url)}{path}\S+", text):
            return found[0]
    pytest.fail(f"No mail to {address} leads to {path}.")


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


def test_an_account_is_gone_and_only_the_mailed_link_leads_to_the_proof(
    desk: Desk, as_person: Callable[..., Page], window: Callable[..., Page], tmp_path: Path
) -> None:
    page = as_person(MARIJKE)
    page.goto(f"{desk.url}/{MARIJKE.slug}/settings/privacy/close/")
    it_is_me(page, MARIJKE)
    expect(page.locator("main a[href$='/settings/privacy/exports/']")).to_be_visible()  # offered before
    company = page.locator("#id_name_helptext").inner_text()
    page.locator("#id_name").fill(company)
    page.locator("form[action$='/settings/privacy/close/'] button[type=submit]").click()
    expect(page).to_have_url(re.compile("/account/closing/"))
    anybody = window()
    link = link_in_service_mail(anybody, desk, MARIJKE.email, "/account/closed/")
    anybody.goto(link)
    expect(anybody.get_by_role("img")).to_be_visible()  # the days that are left
    expect(anybody.locator("article.certificate")).to_have_count(0)

    assert "certified" in eight_days_pass(desk)

    anybody.reload()
    expect(anybody.locator("article.certificate")).to_contain_text(company)
    assert violations(anybody) == []
    with anybody.expect_download() as taken:
        anybody.locator("a.primary[href*='/account/closed/']").click()
    assert is_genuine(desk, taken.value, tmp_path)

    anybody.goto(f"{desk.url}/account/login/")
    anybody.fill("[name=login]", MARIJKE.email)
    anybody.fill("[name=password]", MARIJKE.password)
    anybody.click("main [type=submit]")
    expect(anybody.get_by_role("alert").first).to_be_visible()  # there is no such account any more
    assert page.goto(f"{desk.url}/{MARIJKE.slug}/").url.startswith(f"{desk.url}/account/login/")  # type: ignore[union-attr]
