"""What agents do to tickets in a browser: merge, split, link, move, print, fill in, look at files; and take it back."""

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deskhero.sample.pdf import paper, papers
from tests.browser.conftest import Desk
from tests.browser.pages import SignIn, sample_sign_in
from tests.browser.test_access import found
from tickets.previews.pdf_child import png

pytestmark = [pytest.mark.browser, pytest.mark.long]
OWNER = sample_sign_in()
ELIN = SignIn("elin@alinge.example", OWNER.password)
AISHA = SignIn("aisha@alinge.example", OWNER.password)
MAILBOX = "hej@alinge.example"
PICTURE = png(b"\x20\x60\xa0" * 40 * 30, 40, 30, 120, 3)


def deliver(
    desk: Desk,
    subject: str,
    text: str = "Hello",
    *,
    files: tuple[tuple[str, str, bytes], ...] = (),
    answers: str = "",
    sender: str = "Olle <olle@post.example>",
) -> str:
    """Let a customer's mail arrive, and return its id."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, MAILBOX, subject
    mail["Message-ID"] = make_msgid(domain="post.example")
    if answers:
        mail["In-Reply-To"] = answers
    mail.set_content(text)
    for name, kind, content in files:
        mail.add_attachment(content, maintype=kind.split("/")[0], subtype=kind.split("/")[1], filename=name)
    desk.simulator.deliver(MAILBOX, mail.as_bytes())
    return str(mail["Message-ID"])


def opened(page: Page, desk: Desk, subject: str) -> str:
    """Wait for the mail to be filed, open its ticket, and return its address."""
    row = page.locator("[data-row]").filter(has_text=subject)
    for _ in range(60):
        page.goto(f"{desk.url}/alinge/")
        if row.count():
            break
        page.wait_for_timeout(250)
    row.first.locator(".what").click()
    expect(page.locator("h1")).to_contain_text(subject)
    page.wait_for_load_state()
    return page.url.partition("?")[0].partition("#")[0]


def number_of(address: str) -> str:
    """Return a ticket's number from its address."""
    return address.rstrip("/").rpartition("/")[2]


def text_of(page: Page) -> Any:
    """Return the conversation."""
    return page.locator("#timeline")


