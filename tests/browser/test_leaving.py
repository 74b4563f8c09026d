"""The end of a mailbox and of an account, as their people see it: said before, shown meanwhile, undone in time."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, it_is_me, sample_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.long]
OWNER = sample_sign_in()
# The account that is closed: no other browser test works there.
MARIJKE = SignIn("marijke@kleihuis.example", OWNER.password, "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK", "kleihuis")


def test_a_mailbox_is_disconnected_watched_and_brought_back(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(OWNER)
    page.goto(f"{desk.url}/{OWNER.slug}/mailboxes/")
    connected = page.locator("table.cards tbody tr")
    before = connected.count()
    address = connected.first.locator(".address-cell").inner_text()
    connected.first.get_by_role("link", name="Disconnect").click()
    expect(page.get_by_role("heading", name=f"Disconnect {address}?")).to_be_visible()
    expect(page.get_by_text("7 days to turn back")).to_be_visible()

    page.get_by_role("button", name="Disconnect and erase").click()

    expect(page.get_by_role("heading", name=f"{address} is disconnected")).to_be_visible()
    expect(page.get_by_role("img", name="30 days left of 30")).to_be_visible()
    page.get_by_role("link", name="Privacy", exact=True).first.click()
    expect(page.get_by_text(f"{address} is being erased.")).to_be_visible()
    page.get_by_role("link", name=f"See it {address}").click()

    page.get_by_role("link", name="Reconnect and keep it").click()
    page.get_by_role("button", name="Go on to").click()
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_text(f"{address} is connected.")).to_be_visible()
    page.goto(f"{desk.url}/{OWNER.slug}/mailboxes/")
    expect(page.locator("table.cards tbody tr")).to_have_count(before)
    expect(page.get_by_text("days left")).to_have_count(0)


def test_an_account_is_exported_closed_and_opened_again(desk: Desk, as_person: Callable[..., Page]) -> None:
    """Marijke reads Dutch, so what is pressed is found by where it leads."""
    page = as_person(MARIJKE)
    settings = f"{desk.url}/{MARIJKE.slug}/settings/privacy"
    page.goto(f"{settings}/close/")
    it_is_me(page, MARIJKE)
    page.locator("main a[href$='/settings/privacy/exports/']").click()
    page.locator("form[action$='/settings/privacy/exports/'] button").click()
    with page.expect_download() as taken:
        page.locator("form[action$='/file/'] button").click()
    assert taken.value.suggested_filename == f"deskhero-{MARIJKE.slug}.zip"

    page.goto(f"{settings}/close/")
    company = page.locator("#id_name_helptext").inner_text()
    page.locator("#id_name").fill(company)
    page.locator("form[action$='/settings/privacy/close/'] button[type=submit]").click()
    expect(page).to_have_url(re.compile("/account/closing/"))
    assert page.goto(f"{desk.url}/{MARIJKE.slug}/").status == 404  # type: ignore[union-attr]

    page.goto(f"{desk.url}/")
    expect(page).to_have_url(re.compile("/account/closing/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(company)
    page.locator("form[action*='/account/closing/'] button:not([name])").click()

    expect(page).to_have_url(f"{desk.url}/{MARIJKE.slug}/mailboxes/")
    assert page.goto(f"{desk.url}/{MARIJKE.slug}/").status == 200  # type: ignore[union-attr]
