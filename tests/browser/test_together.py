"""Several people at one desk: who is here, who answers, what each is told, and what happens when the line is cut."""

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn, sample_sign_in
from tests.browser.test_access import found as axe_finds

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = sample_sign_in().password
ELIN, AISHA, MATTIAS, BIRGITTA = (
    SignIn(f"{name}@alinge.example", PASSWORD) for name in ("elin", "aisha", "mattias", "birgitta")
)
MAILBOX = "hej@alinge.example"


def write(desk: Desk, subject: str) -> None:
    """Let a customer's mail arrive."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Olle <olle@post.example>", MAILBOX, subject
    mail["Message-ID"] = make_msgid(domain="post.example")
    mail.set_content("Hello")
    desk.simulator.deliver(MAILBOX, mail.as_bytes())


def find(page: Page, desk: Desk, subject: str) -> str:
    """Wait until the ticket is there, and return its address."""
    row = page.locator("[data-row]").filter(has_text=subject)
    for _ in range(40):
        page.goto(f"{desk.url}/alinge/")
        if row.count():
            break
        page.wait_for_timeout(250)
    return desk.url + str(row.locator(".what").get_attribute("href"))


def test_two_at_one_ticket_see_one_another_and_one_takes_over(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha, mattias = as_person(ELIN), as_person(AISHA), as_person(MATTIAS)
    write(desk, "Who answers this one?")
    address = find(elin, desk, "Who answers this one?")
    mattias.goto(f"{desk.url}/alinge/")
    elin.goto(address)
    aisha.goto(address)

    expect(elin.locator("#beside").get_by_label("Aisha Warsame is reading this")).to_be_visible()
    expect(aisha.locator("#beside").get_by_label("Elin Sandström is reading this")).to_be_visible()
    expect(
        mattias.locator("[data-row]").filter(has_text="Who answers").get_by_label("Elin Sandström is reading this")
    ).to_be_visible()

    elin.locator("form.for-reply .editor").press_sequentially("The long one")
    expect(aisha.locator("#claim")).to_contain_text("Elin Sandström is answering since")
    expect(mattias.locator("[data-row]").filter(has_text="Who answers")).to_contain_text("Elin is answering")

    aisha.get_by_role("button", name="Take over").click()
    expect(elin.locator("#claim")).to_contain_text("Aisha Warsame has taken over")
    expect(elin.locator("form.for-reply .editor:visible")).to_contain_text("The long one")
    expect(aisha.locator("#claim .claim")).to_have_count(0)

    aisha.locator("form.for-reply .editor").fill("The short one.")
    aisha.get_by_role("button", name="Send", exact=False).last.click()
    expect(elin.locator("#timeline")).to_contain_text("The short one.")
    expect(elin.locator("#claim .claim")).to_have_count(0)
    aisha.goto(f"{desk.url}/alinge/notifications/")
    expect(elin.locator("#beside").get_by_label("Aisha Warsame is reading this")).to_have_count(0)


def test_who_is_given_a_ticket_is_told_while_they_look(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    write(desk, "A matter for Aisha")
    address = find(elin, desk, "A matter for Aisha")
    aisha.goto(f"{desk.url}/alinge/notifications/")
    if aisha.get_by_role("button", name="Mark all as read").count():
        aisha.get_by_role("button", name="Mark all as read").click()
    expect(aisha.locator("#bell .count")).to_have_count(0)

    elin.goto(address)
    own = elin.locator("#bell").inner_text()
    elin.get_by_label("Assignee").select_option(label="Aisha Warsame")

    expect(aisha.locator("#bell .count")).to_have_text("1 unread")
    expect(aisha.locator("#notices")).to_contain_text("was given to you or your team")
    expect(aisha.locator(".notice").first).to_contain_text("Elin Sandström gave it to you")
    expect(aisha.locator(".notice").first).to_contain_text("A matter for Aisha")
    assert axe_finds(aisha, "notifications") == []
    assert elin.locator("#bell").inner_text() == own  # who gave it is not told

    aisha.locator(".notice a").first.click()
    expect(aisha.get_by_role("heading", name="A matter for Aisha")).to_be_visible()
    expect(aisha.locator("#bell .count")).to_have_count(0)


def test_a_browser_notification_names_a_number_and_nothing_else(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    write(desk, "Nobody else should read this")
    address = find(elin, desk, "Nobody else should read this")
    aisha.add_init_script(
        """window.shown = [];
        window.Notification = class { constructor(title, options) { shown.push([title, options.body]); }
          addEventListener() {} static permission = "granted"; };"""
    )
    aisha.goto(f"{desk.url}/alinge/")
    expect(aisha.locator("[data-row]").first).to_be_visible()
    aisha.wait_for_timeout(1000)
    aisha.evaluate(
        """Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));"""
    )

    elin.goto(address)
    number = address.partition("/tickets/")[2].partition("/")[0]
    elin.get_by_label("Assignee").select_option(label="Aisha Warsame")

    for _ in range(60):
        if aisha.evaluate("window.shown.length"):
            break
        aisha.wait_for_timeout(250)
    shown = [["Ålinge Cykelfabrik", f"Ticket {number} was given to you or your team."]]
    assert aisha.evaluate("window.shown") == shown


def test_the_browser_is_asked_only_when_somebody_presses(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    elin.add_init_script(
        """window.asked = 0;
        window.Notification = class { static permission = "default";
          static async requestPermission() { window.asked++; Notification.permission = "granted"; } };"""
    )
    elin.goto(f"{desk.url}/alinge/notifications/choices/")
    button = elin.get_by_role("button", name="Allow notifications")
    expect(button).to_be_visible()
    assert elin.evaluate("window.asked") == 0

    button.click()

    expect(elin.get_by_text("This browser may show notifications.")).to_be_visible()
    expect(button).to_be_hidden()
    assert elin.evaluate("window.asked") == 1


def test_nothing_is_missed_while_the_line_is_cut(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    write(desk, "Before the tunnel")
    address = find(elin, desk, "Before the tunnel")
    elin.goto(address)
    aisha.goto(address)
    expect(elin.locator("#beside").get_by_label("Aisha Warsame is reading this")).to_be_visible()

    elin.context.set_offline(True)
    expect(elin.locator("#line")).to_contain_text("You are offline.")
    elin.locator("form.for-reply .editor").fill("Typed in the tunnel")
    aisha.locator(".segments label").filter(has_text="Note").click()
    aisha.locator("form.for-note .editor").fill("Said while you were away")
    aisha.get_by_role("button", name="Keep the note").click()
    expect(aisha.locator("#timeline")).to_contain_text("Said while you were away")
    assert "Said while you were away" not in str(elin.locator("#timeline").text_content())

    elin.context.set_offline(False)
    expect(elin.locator("#timeline")).to_contain_text("Said while you were away")
    expect(elin.locator("#line")).to_have_text("Live again, and up to date.")
    expect(elin.locator("#line")).to_be_empty()
    expect(elin.locator("form.for-reply textarea[name=text]")).to_have_value("Typed in the tunnel")


def test_without_a_line_the_page_looks_by_itself(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    elin.route("**/events/**", lambda route: route.abort())
    asked: list[float] = []
    elin.on("request", lambda request: asked.append(0) if "/events/" in request.url else None)
    elin.goto(f"{desk.url}/alinge/")
    expect(elin.locator("#line")).to_contain_text("The page looks by itself every half minute.")
    assert len(asked) < 5  # it does not hammer at the door

    write(desk, "Seen without a line")

    expect(
        elin.locator("#news button").or_(elin.locator("[data-row]").filter(has_text="Seen without a line")).first
    ).to_be_visible(timeout=45_000)


def test_a_colleague_is_mentioned_by_keyboard_alone(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    write(desk, "A question about spokes")
    elin.goto(find(elin, desk, "A question about spokes"))
    elin.wait_for_load_state()
    aisha.goto(f"{desk.url}/alinge/")
    elin.keyboard.press("n")
    note = elin.locator("form.for-note .editor")
    expect(note).to_be_focused()

    elin.keyboard.type("Ask @ai")
    offered = elin.get_by_role("listbox", name="Colleagues").get_by_role("option")
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("aria-selected", "true")
    expect(note).to_have_attribute("aria-activedescendant", str(offered.get_attribute("id")))
    assert axe_finds(elin, "ticket with names offered") == []
    elin.keyboard.press("Escape")
    expect(elin.locator("#callable")).to_be_hidden()
    expect(note).to_be_focused()
    elin.keyboard.type("s")
    elin.keyboard.press("Enter")
    expect(note).to_have_value("Ask @Aisha Warsame ")
    elin.keyboard.type("about 262 mm")
    elin.keyboard.press("Control+Enter")
    expect(elin.locator("#timeline")).to_contain_text("Ask @Aisha Warsame about 262 mm")

    expect(aisha.locator("#notices")).to_contain_text("You were mentioned in ticket")
    aisha.keyboard.press("g")
    aisha.keyboard.press("a")
    expect(aisha.locator("[data-row]").filter(has_text="A question about spokes")).to_be_visible()


def test_a_ticket_is_followed_by_one_key(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    write(desk, "Worth following")
    elin.goto(find(elin, desk, "Worth following"))
    elin.wait_for_load_state()

    elin.keyboard.press("w")
    expect(elin.get_by_role("button", name="Stop following")).to_be_visible()
    elin.keyboard.press("w")
    expect(elin.locator("#followers").get_by_role("button", name="Follow", exact=False)).to_contain_text("Follow")
    elin.keyboard.press("g")
    elin.keyboard.press("n")
    expect(elin.get_by_role("heading", name="Notifications")).to_be_visible()


def test_it_all_works_without_script(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, mattias = as_person(ELIN), as_person(MATTIAS, java_script_enabled=False)
    write(desk, "Nothing runs here")
    address = find(elin, desk, "Nothing runs here")
    elin.goto(address)
    elin.locator("form.for-reply .editor").press_sequentially("I am on it")
    mattias.goto(address)
    for _ in range(20):
        if mattias.get_by_role("button", name="Take over").count():
            break
        mattias.wait_for_timeout(250)
        mattias.reload()

    mattias.get_by_role("button", name="Take over").click()
    expect(elin.locator("#claim")).to_contain_text("Mattias Nyqvist has taken over")
    mattias.locator("#followers").get_by_role("button", name="Follow").click()
    expect(mattias.locator("#followers").get_by_role("button", name="Stop following")).to_be_visible()
    mattias.locator(".segments label").filter(has_text="Note").click()
    mattias.locator("form.for-note .editor").fill("@Elin, mine now")
    mattias.get_by_role("button", name="Keep the note").click()
    expect(mattias.locator("#timeline")).to_contain_text("@Elin, mine now")

    elin.goto(f"{desk.url}/alinge/?view=mentioned")
    expect(elin.locator("[data-row]").filter(has_text="Nothing runs here")).to_be_visible()
    mattias.goto(f"{desk.url}/alinge/notifications/choices/")
    mattias.get_by_role("group", name="An answer on mine or followed").get_by_label("By mail").check()
    mattias.get_by_role("button", name="Save").click()
    expect(mattias.get_by_role("group", name="An answer on mine or followed").get_by_label("By mail")).to_be_checked()


def test_a_phone_shows_the_claim_and_that_something_waits(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA, viewport=PHONE, is_mobile=True, has_touch=True)
    write(desk, "From a phone")
    address = find(elin, desk, "From a phone")
    elin.goto(address)
    aisha.goto(address)

    elin.locator("form.for-reply .editor").press_sequentially("On my way")

    expect(aisha.locator("#claim")).to_contain_text("Elin Sandström is answering")
    expect(aisha.locator("#beside").get_by_label("Elin Sandström is answering")).to_be_visible()
    assert not aisha.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert axe_finds(aisha, "phone") == []


def test_a_viewer_sees_who_is_there_and_is_seen(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, birgitta = as_person(ELIN), as_person(BIRGITTA)
    write(desk, "Only looking")
    address = find(elin, desk, "Only looking")
    elin.goto(address)
    birgitta.goto(address)

    expect(elin.locator("#beside").get_by_label("Birgitta Lund is reading this")).to_be_visible()
    expect(birgitta.locator("#beside").get_by_label("Elin Sandström is reading this")).to_be_visible()
    expect(birgitta.get_by_role("button", name="Follow")).to_have_count(0)
