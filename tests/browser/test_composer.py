"""Writing at the desk: nothing typed is lost, nobody answers past another, what leaves is what was written."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, SignIn, sample_sign_in, sign_in
from tests.browser.test_work import MAILBOX, deliver

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = sample_sign_in().password
ELIN = SignIn("elin@alinge.example", PASSWORD)
AISHA = SignIn("aisha@alinge.example", PASSWORD)
MATTIAS = SignIn("mattias@alinge.example", PASSWORD)
SAVED = "Draft saved"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
PASTE = """(png) => {
    const paste = (fill) => {
        const clipboardData = new DataTransfer();
        fill(clipboardData);
        const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        document.querySelector(".ProseMirror").dispatchEvent(event);
    };
    const table = "<table><tr><td>Chain</td><td onclick=x>9 speed</td></tr></table>";
    paste((data) => data.setData("text/html", table));
    const picture = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    paste((data) => data.items.add(new File([picture], "chain.png", { type: "image/png" })));
}"""


def asked(desk: Desk, page: Page, subject: str, sender: str = "Olle Ek <olle@post.example>") -> None:
    """Let a customer ask, and open the ticket."""
    deliver(desk, subject=subject, text="Please tell me.", sender=sender)
    page.goto(f"{desk.url}/alinge/")
    row = page.locator("[data-row]").filter(has_text=subject)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()
    page.wait_for_load_state()


def editor(page: Page) -> object:
    """Go into the text and return the editor, which has taken the plain field's place by then."""
    page.locator("form.for-reply .editor").click()
    rich = page.locator("form.for-reply .ProseMirror")
    expect(rich).to_be_visible()
    return rich


def saved(page: Page) -> None:
    expect(page.locator("form.for-reply [data-saved]")).to_contain_text(SAVED)


def received(desk: Desk, page: Page, address: str, subject: str) -> EmailMessage:
    """Wait until the customer has the answer and return it."""
    for _ in range(80):
        for mail in desk.simulator.inbox(address):
            parsed = message_from_bytes(mail.raw, policy=policy.default)
            if subject in str(parsed["Subject"]):
                return parsed
        page.wait_for_timeout(250)
    raise AssertionError(f"{address} has no answer to {subject}")


def left(desk: Desk, page: Page, subject: str) -> EmailMessage:
    """Wait until a mail of that subject has left one of our mailboxes and return it."""
    for _ in range(80):
        sent = [mail for address in (MAILBOX, "handlare@alinge.example") for mail in desk.simulator.sent(address)]
        for mail in sent:
            parsed = message_from_bytes(mail.raw, policy=policy.default)
            if subject in str(parsed["Subject"]):
                return parsed
        page.wait_for_timeout(250)
    raise AssertionError(f"Nothing about {subject} has left")


def test_a_draft_is_there_after_a_reload_and_on_another_device(desk: Desk, as_person: Callable[..., Page]) -> None:
    laptop, phone = as_person(ELIN), as_person(ELIN, viewport=PHONE)
    asked(desk, laptop, "Which saddle for long tours?")
    editor(laptop).press_sequentially("The leather one")  # type: ignore[attr-defined]
    saved(laptop)

    laptop.reload()
    expect(laptop.locator("form.for-reply .editor").last).to_contain_text("The leather one")
    phone.goto(laptop.url)
    expect(phone.locator("form.for-reply .ProseMirror")).to_contain_text("The leather one")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.goto(f"{desk.url}/alinge/")
    expect(phone.locator("[data-row]").filter(has_text="Which saddle").get_by_text("Draft", exact=True)).to_be_visible()
    assert laptop.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_a_session_that_ends_while_typing_loses_nothing(desk: Desk, window: Callable[..., Page]) -> None:
    page = window()
    sign_in(page, desk.url, MATTIAS)
    asked(desk, page, "Do you repair hub gears?")
    writing = editor(page)
    writing.press_sequentially("Yes, ")  # type: ignore[attr-defined]
    saved(page)
    page.context.clear_cookies()
    writing.press_sequentially("every Thursday.")  # type: ignore[attr-defined]
    expect(page.locator("form.for-reply [data-saved]")).to_contain_text("You are signed out.")
    page.locator("form.for-reply").get_by_role("link", name="Sign in again").click()
    page.fill("[name=login]", MATTIAS.email)
    page.fill("[name=password]", MATTIAS.password)
    page.click("main [type=submit]")

    expect(page.locator("form.for-reply .ProseMirror")).to_contain_text("Yes, every Thursday.")
    saved(page)


