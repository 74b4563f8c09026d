"""Drafts of mail that answers nothing: a new mail and one passed on are as safe as an answer (L61, L63)."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.cast import sign_in
from tests.factories import make_mailbox
from tests.tickets.test_draft import SCRIPT, read
from tests.tickets.writing import CAROL, PNG, answers, ask, mail_of, url
from tickets.models import Draft, DraftFile, Ticket

NEW = "/acme/new/"
BOLD = "<p><strong>Your door</strong> is ready.</p>"


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox, files=[("plan.pdf", "application/pdf", b"%PDF-1.7 plan")])


def forward_url(asked, act: str = "") -> str:
    return url(f"forward{act and '_'}{act}", asked.ticket, message_id=asked.pk)


@pytest.fixture(params=["new", "forward"])
def letter(request, asked, mailbox):
    """Where a letter is written, once as a new mail and once as one passed on: its address and its sender's value."""
    if request.param == "new":
        return NEW, f"{mailbox.pk}/{mailbox.address}"
    return forward_url(asked), mailbox.address


def test_what_is_typed_is_there_again_on_another_device(as_alice, alice, letter):
    page, sender = letter
    said = {"sender": sender, "to": CAROL, "text": "It is", "html": "<p>It <em>is</em></p>", "version": "0"}
    told = as_alice.post(f"{page}draft/", said, **SCRIPT)
    assert told.json()["said"].startswith("Draft saved")

    shown = sign_in(Client(), alice).get(page)
    assert (shown.context["form"]["to"].value(), shown.context["form"]["text"].value()) == (CAROL, "It is")
    assert "<em>is</em>" in shown.context["drafted"]["html"]
    assert shown.context["drafted"]["version"] == told.json()["version"]


def test_a_letter_is_its_writers_alone_and_sealed(as_alice, as_bob, letter):
    page, sender = letter
    as_alice.post(f"{page}draft/", {"sender": sender, "text": "Geheimnis"})

    assert "Geheimnis" not in as_bob.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM tickets_draft")
        assert b"Geheimnis" not in bytes(cursor.fetchone()[0])


def test_an_older_window_does_not_overwrite_a_newer_one(as_alice, acme, letter):
    page, sender = letter
    first = as_alice.post(f"{page}draft/", {"sender": sender, "text": "one"}, **SCRIPT).json()["version"]
    as_alice.post(f"{page}draft/", {"sender": sender, "text": "one two", "version": first}, **SCRIPT)

    late = as_alice.post(f"{page}draft/", {"sender": sender, "text": "one 2", "version": first}, **SCRIPT)
    assert (late.status_code, late.json()["text"]) == (409, "one two")
    with organization_scope(acme):
        assert Draft.objects.get().says("text") == "one two"


def test_sending_ends_the_draft_and_takes_layout_files_and_pictures(as_alice, acme, letter):
    page, sender = letter
    paper = SimpleUploadedFile("bill.txt", b"the bill", "text/plain")
    picture = {"file": SimpleUploadedFile("x.png", PNG, "image/png"), "inline": "1", "sender": sender}
    as_alice.post(f"{page}draft/files/", {"file": paper, "sender": sender}, **SCRIPT)
    told = as_alice.post(f"{page}draft/files/", picture, **SCRIPT).json()
    assert async_to_sync(read)(as_alice.get(told["url"])) == PNG
    html = f'{BOLD}<p><img src="{told["url"]}"></p>'

    sent = as_alice.post(page, {"sender": sender, "to": CAROL, "subject": "Door", "text": "", "html": html})
    assert sent.status_code == 302, sent.content.decode()

    with organization_scope(acme):
        mail = mail_of(answers(Ticket.objects.order_by("-number").first())[0])
        assert not Draft.objects.exists()
    assert "<strong>Your door</strong>" in mail.get_body(("html",)).get_content()
    assert mail.get_body(("plain",)).get_content().startswith("Your door is ready.")
    kinds = {part.get_content_type() for part in mail.walk()}
    assert "image/png" in kinds
    assert "bill.txt" in [part.get_filename() for part in mail.walk()]


def test_what_could_not_be_sent_is_a_draft_with_its_files(as_alice, acme, letter):
    page, sender = letter
    file = SimpleUploadedFile("bill.txt", b"the bill", "text/plain")
    back = as_alice.post(page, {"sender": sender, "to": "nobody at all", "subject": "Door", "text": "x", "files": file})

    assert back.status_code == 422
    assert [one["name"] for one in back.context["drafted"]["files"]] == ["bill.txt"]
    assert as_alice.get(page).context["form"]["to"].value() == "nobody at all"


