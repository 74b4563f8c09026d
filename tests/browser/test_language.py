"""A person's language and zone: chosen in the profile, guessed before there is one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, sample_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.long]
MATTIAS = SignIn("mattias@alinge.example", sample_sign_in().password)
LANGUAGES = [
    ("nl", "Nederlands", "Van mij", "Antwoord"),
    ("de", "Deutsch", "Meine", "Antwort"),
    ("sv", "Svenska", "Mina", "Svar"),
    ("en", "English", "Mine", "Answer"),
]


def test_a_person_changes_the_language_and_the_whole_desk_follows(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(MATTIAS)
    for code, name, mine, answer in LANGUAGES:
        page.goto(f"{desk.url}/account/profile/")
        page.locator("#id_language").select_option(label=name)
        page.locator("main form [type=submit]").click()

        page.goto(f"{desk.url}/alinge/")
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator("#queues a").filter(has_text=mine)).to_be_visible()
        page.locator("[data-row] .what").first.click()
        expect(page.locator(".segments label").first).to_contain_text(answer)


@pytest.mark.parametrize(
    ("locale", "words"), [("sv-SE", "Logga in"), ("nl-NL", "Inloggen"), ("de-AT", "Anmelden"), ("fr-FR", "Sign in")]
)
def test_who_is_not_signed_in_is_met_in_the_browsers_language(
    desk: Desk, window: Callable[..., Page], locale: str, words: str
) -> None:
    page = window(locale=locale)
    page.goto(f"{desk.url}/account/login/")

    expect(page.get_by_role("heading", name=words)).to_be_visible()


def test_the_zone_of_the_browser_is_offered(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(MATTIAS, timezone_id="America/New_York")
    page.goto(f"{desk.url}/account/profile/")

    expect(page.locator("[data-zone-offer]")).to_contain_text("America/New York")
    page.locator("[data-zone-offer] button").click()
    expect(page.locator("#id_time_zone")).to_have_value("America/New_York")