def test_without_a_connection_the_page_says_so_and_sends_when_it_is_back(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    page = as_person(AISHA)
    asked(desk, page, "Is the trailer in stock?", "Kim <kim.trailer@post.example>")
    writing = editor(page)
    page.context.set_offline(True)
    writing.press_sequentially("Two of them.")  # type: ignore[attr-defined]
    expect(page.locator("form.for-reply [data-saved]")).to_contain_text("No connection")
    page.keyboard.press("Control+Enter")
    expect(page.locator("form.for-reply [data-saved]")).to_contain_text("is sent when the connection is back")

    page.context.set_offline(False)
    expect(page.locator("article.ours")).to_contain_text("Two of them.")
    received(desk, page, "kim.trailer@post.example", "trailer")


def test_an_answer_is_taken_back_and_then_sent_and_closed(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(ELIN)
    asked(desk, page, "Can I return the lock?")
    editor(page).press_sequentially("No.")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Send Ctrl").click()
    page.locator("article.ours").get_by_role("button", name="Undo sending").click()

    expect(page.locator("form.for-reply .ProseMirror")).to_have_text("No.")
    expect(page.locator("article.ours")).to_have_count(0)
    page.locator("form.for-reply .ProseMirror").fill("Of course you can.")
    page.get_by_role("button", name="Send and close").click()
    expect(page.locator("article.ours")).to_contain_text("Of course you can.")
    expect(page.locator("#status")).to_contain_text("Closed")
    expect(page.locator("article.ours .delivery.sent")).to_be_visible()
    texts = [str(mail.raw) for mail in desk.simulator.sent(MAILBOX) if "return the lock" in str(mail.raw)]
    assert len(texts) == 1
    assert "Of course you can." in texts[0]


def test_two_agents_at_once_and_the_second_sees_what_the_first_said(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    asked(desk, elin, "When do you open on Sundays?")
    aisha.goto(elin.url)
    editor(aisha).press_sequentially("At noon.")  # type: ignore[attr-defined]
    editor(elin).press_sequentially("We are closed on Sundays.")  # type: ignore[attr-defined]
    elin.keyboard.press("Control+Enter")
    expect(elin.locator("article.ours")).to_be_visible()

    aisha.keyboard.press("Control+Enter")
    held = aisha.locator(".composer .newer")
    expect(held).to_contain_text("Not sent yet")
    expect(held).to_contain_text("We are closed on Sundays.")
    expect(aisha.locator("form.for-reply .ProseMirror")).to_have_text("At noon.")
    expect(aisha.get_by_role("button", name="Send anyway")).to_be_visible()
    expect(aisha.locator("article.ours")).to_have_count(1)


def test_rich_text_reaches_the_customer_as_it_was_written(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(ELIN)
    wrong: list[str] = []
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    asked(desk, page, "How do I oil the chain?", "Kim <kim.chain@post.example>")
    writing = editor(page)
    toolbar = page.get_by_role("toolbar", name="Layout")
    toolbar.get_by_role("button", name="Bold").click()
    page.keyboard.type("Clean it first")
    toolbar.get_by_role("button", name="Bold").click()
    page.keyboard.press("Enter")
    toolbar.get_by_role("button", name="List", exact=True).click()
    page.keyboard.type("one drop a link")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, PNG)
    expect(writing.locator("img[src]")).to_be_visible()  # type: ignore[attr-defined]
    expect(writing.locator("td").first).to_have_text("Chain")  # type: ignore[attr-defined]
    saved(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.ours .rich strong")).to_have_text("Clean it first")
    expect(page.locator("article.ours .rich img")).to_be_visible()

    mail = received(desk, page, "kim.chain@post.example", "oil the chain")
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "<strong>Clean it first</strong>" in html
    assert "<td>Chain</td>" in html
    assert "onclick" not in html
    assert "cid:" in html
    assert plain.startswith("Clean it first\n\n- one drop a link")
    assert "Chain | 9 speed" in plain
    assert [part.get_content_type() for part in mail.walk() if part.get_content_maintype() == "image"] == ["image/png"]
    assert [line for line in wrong if "inline event handler" not in line] == []  # of the pasted one it says: not run


def test_a_canned_reply_is_put_in_by_keyboard(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(AISHA)
    page.goto(f"{desk.url}/alinge/canned/")
    page.get_by_label("Name").fill("Brakes: how to bleed")
    page.get_by_label("Text", exact=True).fill("Hello {first_name|there}, it is easy. About {number}.")
    page.get_by_role("button", name="Make it").click()
    asked(desk, page, "My brakes feel soft")
    page.keyboard.press("r")
    expect(page.locator("form.for-reply .ProseMirror")).to_be_focused()
    page.keyboard.type("/bleed")
    expect(page.get_by_role("listbox", name="Canned reply").get_by_role("option", selected=True)).to_have_text(
        "Brakes: how to bleed"
    )
    page.keyboard.press("Enter")

    expect(page.locator("form.for-reply .ProseMirror")).to_contain_text("Hello Olle, it is easy. About")
    assert "/bleed" not in page.locator("form.for-reply .ProseMirror").inner_text()
    saved(page)


def test_writing_on_a_phone_and_for_a_screen_reader(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(ELIN, viewport=PHONE)
    asked(desk, page, "Do you sell bells?")
    editor(page).press_sequentially("Yes: two kinds.")  # type: ignore[attr-defined]
    page.get_by_text("Send later").click()
    page.locator(".canned-choice > summary").click()  # on a phone its name is for screen readers

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_everything_works_without_script(desk: Desk, as_person: Callable[..., Page]) -> None:
    page = as_person(MATTIAS, java_script_enabled=False)
    asked(desk, page, "Do you have mudguards?", "Kim <kim.guard@post.example>")
    page.locator("form.for-reply .editor").fill("We have")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("form.for-reply .editor")).to_have_value("We have")

    page.locator("form.for-reply .editor").fill("We have three kinds.")
    page.get_by_text("Send later").click()
    page.get_by_label("It leaves on").fill("2027-03-01T08:00")
    page.get_by_role("button", name="Send at that time").click()
    expect(page.locator("#waiting")).to_contain_text("You: leaves")
    page.locator("#waiting").get_by_role("button", name="Cancel").click()
    expect(page.locator("form.for-reply .editor")).to_have_value("We have three kinds.")

    page.get_by_role("button", name="Send Ctrl").click()
    page.locator("article.ours").get_by_role("button", name="Undo sending").click()
    expect(page.locator("form.for-reply .editor")).to_have_value("We have three kinds.")
    page.get_by_role("button", name="Send Ctrl").click()
    expect(page.locator("article.ours")).to_contain_text("We have three kinds.")
    received(desk, page, "kim.guard@post.example", "mudguards")


def test_a_new_mail_is_kept_while_it_is_written_and_leaves_with_its_layout(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    laptop, phone = as_person(ELIN), as_person(ELIN, viewport=PHONE)
    laptop.goto(f"{desk.url}/alinge/new/")
    laptop.get_by_label("To", exact=True).fill("kim.bell@post.example")
    laptop.get_by_label("Subject").fill("Your bell is here")
    laptop.locator(".composer .editor").click()
    expect(laptop.locator(".ProseMirror")).to_be_visible()
    laptop.get_by_role("toolbar", name="Layout").get_by_role("button", name="Bold").click()
    laptop.keyboard.type("Come by any day")
    expect(laptop.locator("[data-saved]")).to_contain_text(SAVED)

    phone.goto(f"{desk.url}/alinge/new/")
    expect(phone.locator(".ProseMirror strong")).to_have_text("Come by any day")
    expect(phone.get_by_label("Subject")).to_have_value("Your bell is here")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()
    phone.get_by_role("button", name="Send", exact=True).click()  # no key caps on a phone
    expect(phone.locator("article.ours .rich strong")).to_have_text("Come by any day")
    mail = left(desk, phone, "Your bell")
    assert "<strong>Come by any day</strong>" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]

    laptop.goto(f"{desk.url}/alinge/new/")
    expect(laptop.get_by_label("Subject")).to_have_value("")
    laptop.get_by_label("Subject").fill("Not meant")
    laptop.locator("form [data-discard]").evaluate("(button) => { button.hidden = false; button.click(); }")
    expect(laptop.get_by_text("The draft is thrown away.")).to_be_visible()
    laptop.reload()
    expect(laptop.get_by_label("Subject")).to_have_value("")
