"""Canned replies in mail that answers nothing: what is filled in, what is left out and said, which files leave."""

import pytest

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox
from tests.tickets.test_letter_drafts import BOLD, NEW, forward_url
from tests.tickets.writing import CAROL, answers, ask, mail_of
from tickets.actions.attach import NewFile
from tickets.actions.canned import save_canned
from tickets.models import Draft, Ticket

SCRIPT = {"HTTP_ACCEPT": "application/json"}
WORDS = "Dear {first_name|friend}, about {number|your case} ({subject|no subject}). {agent}, {organization}, {mailbox}"


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox, subject="Door")


@pytest.fixture(params=["new", "forward"])
def letter(request, asked, mailbox):
    """Where a letter is written, once as a new mail and once as one passed on: its address and its sender's value."""
    if request.param == "new":
        return NEW, f"{mailbox.pk}/{mailbox.address}"
    return forward_url(asked), mailbox.address


@pytest.fixture
def terms(acme, alice):
    """A canned reply with every variable, and a file."""
    with organization_scope(acme):
        files = [NewFile("terms.txt", "text/plain", b"terms")]
        return save_canned(None, name="Terms", text=WORDS, by=alice, files=files)


def put_in(client, letter, canned, **said):
    page, sender = letter
    return client.post(f"{page}draft/canned/", {"canned": canned.pk, "sender": sender, **said}, **SCRIPT).json()


def test_the_page_offers_what_the_writer_can_use(as_alice, bob, acme, letter, terms):
    with organization_scope(acme):
        save_canned(None, name="Only Bob's", text="x", by=bob)
    shown = as_alice.get(letter[0])

    assert [one.name for one in shown.context["drafted"]["canned"]] == ["Terms"]
    assert f'formaction="{letter[0]}draft/canned/"' in shown.content.decode()


def test_a_new_mail_speaks_to_whom_it_is_written(as_alice, mailbox, asked, terms):
    new = (NEW, f"{mailbox.pk}/{mailbox.address}")
    typed = put_in(as_alice, new, terms, to="Dave Doe <dave@post.example>, carol@customer.example", subject="Keys")
    known = put_in(as_alice, new, terms, to=CAROL, subject="Keys")

    ending = f"(Keys). Alice Agent, Acme, {mailbox.address}"
    assert typed["text"] == f"Dear Dave, about your case {ending}"
    assert known["text"] == f"Dear Carol, about your case {ending}"


def test_a_mail_passed_on_knows_its_ticket_and_not_the_customer_as_its_reader(as_alice, mailbox, asked, terms):
    told = put_in(as_alice, (forward_url(asked), mailbox.address), terms, to="Smith Ltd <post@smith.example>")

    assert told["text"].startswith(f"Dear Smith, about {asked.ticket.number} (Door).")


def test_without_anybody_in_to_what_is_missing_is_left_out_and_said(as_alice, alice, acme, letter):
    with organization_scope(acme):
        canned = save_canned(None, name="Short", text="Dear {first_name},", by=alice)

    for nobody in ("", "not an address", "stranger@post.example"):
        told = put_in(as_alice, letter, canned, to=nobody)
        assert told["text"] == "Dear,"
        assert "first_name" in told["said"]


def test_a_number_that_is_not_there_yet_is_said(as_alice, alice, acme, mailbox):
    with organization_scope(acme):
        canned = save_canned(None, name="Number", text="Ticket {number}.", by=alice)
    told = put_in(as_alice, (NEW, f"{mailbox.pk}/{mailbox.address}"), canned, to=CAROL, subject="Keys")

    assert told["text"] == "Ticket."
    assert "this mail does not say it yet: number" in told["said"]


def test_a_script_gets_the_files_once(as_alice, letter, terms):
    first, second = (put_in(as_alice, letter, terms, to=CAROL) for _ in range(2))

    assert [one["name"] for one in first["files"] + second["files"]] == ["terms.txt", "terms.txt"]
    assert first["files"][0]["url"] != second["files"][0]["url"]
    assert first["version"] == second["version"]


def test_a_name_with_markup_in_it_is_put_in_as_words(as_alice, letter, terms):
    told = put_in(as_alice, letter, terms, to='"<b>Eve" <eve@post.example>')

    assert "Dear &lt;b&gt;Eve" in told["html"]


def test_without_a_script_it_stands_below_what_was_typed_and_leaves_with_its_file(as_alice, acme, letter, terms):
    page, sender = letter
    said = {"sender": sender, "to": CAROL, "subject": "Door", "text": "Your door is ready.", "html": BOLD}
    back = as_alice.post(f"{page}draft/canned/?to=x", {**said, "canned": terms.pk}, follow=True)

    assert back.redirect_chain[0][0] == f"{page}?to=x"
    text = back.context["form"]["text"].value()
    assert text.startswith("Your door is ready.\n\nDear Carol, about")
    assert "<strong>Your door</strong>" in back.context["drafted"]["html"]
    assert "Dear Carol, about" in back.context["drafted"]["html"]
    sent = as_alice.post(page, {**said, "text": text, "html": ""})
    assert sent.status_code == 302, sent.content.decode()

    with organization_scope(acme):
        mail = mail_of(answers(Ticket.objects.order_by("-number").first())[0])
    assert "Dear Carol, about" in mail.get_body(("plain",)).get_content()
    assert "terms.txt" in [part.get_filename() for part in mail.walk()]


def test_nobody_puts_in_what_is_not_theirs(as_alice, bob, acme, letter):
    with organization_scope(acme):
        canned = save_canned(None, name="Secret", text="Secret words", by=bob)
    page, sender = letter
    refused = as_alice.post(f"{page}draft/canned/", {"canned": canned.pk, "sender": sender}, follow=True)

    assert "Secret words" not in refused.content.decode()
    with organization_scope(acme):
        assert not Draft.objects.exists()


def test_a_contact_of_a_mailbox_the_writer_may_not_see_stays_unnamed(as_alice, alice, bob, acme, mailbox, asked, terms):
    with organization_scope(acme):
        other = make_mailbox(acme)
        limit_mailbox(mailbox, by=bob)
    told = put_in(as_alice, (NEW, f"{other.pk}/{other.address}"), terms, to=CAROL)

    assert told["text"].startswith("Dear friend,")
