"""Contacts ask a company on its public page; its owner carries each right out in the console, and the letter says so.

The person is an agent of one company, a customer of two, and asks only one of them: that one never learns of the other,
and nothing changes there. Access and erasure are walked in test_requests.py. It runs before the walks that close the
second sample company.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.console_pages import (
    ask,
    confirm,
    decide_all,
    letter_link,
    letter_that_says,
    look_through,
    number_of,
    open_case,
    until_closed,
)
from tests.browser.customers import be, write
from tests.browser.pages import SignIn, sample_sign_in
from tests.browser.test_leaving import MARIJKE
from tests.browser.test_search import box
from tests.browser.test_work import ELIN

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]
KARIN = sample_sign_in()
LEONIE = SignIn("leonie@kleihuis.example", KARIN.password, slug="kleihuis")
WRITES_AS = "Leonie Brand"
TRIES = 60
OTHER = "Kleihuis Groothandel"


@pytest.fixture(scope="module")
def asked_before() -> dict[str, bool]:
    """Whether the person has written to both companies yet."""
    return {}


@pytest.fixture
def customer(desk: Desk, window: Callable[..., Page], asked_before: dict[str, bool]) -> Page:
    """The person's own mailbox; both companies have a mail of hers, with a subject of its own."""
    page = window()
    be(page, desk.customers, WRITES_AS, LEONIE.email)
    if not asked_before:
        write(page, to="hej@alinge.example", subject="A basket of willow", text="Does it fit the small bike?")
        write(page, to="service@kleihuis.example", subject="My own two bowls", text="One of my bowls has a crack.")
        asked_before["done"] = True
    return page


def asked_case(customer: Page, desk: Desk, window: Callable[..., Page], karin: Page, right: str) -> str:
    """Ask, confirm the address by the receipt, open the case as who answers, and return its number."""
    number = ask(window(), desk, right, WRITES_AS, LEONIE.email)
    confirm(window(), letter_link(customer, desk, "/confirm/", number))
    open_case(karin, desk, number)
    return number


def unfold(page: Page, title: str) -> None:
    page.locator("details > summary").filter(has_text=title).first.click()


def contact_page(page: Page, desk: Desk, slug: str) -> None:
    """Open the person's profile at a company, by the address."""
    page.goto(f"{desk.url}/{slug}/contacts/?q={LEONIE.email}")
    page.locator("main table a, main .people a").filter(has_text=re.compile("Leonie")).first.click()


def ticket_in_queue(page: Page, desk: Desk, subject: str) -> None:
    """Open a ticket from the queue as soon as its mail has come in."""
    for _ in range(TRIES):
        page.goto(f"{desk.url}/alinge/")
        if page.get_by_role("link", name=subject).count():
            break
        page.wait_for_timeout(500)
    page.get_by_role("link", name=subject).first.click()


def seek(page: Page, desk: Desk, words: str) -> None:
    """Look for words on the page of searches."""
    page.goto(f"{desk.url}/alinge/search/")
    box(page).fill(words)
    page.keyboard.press("Enter")


def test_a_name_is_corrected_and_the_next_mail_does_not_change_it_back(
    desk: Desk, customer: Page, window: Callable[..., Page], as_person: Callable[..., Page]
) -> None:
    karin = as_person(KARIN)
    number = asked_case(customer, desk, window, karin, "rectification")

    unfold(karin, "The right name")
    karin.get_by_label("The right name").fill("Leonie Brandt-Öst")
    karin.get_by_role("button", name="Correct", exact=True).click()

    until_closed(karin)
    answer = letter_that_says(customer, desk, number, "says now what you wrote to us")
    assert OTHER not in answer
    assert OTHER not in karin.locator("main").inner_text()
    write(customer, to="hej@alinge.example", subject="And a bell", text="A bell, too, please.")
    elin = as_person(ELIN)
    for _ in range(TRIES):  # the profile is no list of the newest: it is opened again
        contact_page(elin, desk, "alinge")
        if elin.get_by_text("And a bell").count():
            break
        elin.wait_for_timeout(500)
    expect(elin.get_by_text("And a bell").first).to_be_visible()
    expect(elin.get_by_role("heading", level=1)).to_contain_text("Leonie Brandt-Öst")


@pytest.mark.parametrize(
    ("right", "button", "says"),
    [("objection", "Stop", "We stopped it on"), ("withdrawal", "Withdraw", "You withdrew your consent")],
)
def test_a_purpose_is_stopped_at_once(
    desk: Desk,
    customer: Page,
    window: Callable[..., Page],
    as_person: Callable[..., Page],
    right: str,
    button: str,
    says: str,
) -> None:
    karin = as_person(KARIN)
    number = asked_case(customer, desk, window, karin, right)

    unfold(karin, "Stop what is objected to" if right == "objection" else "Withdraw")
    karin.get_by_label("For what").select_option("surveys")
    karin.get_by_role("button", name=button, exact=True).click()

    until_closed(karin)
    assert OTHER not in letter_that_says(customer, desk, number, says)


