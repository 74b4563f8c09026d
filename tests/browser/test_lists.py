"""Lists: narrowed, saved, chosen from, changed at once and put back; by mouse, keyboard, on a phone, without script."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn
from tests.browser.test_work import AISHA, ELIN, MAILBOX, PASSWORD, deliver, open_ticket

pytestmark = [pytest.mark.browser, pytest.mark.long]
MATTIAS = SignIn("mattias@alinge.example", PASSWORD)


def arrive(page: Page, desk: Desk, *subjects: str) -> None:
    """Let mails arrive, and wait until the list has them."""
    for subject in subjects:
        deliver(desk, subject=subject)
    for subject in subjects:
        wait_for(page, desk, subject)


def wait_for(page: Page, desk: Desk, subject: str) -> None:
    """Look at the list until it has the ticket."""
    for _ in range(60):
        page.goto(f"{desk.url}/alinge/")
        if row(page, subject).count():
            break
        page.wait_for_timeout(250)
    expect(row(page, subject)).to_be_visible()


def row(page: Page, subject: str) -> Locator:
    """Return the line of a ticket."""
    return page.locator("[data-row]").filter(has_text=subject)


def test_a_list_is_narrowed_saved_and_found_again(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    arrive(elin, desk, "The lock is frozen")
    row(elin, "The lock is frozen").get_by_role("link").click()
    elin.wait_for_load_state()
    elin.get_by_label("Priority").select_option(label="Urgent")
    expect(elin.locator("#timeline")).to_contain_text("set the priority to urgent")

    elin.goto(f"{desk.url}/alinge/")
    elin.keyboard.press("f")
    elin.locator("#narrow").get_by_label("Priority").select_option(label="Urgent")
    elin.get_by_role("button", name="Show these").click()
    expect(row(elin, "The lock is frozen").locator(".badge.bad")).to_have_text("Urgent")
    elin.get_by_role("link", name="Save this view").click()
    elin.get_by_label("Name").fill("Burning")
    elin.get_by_role("button", name="Save").click()

    expect(elin.get_by_role("heading", name="Burning")).to_be_visible()
    beside = elin.locator("#saved-views").get_by_role("link", name="Burning")
    expect(beside).to_have_attribute("aria-current", "page")
    expect(beside.locator(".count")).to_have_text(re.compile(r"\d+"))
    elin.get_by_role("link", name="Change this view").click()
    elin.get_by_role("button", name="Delete this view").click()
    expect(elin.get_by_role("link", name="Burning")).to_have_count(0)


def test_chosen_tickets_are_closed_and_the_way_back_is_one_key(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    arrive(elin, desk, "Bell one", "Bell two", "Bell three")
    first, third = row(elin, "Bell three"), row(elin, "Bell one")
    first.locator(".pick input").click()
    third.locator(".pick input").click(modifiers=["Shift"])
    expect(elin.locator("[data-chosen]")).to_have_text(re.compile("chosen"))
    assert elin.locator(".pick input:checked").count() >= 3

    elin.keyboard.press("Escape")
    expect(elin.locator(".bulk")).to_be_hidden()
    for subject in ("Bell one", "Bell two"):
        row(elin, subject).locator(".pick input").check()
    elin.locator(".bulk").get_by_role("button", name="Close").click()

    expect(elin.locator("#change")).to_contain_text("2 tickets were changed.")
    expect(row(elin, "Bell one")).to_have_count(0)
    expect(row(elin, "Bell three")).to_be_visible()
    elin.wait_for_load_state()
    elin.keyboard.press("z")
    expect(elin.get_by_text("2 tickets are as before.").first).to_be_visible()
    elin.goto(f"{desk.url}/alinge/")
    expect(row(elin, "Bell one")).to_be_visible()


def test_everything_that_matches_is_changed_by_a_worker_with_its_progress(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    elin = as_person(ELIN)
    arrive(elin, desk, "Pump one", "Pump two")
    for subject in ("Pump one", "Pump two"):
        open_ticket(elin, desk, subject)
        elin.get_by_label("Priority").select_option(label="Low")
        expect(elin.locator("#timeline")).to_contain_text("set the priority to low")
    elin.goto(f"{desk.url}/alinge/?priority=low")
    box = row(elin, "Pump one").locator(".pick input")
    box.check()
    elin.evaluate(
        "document.querySelector('#bulk').insertAdjacentHTML('beforeend', '<input type=hidden name=all value=1>')"
    )

    elin.locator(".bulk").get_by_label("Or do something else").select_option(label="Snooze: Until they reply")
    elin.get_by_role("button", name="Apply").click()

    expect(elin.locator("#change")).to_contain_text("2 tickets were changed.")
    elin.get_by_role("navigation", name="Desk").get_by_role("link", name="Snoozed").click()
    expect(row(elin, "Pump two")).to_be_visible()


def test_a_whole_round_by_keyboard_alone(desk: Desk, as_person: Callable[..., Page]) -> None:
    aisha = as_person(AISHA)
    arrive(aisha, desk, "Saddle too hard")
    aisha.wait_for_load_state()
    while "Saddle too hard" not in aisha.evaluate("document.activeElement.closest('[data-row]')?.textContent ?? ''"):
        aisha.keyboard.press("j")
    aisha.keyboard.press("x")
    expect(row(aisha, "Saddle too hard").locator(".pick input")).to_be_checked()
    aisha.keyboard.press("a")
    aisha.keyboard.type("Snooze: Tomorrow")
    aisha.keyboard.press("Enter")
    expect(aisha.locator("#change")).to_contain_text("1 ticket was changed.")

    aisha.keyboard.press("g")
    aisha.keyboard.press("s")
    expect(row(aisha, "Saddle too hard")).to_be_visible()
    aisha.wait_for_load_state()
    while "Saddle too hard" not in aisha.evaluate("document.activeElement.closest('[data-row]')?.textContent ?? ''"):
        aisha.keyboard.press("j")
    aisha.keyboard.press("Enter")
    expect(aisha.get_by_role("heading", name="Saddle too hard")).to_be_visible()
    aisha.wait_for_load_state()
    aisha.keyboard.press("s")
    expect(aisha.locator("#status")).to_contain_text("Open")
    aisha.keyboard.press("s")
    expect(aisha.locator("#snooze")).to_be_visible()
    aisha.keyboard.press("Enter")
    expect(aisha.locator("#status")).to_contain_text("Snoozed")
    aisha.keyboard.press("z")
    expect(aisha.locator("#status")).to_contain_text("Open")


def test_a_reply_wakes_what_sleeps_before_the_agents_eyes(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    opening, reply = EmailMessage(), EmailMessage()
    for mail, text in ((opening, "They turn in the hand."), (reply, "Now one came off.")):
        mail["From"], mail["To"], mail["Subject"] = "Olle <olle@post.example>", MAILBOX, "Grips are loose"
        mail["Message-ID"] = make_msgid(domain="post.example")
        mail.set_content(text)
    reply["In-Reply-To"] = opening["Message-ID"]
    desk.simulator.deliver(MAILBOX, opening.as_bytes())
    wait_for(elin, desk, "Grips are loose")
    open_ticket(elin, desk, "Grips are loose")
    elin.get_by_role("button", name="Snooze").first.click()
    elin.get_by_role("button", name="Until they reply").click()
    expect(elin.locator("#status")).to_contain_text("Snoozed")
    expect(elin.locator("#timeline")).to_contain_text("until the contact writes")

    desk.simulator.deliver(MAILBOX, reply.as_bytes())

    expect(elin.locator("#status")).to_contain_text("Open")
    expect(elin.locator("#timeline")).to_contain_text("This ticket woke up")


def test_rows_change_where_they_stand_and_keep_their_tick(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    arrive(elin, desk, "Rack is bent")
    mine = row(elin, "Rack is bent")
    mine.locator(".pick input").check()
    before = mine.bounding_box()

    open_ticket(aisha, desk, "Rack is bent")
    aisha.get_by_label("Priority").select_option(label="High")
    deliver(desk, subject="Something newer")

    expect(mine.locator(".badge.warn")).to_have_text("High")
    expect(elin.locator("#news button")).to_contain_text("new ticket")
    expect(mine.locator(".pick input")).to_be_checked()
    after = mine.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["x"] - before["x"]) < 1


def test_on_a_phone_tickets_are_chosen_and_changed(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, viewport=PHONE, has_touch=True, is_mobile=True)
    arrive(elin, desk, "Wheel is soft")
    row(elin, "Wheel is soft").locator(".pick").tap()
    expect(elin.locator(".bulk")).to_be_visible()
    assert not elin.evaluate("document.documentElement.scrollWidth > innerWidth")

    elin.get_by_label("Or do something else").select_option(label="Priority: Urgent")
    elin.get_by_role("button", name="Apply").tap()

    expect(row(elin, "Wheel is soft").locator(".badge.bad")).to_have_text("Urgent")
    elin.get_by_role("button", name="Undo").first.tap()
    expect(elin.get_by_text("1 ticket is as before.").first).to_be_visible()


def test_without_script_tickets_are_chosen_changed_and_put_back(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(MATTIAS, java_script_enabled=False)
    arrive(page, desk, "Basket fell off")
    row(page, "Basket fell off").locator(".pick input").check()
    page.get_by_label("Or do something else").select_option(label="State: Spam")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#change")).to_contain_text("1 ticket was changed.")
    page.locator("#change").get_by_role("button", name="Undo").click()
    expect(page.locator("#change")).to_contain_text("1 ticket is as before.")

    open_ticket(page, desk, "Basket fell off")
    page.get_by_role("button", name="Snooze").first.click()
    page.get_by_role("button", name="Tomorrow morning").click()
    expect(page.locator("#status")).to_contain_text("Snoozed")
    page.get_by_role("button", name="Wake").click()
    expect(page.locator("#status")).to_contain_text("Open")

    page.goto(f"{desk.url}/alinge/")
    page.get_by_role("button", name="Filter").click()
    page.locator("#narrow").get_by_label("Nothing happened for").select_option(label="1 day")
    page.get_by_role("button", name="Show these").click()
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Without a script")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Without a script")).to_be_visible()
