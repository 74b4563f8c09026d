"""An account ends for good: nobody turns back, the time comes, and only the mailed link leads to the proof."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import it_is_me
from tests.browser.proofs import eight_days_pass, is_genuine, link_in_service_mail
from tests.browser.test_contacts import violations
from tests.browser.test_leaving import MARIJKE

pytestmark = [pytest.mark.browser, pytest.mark.long]


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
