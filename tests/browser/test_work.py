"""A day at the desk: agents of the sample company work, colleagues see it, customers get what they should."""

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import customers
from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, row_of, sample_sign_in

pytestmark = pytest.mark.browser
PASSWORD = sample_sign_in().password
ELIN = SignIn("elin@alinge.example", PASSWORD)
AISHA = SignIn("aisha@alinge.example", PASSWORD)
BIRGITTA = SignIn("birgitta@alinge.example", PASSWORD)  # a viewer
MAILBOX = "hej@alinge.example"


def open_ticket(page: Page, desk: Desk, subject: str) -> None:
    """Find a ticket in the queue and open it."""
    page.goto(f"{desk.url}/alinge/")
    row_of(page, subject).get_by_role("link").click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()


def deliver(
    desk: Desk, *, subject: str, text: str = "Hello", html: str = "", sender: str = "Olle <olle@post.example>"
) -> None:
    """Let a customer's mail arrive."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, MAILBOX, subject
    mail["Message-ID"] = make_msgid(domain="post.example")
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    desk.simulator.deliver(MAILBOX, mail.as_bytes())


def test_new_mail_waits_behind_a_button_and_comes_without_reloading(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    elin.goto(f"{desk.url}/alinge/")
    elin.evaluate("window.stillTheSamePage = true")

    deliver(desk, subject="Is the blue one waterproof?")

    elin.get_by_role("button", name="1 new ticket arrived.").click()
    expect(elin.locator("[data-row]").first).to_contain_text("Is the blue one waterproof?")
    assert elin.evaluate("window.stillTheSamePage")


def test_a_note_stays_among_colleagues(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    subject = "Transportskada: bruten eker"
    open_ticket(aisha, desk, subject)
    open_ticket(elin, desk, subject)
    sent_before = len(desk.simulator.sent(MAILBOX))

    elin.get_by_text("Note", exact=False).locator("visible=true").first.click()
    elin.locator("form.for-note .editor").fill("Two spokes of 262 mm are on my desk.")
    elin.get_by_role("button", name="Keep the note").click()

    expect(elin.locator("#timeline")).to_contain_text("Two spokes of 262 mm are on my desk.")
    expect(aisha.locator("#timeline")).to_contain_text("Two spokes of 262 mm are on my desk.")
    assert len(desk.simulator.sent(MAILBOX)) == sent_before


def test_a_ticket_is_taken_closed_and_opened_again_and_its_history_tells(
    desk: Desk, as_person: Callable[..., Page]
) -> None:
    elin = as_person(ELIN)
    open_ticket(elin, desk, "Loan bike for our winter issue?")

    elin.get_by_role("button", name="Take it").click()
    expect(elin.get_by_label("Assignee").locator("option:checked")).to_have_text("You")
    elin.locator("#acts").get_by_role("button", name="Close").click()
    expect(elin.locator("#status")).to_contain_text("Closed")
    elin.locator("#acts").get_by_role("button", name="Open again").click()

    expect(elin.locator("#status")).to_contain_text("Open")
    for words in ("took", "closed", "opened"):
        expect(elin.locator("#timeline .event").filter(has_text=words).first).to_be_visible()


def test_what_is_pressed_while_the_page_renews_itself_is_not_lost(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    elin.route("**/events/**", lambda route: route.abort())  # no live news that would mend it later
    open_ticket(elin, desk, "Loan bike for our winter issue?")
    held: list[Route] = []
    elin.route("**/close/", lambda route: held.append(route))  # noqa: PLW0108 - it wants a plain function
    elin.wait_for_load_state()  # a press before the scripts are there leads to another page

    elin.locator("#acts").get_by_role("button", name="Close").click()
    expect(elin.locator("#acts .htmx-request")).to_have_count(1)
    with elin.expect_response(elin.url):
        elin.evaluate("document.dispatchEvent(new CustomEvent('desk:look'))")  # as when a colleague did something
    elin.wait_for_timeout(100)
    held[0].continue_()

    expect(elin.locator("#status")).to_contain_text("Closed")
    elin.locator("#acts").get_by_role("button", name="Open again").click()
    expect(elin.locator("#status")).to_contain_text("Open")


def test_a_viewer_reads_everything_and_can_write_nothing(desk: Desk, as_person: Callable[..., Page]) -> None:
    birgitta = as_person(BIRGITTA)

    open_ticket(birgitta, desk, "Helm in mosgroen?")

    expect(birgitta.locator("#timeline")).to_contain_text("mosgroene helm")
    expect(birgitta.locator("#composer")).to_have_count(0)
    expect(birgitta.locator("#acts button")).to_have_count(0)
    address = birgitta.url.partition("?")[0]
    token = next(c["value"] for c in birgitta.context.cookies() if c["name"] == "deskhero_csrf")
    before = len(desk.simulator.sent(MAILBOX))
    for act, fields in (("close", {}), ("note", {"text": "x"}), ("reply", {"text": "x", "to": "lotte@post.example"})):
        answer = birgitta.request.post(
            f"{address}{act}/", form={**fields, "csrfmiddlewaretoken": token}, headers={"Referer": address}
        )
        assert answer.status in {403, 404, 422} or "/tickets/" in answer.url
    birgitta.reload()
    expect(birgitta.locator("#status")).to_contain_text("Open")
    expect(birgitta.locator("article.ours")).to_have_count(0)
    assert len(desk.simulator.sent(MAILBOX)) == before


def test_an_agent_works_by_keyboard_alone(desk: Desk, as_person: Callable[..., Page]) -> None:
    aisha = as_person(AISHA)
    deliver(desk, subject="Which pump fits?", text="The old one broke.")
    aisha.goto(f"{desk.url}/alinge/")
    expect(
        aisha.locator("[data-row]").filter(has_text="Which pump fits?").or_(aisha.locator("#news button"))
    ).to_be_visible()
    aisha.keyboard.press(".")
    expect(aisha.locator("[data-row]").first).to_contain_text("Which pump fits?")

    aisha.keyboard.press("j")
    aisha.keyboard.press("Enter")
    expect(aisha.get_by_role("heading", name="Which pump fits?")).to_be_visible()
    aisha.wait_for_load_state()  # the keys come with the scripts, after the words
    aisha.keyboard.press("r")
    expect(aisha.locator("form.for-reply .editor")).to_be_focused()
    aisha.keyboard.type("The long one.")
    aisha.keyboard.press("Control+Enter")
    expect(aisha.locator("article.ours .delivery.sent")).to_be_visible()
    aisha.keyboard.press("e")

    expect(aisha.get_by_role("button", name="Open again").or_(aisha.locator("#rows"))).to_be_visible()


def test_foreign_html_runs_nothing_and_loads_nothing(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    asked: list[str] = []
    elin.on("request", lambda request: asked.append(request.url))
    deliver(
        desk,
        subject="A mail with tricks",
        html='<h1>Big news</h1><img src="https://tracker.example/pixel.png"><script>top.document.title="hacked"</script>'
        '<p style="background:url(https://tracker.example/b.png)" onclick="alert(1)">Hello</p>'
        "<table><tr><td>A</td></tr></table>",
    )
    elin.goto(f"{desk.url}/alinge/")
    row = elin.locator("[data-row]").filter(has_text="A mail with tricks")
    expect(row.or_(elin.locator("#news button")).first).to_be_visible()
    if not row.count():
        elin.locator("#news button").click()

    row.get_by_role("link").click()
    for folded in elin.get_by_text("As it was sent").all():
        folded.click()

    frame = elin.locator("article.message iframe").first
    expect(frame).to_be_visible()
    assert "allow-scripts" not in (frame.get_attribute("sandbox") or "")
    expect(frame.content_frame.get_by_text("Big news")).to_be_visible()
    assert not [url for url in asked if "tracker.example" in url]
    assert "hacked" not in elin.title()


def test_a_customer_of_the_sample_sees_the_desks_answers_in_one_thread(desk: Desk, window: Callable[..., Page]) -> None:
    sofia = window()

    sofia.goto(f"{desk.customers}/people/")
    sofia.get_by_role("link", name="Sofia Bergqvist").click()
    customers.open_answered(sofia, desk.customers, "Motorn stannar i uppförsbackar")

    expect(sofia.locator("article.mail")).to_have_count(12)
