"""Contacts in a browser: found, edited, merged and undone, blocked, brought from a file; by keyboard, on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn, sample_sign_in
from tests.browser.test_access import RULES
from tests.browser.test_work import BIRGITTA, ELIN, deliver

pytestmark = [pytest.mark.browser, pytest.mark.long]
KARIN = sample_sign_in()


def make(page: Page, desk: Desk, name: str, address: str) -> str:
    """Add a contact by the page, and return the address of its profile."""
    page.goto(f"{desk.url}/alinge/contacts/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page.url


def is_narrow(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]


def test_somebody_is_found_by_the_beginning_of_a_name_and_edited_with_history(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    elin = as_person(ELIN)
    make(elin, desk, "Torvald Tester", "torvald@edited.example")
    elin.get_by_role("link", name="Contacts").first.click()
    elin.get_by_label("Name, address or @domain").fill("torv")
    elin.keyboard.press("Enter")
    elin.get_by_role("link", name="Torvald Tester").click()

    elin.get_by_role("link", name="Edit").click()
    elin.get_by_label("Name").fill("Torvald T. Tester")
    elin.get_by_label("Company").fill("Edited AB")
    elin.get_by_role("button", name="Save").click()

    expect(elin.get_by_role("heading", name="Torvald T. Tester")).to_be_visible()
    expect(elin.get_by_role("link", name="Edited AB")).to_be_visible()
    expect(elin.get_by_role("complementary", name="About this contact")).to_contain_text(
        "“Torvald Tester” to “Torvald T. Tester”"
    )
    assert "torv" not in elin.url


def test_two_become_one_and_two_again(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    other = make(elin, desk, "Mira Double", "mira@private.example")
    make(elin, desk, "Mira Twofold", "mira@work.example")
    elin.get_by_label("Add an address").fill("mira@private.example")
    elin.get_by_role("button", name="Add", exact=True).click()
    elin.get_by_role("link", name="Look at merging the two").click()
    expect(elin.locator(".side")).to_have_count(2)
    assert violations(elin) == []
    elin.get_by_role("button", name="Merge the two").click()

    expect(elin.locator(".addresses")).to_contain_text("mira@private.example")
    elin.goto(other)
    expect(elin.get_by_role("heading", name="Mira Twofold")).to_be_visible()

    elin.get_by_role("button", name="Undo").click()
    expect(elin.get_by_role("heading", name="Mira Double")).to_be_visible()
    expect(elin.locator(".addresses li")).to_have_count(1)


def test_mail_of_somebody_blocked_comes_into_no_queue_and_unblocked_it_does(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    elin = as_person(ELIN)
    make(elin, desk, "Spammy Sam", "sam@blocked.example")
    elin.get_by_role("button", name="Block this contact").click()
    expect(elin.locator(".banner.bad")).to_contain_text("kept as spam")
    profile = elin.url

    deliver(desk, subject="Buy my bicycles", sender="Sam <sam@blocked.example>")
    row = elin.locator("[data-row]").filter(has_text="Buy my bicycles")
    for _ in range(60):
        if row.count():
            break
        elin.wait_for_timeout(250)
        elin.reload()
    expect(row).to_be_visible()
    elin.goto(f"{desk.url}/alinge/")
    expect(elin.locator("[data-row]").first).to_be_visible()
    expect(elin.locator("[data-row]").filter(has_text="Buy my bicycles")).to_have_count(0)

    elin.goto(profile)
    row.get_by_role("link").click()
    expect(elin.locator("#timeline")).to_contain_text("Blocked sender")
    elin.goto(profile)
    elin.get_by_role("button", name="Unblock").click()
    expect(elin.locator(".banner.bad")).to_have_count(0)


def test_a_file_with_errors_is_looked_through_and_taken_in(desk: Desk, as_person: Callable[..., Page]) -> None:
    karin = as_person(KARIN)
    karin.goto(f"{desk.url}/alinge/contacts/")
    karin.get_by_role("link", name="Import").click()
    rows = "Name;E-mail;Company\r\nInga Import;inga@imported.example;Imported AB\r\nNobody;;\r\nBad;bad@@x;\r\n"
    karin.get_by_label("CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"\xef\xbb\xbf" + rows.encode()}
    )
    karin.get_by_role("button", name="Go on").click()
    expect(karin.get_by_label("E-mail")).to_have_value("address")
    assert violations(karin) == []
    karin.get_by_role("button", name="Look through all rows").click()
    expect(karin.locator("#progress")).to_contain_text("New contacts: 1.")
    errors = karin.get_by_role("region", name="Rows that cannot be taken in")
    expect(errors.get_by_role("row").nth(1)).to_contain_text("There is no e-mail address in it.")
    assert violations(karin) == []

    karin.get_by_role("button", name="Take in the other rows").click()

    expect(karin.locator("#progress")).to_contain_text("Done. The file is deleted.")
    expect(karin.locator("#progress")).to_contain_text("New: 1.")
    with karin.expect_download() as taken:
        karin.goto(f"{desk.url}/alinge/contacts/")
        karin.get_by_role("link", name="Export").click()
    assert "inga@imported.example" in taken.value.path().read_text("utf-8-sig")


def test_a_contact_is_looked_after_by_keyboard_alone(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    profile = make(elin, desk, "Kaj Keyboard", "kaj@keys.example")
    elin.goto(f"{desk.url}/alinge/")
    elin.keyboard.press("g")
    elin.keyboard.press("o")
    expect(elin.get_by_role("heading", name="Contacts")).to_be_visible()
    elin.keyboard.press("j")
    elin.keyboard.press("Enter")
    expect(elin).to_have_url(profile)

    elin.keyboard.press("n")
    elin.keyboard.type("Rides on Sundays")
    elin.keyboard.press("Tab")
    elin.keyboard.press("Enter")
    expect(elin.locator(".contact-notes")).to_contain_text("Rides on Sundays")
    elin.keyboard.press("e")
    expect(elin.get_by_role("heading", name="Edit")).to_be_visible()


def test_profiles_and_lists_fit_a_phone(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, viewport=PHONE)
    profile = make(elin, desk, "Pia " + "Phone" * 12, "pia.with.a.rather.long.address.for.a.phone@phone.example")
    for path in (profile, f"{desk.url}/alinge/contacts/", f"{desk.url}/alinge/companies/", f"{profile}merge/"):
        elin.goto(path)
        assert is_narrow(elin), path
        assert violations(elin) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_full_profile(scheme: str, desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, color_scheme=scheme)
    elin.goto(f"{desk.url}/alinge/")
    elin.locator("[data-row]").first.get_by_role("link").click()
    elin.get_by_role("link", name="Profile, notes and all tickets").click()
    expect(elin.get_by_role("region", name="Tickets").locator("[data-row]").first).to_be_visible()

    assert violations(elin) == []


def test_everything_works_without_a_script(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, java_script_enabled=False)
    make(elin, desk, "Nils Noscript", "nils@noscript.example")
    elin.get_by_label("Add an address").fill("nils@more.example")
    elin.get_by_role("button", name="Add", exact=True).click()
    elin.get_by_role("button", name="Make main nils@more.example").click()
    expect(elin.locator(".addresses li").first).to_contain_text("nils@more.example")
    elin.get_by_label("Note about this contact").fill("No script here")
    elin.get_by_role("button", name="Keep the note").click()
    expect(elin.locator(".contact-notes")).to_contain_text("No script here")
    elin.get_by_role("button", name="Block this contact").click()
    expect(elin.locator(".banner.bad")).to_be_visible()
    elin.goto(f"{desk.url}/alinge/contacts/")
    elin.get_by_label("Name, address or @domain").fill("nils")
    elin.get_by_role("button", name="Find").click()
    expect(elin.get_by_role("link", name="Nils Noscript")).to_be_visible()


def test_who_only_reads_sees_and_is_offered_nothing(desk: Desk, as_person: Callable[..., Page]) -> None:
    profile = make(as_person(ELIN), desk, "Rita Read", "rita@read.example")
    birgitta = as_person(SignIn(BIRGITTA.email, BIRGITTA.password))
    birgitta.goto(profile)

    expect(birgitta.get_by_role("heading", name="Rita Read")).to_be_visible()
    expect(birgitta.get_by_role("link", name="Edit")).to_have_count(0)
    expect(birgitta.locator("main form")).to_have_count(0)