def test_discarding_leaves_nothing_behind(as_alice, acme, letter, django_capture_on_commit_callbacks):
    page, sender = letter
    as_alice.post(f"{page}draft/files/", {"file": SimpleUploadedFile("a.txt", b"a"), "sender": sender}, **SCRIPT)
    with organization_scope(acme):
        file = DraftFile.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(f"{page}draft/discard/")

    with organization_scope(acme):
        assert not Draft.objects.exists()
        assert not file.exists()


def test_a_file_can_be_taken_out_and_is_nobody_elses(as_alice, as_bob, letter):
    page, sender = letter
    file = {"file": SimpleUploadedFile("a.txt", b"a"), "sender": sender}
    told = as_alice.post(f"{page}draft/files/", file, **SCRIPT).json()

    assert as_bob.get(told["url"]).status_code == 404
    assert as_bob.post(told["remove_url"]).status_code == 404
    assert as_alice.post(told["remove_url"], **SCRIPT).status_code == 200
    assert as_alice.get(told["url"]).status_code == 404


def test_without_a_script_a_button_saves(as_alice, letter):
    page, sender = letter
    response = as_alice.post(f"{page}draft/", {"sender": sender, "text": "Later"}, follow=True)

    assert "Draft saved." in response.content.decode()
    assert "Later</textarea>" in response.content.decode()


def test_viewers_keep_no_letters(as_viewer, letter):
    page, sender = letter
    assert as_viewer.post(f"{page}draft/", {"sender": sender, "text": "x"}).status_code == 403


def test_a_mail_passed_on_leaves_the_answer_alone_and_the_ticket_leads_back_to_it(as_alice, acme, asked):
    as_alice.post(f"{forward_url(asked)}draft/", {"text": "Can you help?", "keeping": []})
    as_alice.post(url("save_draft", asked.ticket), {"to": CAROL, "text": "We ask somebody."})

    page = as_alice.get(url("ticket", asked.ticket))
    assert page.context["reply_form"]["text"].value() == "We ask somebody."
    assert forward_url(asked) in page.content.decode()
    assert "You began to pass a mail on." in page.content.decode()
    assert as_alice.get(forward_url(asked)).context["form"]["keeping"].value() == []
    as_alice.post(url("discard_draft", asked.ticket))
    with organization_scope(acme):
        assert Draft.objects.get().says("text") == "Can you help?"


def test_a_new_mail_goes_under_the_key_of_the_mailbox_it_is_to_leave_from(as_alice, acme, mailbox):
    other = make_mailbox(acme, address="sales@acme.example")
    as_alice.post(f"{NEW}draft/", {"sender": f"{mailbox.pk}/{mailbox.address}", "text": "Hello"})
    as_alice.post(f"{NEW}draft/", {"sender": f"{other.pk}/{other.address}", "text": "Hello there"})

    with organization_scope(acme):
        draft = Draft.objects.get()
        assert (draft.mailbox, draft.says("text")) == (other, "Hello there")


def test_who_may_no_longer_see_the_mailbox_begins_anew(as_alice, acme, owner, mailbox):
    closed = make_mailbox(acme, address="board@acme.example")
    as_alice.post(f"{NEW}draft/", {"sender": f"{closed.pk}/{closed.address}", "text": "For the board"})
    with organization_scope(acme):
        limit_mailbox(closed, by=owner)

    assert "For the board" not in as_alice.get(NEW).content.decode()
    as_alice.post(f"{NEW}draft/", {"sender": f"{mailbox.pk}/{mailbox.address}", "text": "For Carol"})
    assert as_alice.get(NEW).context["form"]["text"].value() == "For Carol"


def test_a_mail_that_was_begun_keeps_its_recipient_when_another_is_asked_for(as_alice, mailbox):
    as_alice.post(f"{NEW}draft/", {"sender": f"{mailbox.pk}/{mailbox.address}", "to": CAROL, "text": "Dear Carol"})

    page = as_alice.get(f"{NEW}?to=eve@e.example")
    assert page.context["form"]["to"].value() == CAROL
    assert "write to eve@e.example" in page.content.decode()


def test_without_a_mailbox_there_is_nothing_to_save_for(as_alice, acme):
    page = reverse("tickets:new_save", args=["acme"])
    assert as_alice.post(page, {"text": "x"}, **SCRIPT).status_code in {302, 409, 422}
