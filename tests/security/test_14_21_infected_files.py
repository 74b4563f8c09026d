"""SECURITY 14, 21: what is infected is kept and locked, what nobody could look into is never called clean."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AccessEvent
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.clamd import EICAR, Clamd
from tests.factories import make_mailbox
from tests.mails import arrive
from tests.tickets.writing import CAROL, answers, ask, url
from tickets.actions.forward import forward_message
from tickets.actions.move import move_ticket
from tickets.file_tasks import check_files, sweep_unchecked
from tickets.inline import placed
from tickets.models import Attachment, DraftFile, Event, Message

SCRIPT = {"HTTP_ACCEPT": "application/json"}
VIRUS = "Eicar-Test-Signature"


@pytest.fixture
def scanner(settings, tmp_path, celery_eager):
    """A scanner that is up, and workers that do at once what is rung for."""
    daemon = Clamd(tmp_path)
    settings.CLAMD_URL = daemon.url
    daemon.up()
    yield daemon
    daemon.down()


@pytest.fixture
def came(acme, mailbox, django_capture_on_commit_callbacks):
    """Returns the only file of a mail that has just come, after the tasks it rang."""

    def arrived(content, name="bill.pdf", **mail):
        with django_capture_on_commit_callbacks(execute=True), organization_scope(acme):
            message = ask(mailbox, files=[(name, "application/pdf", content)], **mail)
        with organization_scope(acme):
            return message.attachments.get()

    return arrived


def again(acme, attachment):
    with organization_scope(acme):
        return Attachment.objects.get(pk=attachment.pk)


def page_of(client, attachment):
    return client.get(url("ticket", attachment.message.ticket)).content.decode()


def locked_zip() -> bytes:
    """Return a zip whose member says that it has a password."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "hello")
    content = bytearray(packed.getvalue())
    content[6] |= 1
    return bytes(content)


# --- Mail that comes in ----------------------------------------------------------------------------------------------
def test_14_a_virus_in_a_mail_is_kept_and_locked(scanner, came, as_alice, acme):
    file = came(EICAR)
    ticket = file.message.ticket

    assert (again(acme, file).scan, again(acme, file).virus) == ("infected", VIRUS)
    assert VIRUS in page_of(as_alice, file)
    assert "An admin can let it be opened" in page_of(as_alice, file)
    for name in ("file", "look"):
        refused = as_alice.get(url(name, ticket, attachment_id=file.pk))
        assert refused.status_code == 302, name
        assert "so it is locked" in as_alice.get(url("ticket", ticket)).content.decode()
    with organization_scope(acme):
        assert b"".join(again(acme, file).file.read()) == EICAR


def test_14_its_original_is_locked_with_it(scanner, came, as_alice):
    file = came(EICAR)
    source = url("source_file", file.message.ticket, message_id=file.message_id)

    assert as_alice.get(source).status_code == 302


def test_14_only_an_admin_lets_it_be_opened_and_that_is_written_down(scanner, came, as_alice, as_bob, bob, acme):
    file = came(EICAR)
    ticket, release = file.message.ticket, url("release_file", file.message.ticket, attachment_id=file.pk)
    assert as_alice.post(release).status_code == 403
    assert release not in page_of(as_alice, file)
    assert release in page_of(as_bob, file)

    assert as_bob.post(release).status_code == 302
    assert as_bob.post(release).status_code == 302
    shown = page_of(as_alice, file)
    assert f"A virus was found in it: {VIRUS}. An admin let it be opened." in shown
    assert as_alice.get(url("file", ticket, attachment_id=file.pk)).status_code == 200
    with organization_scope(acme):
        event = ticket.events.get(verb=Event.Verb.FILE_RELEASED)
        assert event.by == bob
        assert AccessEvent.objects.filter(page="tickets:release_file", object_ids__contains=[file.pk]).exists()


def test_14_it_is_not_passed_on(scanner, came, as_alice, alice, acme):
    file = came(EICAR)
    form = as_alice.get(url("forward", file.message.ticket, message_id=file.message_id)).context["form"]
    assert form.fields["keeping"].choices == []
    with organization_scope(acme):
        sent = forward_message(
            Message.objects.get(pk=file.message_id), keeping={file.pk}, to=[("", CAROL)], text="Look", by=alice
        )
        assert not sent.attachments.exists()


def test_14_a_picture_in_the_text_with_a_virus_is_not_drawn():
    file = Attachment(details={"content_id": "p@x", "kind": "png"}, size=9, scan="infected")
    assert placed('<p>x</p><img src="cid:p@x">', [file]) == []
    file.scan = "clean"
    assert placed('<p>x</p><img src="cid:p@x">', [file]) == [file]


def test_14_what_is_clean_says_nothing_and_opens(scanner, came, as_alice, acme):
    file = came(b"%PDF-1.7 a bill")

    assert again(acme, file).scan == "clean"
    assert "virus" not in page_of(as_alice, file)
    assert as_alice.get(url("file", file.message.ticket, attachment_id=file.pk)).status_code == 200


def test_14_what_has_a_password_is_not_called_clean(scanner, came, as_alice, acme):
    file = came(locked_zip(), "bill.zip")

    assert again(acme, file).scan == "unknown"
    assert "Could not be checked for viruses" in page_of(as_alice, file)


