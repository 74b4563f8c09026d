"""Ctrl+K and the keys: everything without a mouse, said by the page itself, and off for who wants them off."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, sample_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = sample_sign_in().password
AISHA = SignIn("aisha@alinge.example", PASSWORD)
ELIN = SignIn("elin@alinge.example", PASSWORD)


@pytest.fixture
def page(desk: Desk, as_person: Callable[..., Page]) -> Page:
    """An agent's window with the list of all open tickets."""
    window = as_person(AISHA)
    window.goto(f"{desk.url}/alinge/?view=open")
    window.wait_for_load_state()
    return window


def open_first(page: Page) -> None:
    """Open the first ticket of the list by keyboard."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_be_visible()
    page.wait_for_load_state()


def ask(page: Page, text: str) -> None:
    """Open the palette and type."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Where to, or what to do")).to_be_focused()
    page.keyboard.type(text)


def test_a_few_letters_lead_to_a_view(page: Page, desk: Desk) -> None:
    ask(page, "clos")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Closed")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{desk.url}/alinge/?view=closed")


def test_a_page_of_the_own_account_is_found_by_another_word_for_it(page: Page, desk: Desk) -> None:
    ask(page, "recovery")
    page.get_by_role("option", name="Second step").click()

    expect(page).to_have_url(f"{desk.url}/account/second-step/")


def test_the_number_of_a_ticket_opens_it(page: Page, desk: Desk) -> None:
    ask(page, "#3")
    expect(page.get_by_role("option", selected=True)).to_have_text("Open ticket 3")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{desk.url}/alinge/tickets/3/")


def test_a_ticket_in_sight_is_found_by_its_subject(page: Page) -> None:
    subject = page.locator("[data-row] .subject").nth(2).inner_text()
    ask(page, subject[:12].lower())
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=subject)).to_be_visible()


def test_what_can_be_done_with_the_open_ticket_is_in_it_without_being_listed(page: Page) -> None:
    open_first(page)
    page.keyboard.press("Control+k")
    options = page.get_by_role("listbox").get_by_role("option")
    named = {text.strip() for text in options.locator(".clip").all_inner_texts()}
    assert {"Answer", "Note", "Assignee", "Close"} <= named

    page.keyboard.type("note")
    page.keyboard.press("Enter")
    expect(page.locator("form.for-note :focus")).to_be_visible()


def test_a_button_added_to_a_page_is_in_the_palette_at_once(page: Page) -> None:
    page.evaluate(
        "() => { const one = document.createElement('button'); one.dataset.command = 'Water the plants';"
        " one.addEventListener('click', () => { document.title = 'watered'; });"
        " one.textContent = '?'; document.querySelector('main').append(one); }"
    )
    ask(page, "plants")
    page.keyboard.press("Enter")

    expect(page).to_have_title("watered")


def test_escape_gives_the_focus_back_to_where_it_was(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    before = page.evaluate("document.activeElement.closest('[data-row]').id")
    ask(page, "nothing that exists")
    expect(page.locator("#palette [role=status]")).to_have_text("1 thing found")  # the way to the search
    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == before


def test_the_open_palette_has_no_fault_that_axe_knows(page: Page) -> None:
    for text in ("", "clos", "nothing that exists"):
        ask(page, text)
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = Axe().run(page, options=rules).response["violations"]
        assert not found, [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        page.keyboard.press("Escape")


def test_the_appearance_is_changed_from_it(page: Page) -> None:
    ask(page, "dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    ask(page, "as the system")
    page.keyboard.press("Enter")
    expect(page.locator("html[data-theme]")).to_have_count(0)


@pytest.mark.parametrize("opened", [False, True])
def test_the_map_shows_exactly_the_keys_that_work_here(page: Page, opened: bool) -> None:
    if opened:
        open_first(page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    bound = page.evaluate(
        "[...document.querySelectorAll('[data-key]')].filter((one) => one.checkVisibility() && !one.disabled)"
        ".map((one) => one.dataset.key)"
    )
    shown = page.evaluate(
        "[...document.querySelectorAll('#keys :is([data-keys-of=here], [data-keys-of=go]) > div')]"
        ".filter((one) => !one.hidden)"
        ".map((one) => [...one.querySelectorAll('kbd')].map((cap) => cap.textContent).join(' '))"
    )

    assert set(bound) <= set(shown)
    assert len(shown) == len(set(shown)), "one key, one meaning"
    assert {"g m", "j", "k", "r", "n", "a", "t", "e"} <= set(shown)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_key_on_a_line_of_the_list_acts_in_the_ticket_that_opens(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("r")

    expect(page.locator("form.for-reply :focus")).to_be_visible()


def test_j_and_k_walk_through_the_mails_of_a_ticket(page: Page) -> None:
    page.goto(page.url)
    page.locator("[data-row]").filter(has=page.locator(".who .n")).first.get_by_role("link").click()
    expect(page.locator("#timeline > article").nth(1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#timeline > article").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#timeline > article").nth(0)).to_be_focused()


def test_capital_j_and_k_walk_through_the_tickets_of_the_list(page: Page) -> None:
    page.goto(page.url)
    subjects = page.locator("[data-row] .subject").all_inner_texts()[:3]
    page.locator("[data-row]").first.get_by_role("link").first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(subjects[0])
    for key, subject in (("J", subjects[1]), ("J", subjects[2]), ("K", subjects[1]), ("K", subjects[0])):
        page.wait_for_load_state()
        page.keyboard.press(key)
        expect(heading).to_have_text(subject)
    page.wait_for_load_state()
    page.keyboard.press("K")
    expect(page.locator("#notices")).to_contain_text("That was the first ticket of this list.")
    expect(page.locator("[data-row]").first).to_be_visible()


def test_no_key_does_anything_while_somebody_types(page: Page) -> None:
    open_first(page)
    state = page.locator("#status").inner_text()
    page.keyboard.press("r")
    expect(page.locator("form.for-reply :focus")).to_be_visible()
    page.keyboard.type("e?jknat g m")

    typed = page.evaluate("document.activeElement.value ?? document.activeElement.innerText")
    assert typed.strip() == "e?jknat g m"
    expect(page.locator("#keys")).to_be_hidden()
    assert page.locator("#status").inner_text() == state
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")


def test_the_focus_stays_at_the_button_that_was_pressed(page: Page) -> None:
    open_first(page)
    close = page.locator("#acts [data-key=e]")
    close.focus()
    page.keyboard.press("Enter")
    expect(close).to_contain_text("Open again")
    expect(close).to_be_focused()

    page.keyboard.press("Enter")
    expect(close).to_contain_text("Close")
    expect(close).to_be_focused()


def test_single_letters_are_turned_off_in_the_profile_and_the_palette_stays(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    page = as_person(ELIN)
    page.goto(f"{desk.url}/account/profile/")
    page.get_by_label("Single letters do something").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk.url}/alinge/")
    page.wait_for_load_state()

    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    ask(page, "profile")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Profile")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/account/profile/")

    page.get_by_label("Single letters do something").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{desk.url}/alinge/")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_without_a_script_there_is_a_page_of_links(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(AISHA, java_script_enabled=False)
    page.goto(f"{desk.url}/alinge/")
    page.get_by_role("link", name="Go to…").click()
    page.get_by_role("main").get_by_role("link", name="Closed").click()
    expect(page).to_have_url(f"{desk.url}/alinge/?view=closed")

    page.goto(f"{desk.url}/alinge/go/")
    page.get_by_label("Number of a ticket").fill("3")
    page.get_by_role("button", name="Open").click()
    expect(page).to_have_url(f"{desk.url}/alinge/tickets/3/")