def test_data_to_take_along_comes_as_json_csv_and_mbox_with_this_companys_mail_only(
    desk: Desk, customer: Page, window: Callable[..., Page], as_person: Callable[..., Page], tmp_path: Path
) -> None:
    karin = as_person(KARIN)
    karin.goto(f"{desk.url}/alinge/settings/privacy/requests/new/")  # she asked on the telephone
    karin.get_by_label("What do you ask for?").select_option("portability")
    karin.get_by_label("Your name").fill(WRITES_AS)
    karin.get_by_label("Your e-mail address").fill(LEONIE.email)
    karin.get_by_role("button", name="Open the case").click()
    number = number_of(karin)
    unfold(karin, "Add evidence")
    karin.get_by_label("How", exact=True).select_option("knowledge")
    karin.get_by_label("What you saw").fill("Called back at the number of her order; she named its day.")
    karin.get_by_label("The person", exact=True).check()
    karin.get_by_role("button", name="Keep", exact=True).click()
    look_through(karin)
    decide_all(karin, "include")

    karin.get_by_role("button", name="Make the package and send its link").click()

    until_closed(karin)
    reader = window()
    link = letter_link(customer, desk, "/package/", number)
    reader.goto(link)
    with reader.expect_download() as taken:
        reader.get_by_role("button", name="Take the file").click()
    path = tmp_path / "data.zip"
    taken.value.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        names = archive.namelist()
        content = {name: archive.read(name).decode(errors="replace") for name in names}
    assert {Path(name).suffix for name in names} >= {".json", ".csv", ".mbox"}, names
    assert any("fit the small bike" in text for text in content.values())
    assert not any("has a crack" in text or OTHER in text for text in content.values())
    reader.goto(link)
    expect(reader.get_by_role("heading", name="There is nothing here any more")).to_be_visible()


def test_who_is_restricted_is_only_stored_and_told_before_it_ends(
    desk: Desk, customer: Page, window: Callable[..., Page], as_person: Callable[..., Page]
) -> None:
    karin, elin = as_person(KARIN), as_person(ELIN)
    write(customer, to="hej@alinge.example", subject="My rights", text="Please restrict the processing of my data.")
    ticket_in_queue(elin, desk, "My rights")
    elin.get_by_role("button", name="Make this a request for their rights").click()
    expect(elin.get_by_text("and the receipt is on its way")).to_be_visible()
    number = number_of(elin)
    confirm(window(), letter_link(customer, desk, "/confirm/", number))
    open_case(karin, desk, number)
    seek(elin, desk, "willow")
    expect(elin.locator(".hits li").filter(has_text="A basket of willow")).to_be_visible()

    karin.get_by_role("button", name="Restrict", exact=True).click()

    until_closed(karin)
    assert OTHER not in letter_that_says(customer, desk, number, "nobody works with it")
    seek(elin, desk, "willow")
    expect(elin.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(elin.locator(".hits li")).to_have_count(0)
    write(customer, to="hej@alinge.example", subject="Where is my bell", text="I have not heard from you.")
    case = karin.url
    for _ in range(TRIES):
        if karin.get_by_text("was stored unopened").count():
            break
        karin.wait_for_timeout(500)
        karin.goto(case)
    expect(karin.get_by_text("1 mail came since, and was stored unopened.")).to_be_visible()
    elin.goto(f"{desk.url}/alinge/")
    expect(elin.get_by_text("Where is my bell")).to_have_count(0)

    unfold(karin, "Tell the person that it ends")
    karin.get_by_label("Why it ends").fill("The name was checked, and is right.")
    karin.get_by_role("button", name="Send the notice").click()
    letter_that_says(customer, desk, number, "The name was checked, and is right.")
    karin.get_by_role("button", name="End the restriction").click()
    expect(karin.get_by_text("Wait until then").first).to_be_visible()


def test_at_the_other_company_nothing_changed(desk: Desk, customer: Page, as_person: Callable[..., Page]) -> None:
    marijke = as_person(MARIJKE)
    marijke.goto(f"{desk.url}/kleihuis/settings/privacy/requests/")
    expect(marijke.locator("main").get_by_text(LEONIE.email)).to_have_count(0)  # nobody asked this company
    contact_page(marijke, desk, "kleihuis")
    expect(marijke.get_by_role("heading", level=1)).to_contain_text(WRITES_AS)
    expect(marijke.get_by_text("My own two bowls").first).to_be_visible()

    leonie = as_person(LEONIE)  # her account is there as before, and she works
    leonie.goto(f"{desk.url}/kleihuis/")
    expect(leonie.get_by_text("My own two bowls").first).to_be_visible()