def test_two_tickets_are_merged_and_separated_by_keyboard_alone(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    deliver(desk, "Merge: the survivor", "The first words.")
    deliver(desk, "Merge: the other", "The second words.")
    survivor, other = opened(elin, desk, "Merge: the survivor"), opened(elin, desk, "Merge: the other")

    elin.keyboard.press("m")
    expect(elin.get_by_label("Its number")).to_be_focused()
    elin.keyboard.type(number_of(survivor))
    elin.keyboard.press("Enter")
    expect(elin.get_by_text(f"1 mail moves into #{number_of(survivor)}")).to_be_visible()
    expect(elin.get_by_role("button", name=f"Merge into #{number_of(survivor)}")).to_be_focused()
    elin.keyboard.press("Enter")

    expect(text_of(elin)).to_contain_text("The second words.")
    assert elin.url.partition("?")[0] == survivor
    elin.wait_for_load_state()
    elin.keyboard.press("z")
    expect(text_of(elin)).not_to_contain_text("The first words.")
    expect(text_of(elin)).to_contain_text("The second words.")
    assert elin.url == other


def test_a_merge_is_undone_from_the_panel_later_without_a_script(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN, java_script_enabled=False)
    deliver(desk, "Panel: the survivor", "The first words.")
    deliver(desk, "Panel: the other", "The second words.")
    survivor, other = opened(elin, desk, "Panel: the survivor"), opened(elin, desk, "Panel: the other")

    elin.goto(other + "merge/")
    elin.get_by_role("link", name="Panel: the survivor").click()
    elin.get_by_role("button", name="Merge into").click()
    elin.goto(survivor)
    elin.get_by_role("button", name=f"Undo the merge of #{number_of(other)}").click()

    expect(text_of(elin)).to_contain_text("The second words.")
    expect(text_of(elin)).not_to_contain_text("The first words.")


def test_a_mail_is_split_off_by_its_own_tools(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    first = deliver(desk, "Split: two matters", "About the door.")
    opened(elin, desk, "Split: two matters")
    deliver(desk, "Re: Split: two matters", "And about the heating.", answers=first)
    expect(text_of(elin)).to_contain_text("And about the heating.")
    elin.reload()
    old = elin.url

    mail = elin.locator("article.message").filter(has_text="And about the heating.")
    mail.hover()
    mail.get_by_role("link", name="Split off into a new ticket").click()
    elin.get_by_role("button", name="Split off").click()

    expect(text_of(elin)).to_contain_text("And about the heating.")
    expect(text_of(elin)).not_to_contain_text("About the door.")
    assert elin.url != old
    elin.get_by_role("button", name="Undo").click()
    expect(text_of(elin)).to_contain_text("About the door.")
    expect(text_of(elin)).to_contain_text("And about the heating.")


def test_a_link_stands_on_both_pages_until_it_is_taken_away(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, aisha = as_person(ELIN), as_person(AISHA)
    deliver(desk, "Link: the one")
    deliver(desk, "Link: the other")
    one, other = opened(elin, desk, "Link: the one"), opened(aisha, desk, "Link: the other")

    elin.keyboard.press("l")
    expect(elin.get_by_label("Number of the other ticket")).to_be_focused()
    elin.keyboard.type(number_of(other))
    elin.keyboard.press("Enter")

    linked = elin.locator("#facts").get_by_role("link", name=f"#{number_of(other)} Link: the other")
    expect(linked).to_be_visible()
    expect(aisha.locator("#facts")).to_contain_text(f"#{number_of(one)} Link: the one")
    elin.get_by_role("button", name=f"Take away the link with #{number_of(other)}").click()
    expect(linked).to_have_count(0)
    expect(aisha.locator("#facts")).not_to_contain_text("Link: the one")


def test_a_ticket_moves_to_another_mailbox_and_back(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    deliver(desk, "Move: to the dealers")
    opened(elin, desk, "Move: to the dealers")

    elin.keyboard.press("v")
    expect(elin.get_by_text("Answers leave from handlare@alinge.example afterwards")).to_be_visible()
    elin.get_by_role("button", name="Move to handlare@").click()
    expect(elin.locator("#status")).to_contain_text("handlare@alinge.example")
    elin.get_by_role("button", name="Undo").click()

    expect(elin.locator("#status")).to_contain_text(MAILBOX)
    expect(text_of(elin)).to_contain_text("moved this ticket here from handlare@alinge.example")


def test_closing_is_undone_by_key_and_by_a_form(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin, plain = as_person(ELIN), as_person(AISHA, java_script_enabled=False)
    deliver(desk, "Undo: close it")
    address = opened(elin, desk, "Undo: close it")

    elin.keyboard.press("e")
    expect(elin.locator("#status")).to_contain_text("Closed")
    elin.keyboard.press("z")
    expect(elin.locator("#status")).to_contain_text("Open")
    plain.goto(address)
    plain.locator("#acts").get_by_role("button", name="Close").click()
    expect(plain.locator("#status")).to_contain_text("Closed")
    plain.get_by_role("button", name="Undo").click()

    expect(plain.locator("#status")).to_contain_text("Open")
    elin.reload()
    elin.wait_for_load_state()
    elin.keyboard.press("i")
    expect(elin.get_by_label("Assignee").locator("option:checked")).to_have_text("You")
    elin.get_by_role("button", name="Undo").click()
    expect(elin.get_by_label("Assignee").locator("option:checked")).to_have_text("Nobody yet")


def test_an_admin_makes_a_field_and_an_agent_fills_it_in(desk: Desk, as_person: Callable[..., Page]) -> None:
    karin, elin = as_person(OWNER), as_person(ELIN)
    karin.goto(f"{desk.url}/alinge/fields/")
    karin.get_by_label("Name").fill("Frame number")
    karin.get_by_role("button", name="Make it").click()
    karin.get_by_label("Name").fill("Wheels")
    karin.get_by_label("Kind").select_option(label="Number")
    karin.get_by_role("button", name="Make it").click()
    expect(karin.get_by_role("row").filter(has_text="Wheels")).to_be_visible()
    assert not found(karin, "fields")
    deliver(desk, "Fields: fill them in")
    opened(elin, desk, "Fields: fill them in")

    elin.keyboard.press("F")
    expect(elin.locator("#facts [data-key=F]")).to_be_focused()
    elin.keyboard.press("Tab")
    expect(elin.locator("#facts").get_by_label("Ramnummer")).to_be_focused()  # the sample's own, and the first
    elin.get_by_label("Frame number").focus()
    elin.keyboard.type("AL26-05512")
    elin.get_by_label("Wheels").focus()
    elin.keyboard.type("many")
    elin.keyboard.press("Enter")
    expect(elin.locator("#facts")).to_contain_text("“Wheels” is a number: write it like 1234.5.")
    expect(elin.get_by_label("Frame number")).to_have_value("AL26-05512")
    assert not found(elin, "a field that is refused")
    elin.get_by_label("Wheels").fill("3")
    elin.keyboard.press("Enter")

    expect(elin.locator("#facts dl").last).to_contain_text("AL26-05512")
    expect(text_of(elin)).to_contain_text("changed “Wheels”")


def test_files_are_looked_at_and_nothing_runs(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    problems: list[str] = []
    elin.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    files = (
        ("bike.png", "image/png", PICTURE),
        ("receipt.pdf", "application/pdf", paper(next(iter(papers())))),
        ("list.txt", "text/plain", b"one <script>document.title='ran'</script> two"),
    )
    deliver(desk, "Files: look at them", files=files)
    address = opened(elin, desk, "Files: look at them")
    small = elin.locator("img.thumb")
    small.scroll_into_view_if_needed()
    expect(small).to_have_js_property("naturalWidth", 40)

    for name in ("bike.png", "receipt.pdf", "list.txt"):
        elin.goto(address)
        elin.get_by_role("link", name=name, exact=True).click()
        expect(elin.locator("h1")).to_contain_text(name)
        if name != "list.txt":
            picture = elin.locator("main img")
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("image => image.naturalWidth") in (40, 1100)
        assert not found(elin, name)
    expect(elin.locator("pre")).to_contain_text("one <script>document.title='ran'</script> two")
    assert elin.title() != "ran"
    assert not problems


def test_the_paper_holds_the_conversation(desk: Desk, as_person: Callable[..., Page]) -> None:
    elin = as_person(ELIN)
    deliver(desk, "Paper: print me", "Every word of it.", files=(("bike.png", "image/png", PICTURE),))
    opened(elin, desk, "Paper: print me")

    elin.keyboard.press("P")
    expect(elin.get_by_role("heading", name="Paper: print me")).to_be_visible()
    expect(elin.locator("main")).to_contain_text("Every word of it.")
    expect(elin.locator("main")).to_contain_text("bike.png")
    elin.emulate_media(media="print")
    expect(elin.locator(".print-tools")).to_be_hidden()
    expect(elin.locator("main")).to_contain_text("Every word of it.")