def test_21_what_is_too_large_for_the_scanner_is_not_called_clean(scanner, came, acme):
    scanner.up(most=1000)

    assert again(acme, came(b"%PDF" + b"x" * 100_000)).scan == "unknown"


def test_14_without_a_scanner_that_answers_it_waits_and_is_looked_at_later(scanner, came, as_alice, acme, caplog):
    scanner.down()
    file = came(EICAR)
    assert again(acme, file).scan == "waiting"
    assert "Not checked for viruses yet" in page_of(as_alice, file)
    sweep_unchecked()
    assert "The virus scanner does not answer; files that wait for it: 1" in caplog.text
    assert again(acme, file).scan == "waiting"

    scanner.up()
    sweep_unchecked()
    assert again(acme, file).scan == "infected"


def test_14_a_file_that_moved_meanwhile_is_looked_at_where_it_is(scanner, came, acme, bob):
    scanner.down()
    file = came(EICAR)
    with organization_scope(acme):
        move_ticket(file.message.ticket, to=make_mailbox(acme), by=bob)
        (moved,) = Attachment.objects.all()
        assert moved.pk != file.pk
    scanner.up()
    check_files(str(acme.pk), [str(file.pk)])
    sweep_unchecked()

    assert again(acme, moved).scan == "infected"


def test_14_where_no_scanner_is_set_up_nothing_claims_that_it_was_checked(came, as_alice, acme):
    file = came(b"%PDF-1.7 a bill")
    sweep_unchecked()

    assert again(acme, file).scan == ""
    assert "virus" not in page_of(as_alice, file)


# --- What agents send ------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


def upload(client, ticket, content, name="plan.pdf"):
    return client.post(url("upload", ticket), {"file": SimpleUploadedFile(name, content)}, **SCRIPT)


def test_14_a_virus_is_refused_by_name_when_it_is_chosen(scanner, as_alice, acme, asked):
    told = upload(as_alice, asked.ticket, b"see: " + EICAR)

    assert told.status_code == 422
    assert told.json()["said"] == f"“plan.pdf” was not taken: a virus was found in it, {VIRUS}."
    with organization_scope(acme):
        assert not DraftFile.objects.exists()


def test_14_it_is_refused_without_a_script_too_and_the_words_stay(scanner, as_alice, acme, asked):
    said = {"to": CAROL, "text": "Here it is", "files": SimpleUploadedFile("plan.pdf", EICAR)}
    back = as_alice.post(url("reply", asked.ticket), said)

    assert back.status_code == 422
    assert "a virus was found in it" in back.content.decode()
    assert "Here it is" in back.content.decode()
    with organization_scope(acme):
        assert answers(asked.ticket) == []


def test_14_what_is_clean_is_taken_whole_and_leaves(scanner, as_alice, acme, asked):
    assert upload(as_alice, asked.ticket, b"%PDF a plan").json()["said"] == ""
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "Here it is"})

    with organization_scope(acme):
        (sent,) = answers(asked.ticket)
        assert b"".join(sent.attachments.get().file.read()) == b"%PDF a plan"
    assert scanner.seen[0] == b"%PDF a plan"


def test_14_while_the_scanner_is_down_an_upload_is_taken_and_that_is_said(scanner, as_alice, asked):
    scanner.down()
    told = upload(as_alice, asked.ticket, b"%PDF a plan")

    assert told.status_code == 200
    assert told.json()["said"] == "“plan.pdf” could not be checked for viruses yet: the scanner does not answer."


def test_14_or_it_is_refused_where_that_is_asked_for(scanner, settings, as_alice, asked):
    settings.CLAMD_REQUIRED = True
    scanner.down()
    told = upload(as_alice, asked.ticket, b"%PDF a plan")

    assert told.status_code == 422
    assert "files cannot be checked for viruses at the moment" in told.json()["said"]


def test_14_a_locked_archive_is_taken_and_nobody_calls_it_clean(scanner, as_alice, asked):
    told = upload(as_alice, asked.ticket, locked_zip(), "plan.zip")

    assert told.status_code == 200
    assert "could not be checked for viruses: it is locked or too large" in told.json()["said"]


def test_14_nobody_releases_a_file_of_another_ticket_or_organization(scanner, came, as_bob, as_mallory, acme):
    file, other = came(EICAR), came(b"%PDF", subject="Another")
    elsewhere = reverse("tickets:release_file", args=["acme", other.message.ticket.number, file.pk])

    assert as_bob.post(elsewhere).status_code == 404
    assert as_mallory.post(url("release_file", file.message.ticket, attachment_id=file.pk)).status_code == 404
    assert again(acme, file).scan == "infected"


def test_14_of_a_mailbox_that_is_not_theirs_nobody_learns_that_a_file_is_infected(
    scanner, came, as_alice, acme, bob, mailbox
):
    file = came(EICAR)
    with organization_scope(acme):
        limit_mailbox(mailbox, by=bob)
    original = reverse("tickets:source_file", args=["acme", file.message.ticket.number, file.message_id])

    assert as_alice.get(original).status_code == 404


def test_14_a_mail_that_is_read_again_is_looked_at_again(scanner, came, acme):
    file = came(EICAR)
    with organization_scope(acme):
        twin = arrive(file.mailbox, files=[("a.pdf", "application/pdf", EICAR)])
        assert twin.attachments.get().scan == "waiting"
