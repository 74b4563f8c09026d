"""People who sign in ask the operator; its officer carries each right out in Django admin, and the letter says so.

It runs before the walks that close the second sample company: its people ask here. They read Dutch and German, so what
they press is found by where it leads.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin_pages import staff_sign_in
from tests.browser.conftest import Desk
from tests.browser.customers import service_mails
from tests.browser.pages import SignIn, sample_sign_in
from tests.browser.test_leaving import MARIJKE

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]
PASSWORD = sample_sign_in().password
CASES = "/admin/privacy/datasubjectrequest/"
TRIES = 60


def person(name: str) -> SignIn:
    return SignIn(f"{name}@kleihuis.example", PASSWORD, slug="kleihuis")


def ask(page: Page, desk: Desk, right: str) -> str:
    """Ask on the own page, and return the number of the case."""
    page.goto(f"{desk.url}/account/your-data/")
    form = page.locator("form[action$='/your-data/']").last
    form.locator("[name=right]").select_option(right)
    form.locator("[name=said]").fill("Graag, en met antwoord.")
    form.locator("button[type=submit]").click()
    number = re.search(r"\d{4}-\d{3,}", page.locator(".request-list li").first.inner_text())
    assert number
    return number[0]


def open_case(page: Page, desk: Desk, number: str) -> None:
    """Open a case of the operator's queue from its list."""
    page.goto(f"{desk.url}{CASES}?queue__exact=operator")
    page.locator("#result_list tbody tr").filter(has_text=number).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def act(page: Page, name: str, words: str = "") -> None:
    """Do one of the acts of the case that is open."""
    page.locator(f"a[href$='/act/{name}/']").click()
    if words:
        page.locator("[name=text]").fill(words)
    page.locator("main form [type=submit], #content form [type=submit]").last.click()
    expect(page.get_by_text("Done.", exact=True)).to_be_visible()


def letters_to(page: Page, desk: Desk, address: str, number: str) -> list[str]:
    """Return the texts of the letters of a case, the newest first, once there are two: the receipt and the answer."""
    for _ in range(TRIES):
        found = list(service_mails(page, desk.customers, address, number))
        if len(found) > 1:
            break
        page.wait_for_timeout(500)
    return found


@pytest.mark.parametrize(
    ("name", "right", "does", "words", "says"),
    [
        ("leonie", "rectification", "rectify", "Leonie Rechtgeschrieben", "what we keep about you says now"),
        ("koen", "objection", "object", "", "We stopped it on"),
        ("koen", "withdrawal", "withdraw", "", "You withdrew your consent"),
        ("femke", "restriction", "restrict", "", "on we only store"),
    ],
)
def test_a_right_is_asked_for_carried_out_and_answered(
    desk: Desk,
    as_person: Callable[..., Page],
    window: Callable[..., Page],
    name: str,
    right: str,
    does: str,
    words: str,
    says: str,
) -> None:
    own = as_person(person(name))
    number = ask(own, desk, right)
    officer = as_person(staff_sign_in())
    open_case(officer, desk, number)

    act(officer, does, words)

    expect(officer.get_by_text("answered", exact=True).first).to_be_visible()
    expect(officer.locator(".done-line li").last).to_be_visible()
    answer, receipt = letters_to(window(), desk, person(name).email, number)[:2]
    assert says in answer
    assert says not in receipt
    assert "alinge" not in answer.lower()  # another company is never named
    if right == "rectification":
        own.goto(f"{desk.url}/account/profile/")
        expect(own.locator("[name=name]")).to_have_value(words)
    elif right == "objection":
        own.goto(f"{desk.url}/account/your-data/")
        expect(own.locator("form:has([value=analysis]) [name=allowed]")).to_have_value("yes")  # may be allowed again
    elif right == "restriction":
        own.goto(f"{desk.url}/kleihuis/")
        expect(own).to_have_url(re.compile("/account/login/"))


@pytest.mark.parametrize("right", ["access", "portability"])
def test_a_copy_of_the_account_is_made_at_once_and_taken_once(
    desk: Desk, as_person: Callable[..., Page], window: Callable[..., Page], right: str
) -> None:
    own = as_person(person("koen"))
    number = ask(own, desk, right)

    answer = letters_to(window(), desk, person("koen").email, number)[0]
    link = re.search(rf"{re.escape(desk.url)}\S+/package/\S+", answer)
    assert link
    reader = window()
    reader.goto(link[0])
    with reader.expect_download() as taken:
        reader.locator("main form button").click()
    assert taken.value.suggested_filename.endswith(".zip")
    reader.goto(link[0])
    expect(reader.locator("main form button")).to_have_count(0)


def test_an_account_is_erased_on_a_letter_once_its_company_has_ended_its_place(
    desk: Desk, as_person: Callable[..., Page], window: Callable[..., Page]
) -> None:
    owner = as_person(MARIJKE)
    owner.goto(f"{desk.url}/kleihuis/people/")
    row = owner.locator("tbody tr").filter(has_text="koen@kleihuis.example")
    row.locator("form[action*='/deactivate/'] button, a[href*='/deactivate/']").click()
    owner.wait_for_load_state()
    officer = as_person(staff_sign_in())
    officer.goto(f"{desk.url}{CASES}add/")
    officer.select_option("[name=right]", "erasure")
    officer.fill("[name=address]", "koen@kleihuis.example")
    officer.fill("[name=said]", "By letter: erase my account.")
    officer.click("[name=_save]")
    officer.goto(f"{desk.url}{CASES}?queue__exact=operator&right__exact=erasure")
    officer.locator("#result_list tbody tr").get_by_role("link").first.click()
    number = re.search(r"\d{4}-\d{3,}", officer.get_by_role("heading", level=1).inner_text())
    assert number

    act(officer, "confirm", "Called back at the number in his contract.")
    act(officer, "erase")

    expect(officer.get_by_text("answered", exact=True).first).to_be_visible()
    assert len(letters_to(window(), desk, "koen@kleihuis.example", number[0])) == 2
    stranger = window()
    stranger.goto(f"{desk.url}/account/login/")
    stranger.fill("[name=login]", "koen@kleihuis.example")
    stranger.fill("[name=password]", PASSWORD)
    stranger.click("main [type=submit]")
    expect(stranger.get_by_role("alert").first).to_be_visible()
