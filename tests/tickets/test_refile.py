"""Quarantine, and trying again: a mail the parser failed on reads once the parser is better (LESSONS 4-5)."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail
from tests.factories import make_inbound_email
from tests.mails import arrive, write_mail
from tickets.actions import refile
from tickets.actions.assign import assign_ticket
from tickets.actions.note import add_note
from tickets.actions.receive import quarantine_email
from tickets.actions.refile import refile_all, refile_email
from tickets.mail import ParsedMail, parse
from tickets.models import Event, Message, RefileRun, Ticket
from tickets.tasks import refile_quarantined

pytestmark = pytest.mark.usefixtures("scope")

RAW = write_mail(
    subject="The door", text="It stands open.", message_id="<a@customer.example>", in_reply_to="<before@x.example>",
    files=[("photo.png", "image/png", b"\x89PNG door")],
)  # fmt: skip


def poor(raw: bytes) -> ParsedMail:
    """A parser that fails on everything."""
    return ParsedMail(subject="", error="the mail could not be fully read (ValueError)")


@pytest.fixture
def held(mailbox):
    """A mail that could not be read, in quarantine, with its ticket."""
    with patch("tickets.filing.incoming.parse", poor):
        return arrive(mailbox, RAW)


def files(message: Message) -> list[str]:
    return [one.name for one in message.attachments.order_by("position")]


def test_what_cannot_be_read_opens_a_ticket_with_its_original(held):
    assert held.inbound.state == InboundEmail.State.QUARANTINED
    assert files(held) == ["original.eml"]
    assert b"".join(held.attachments.get().file.read()) == RAW
    assert Ticket.objects.get().state == Ticket.State.OPEN


def test_trying_again_puts_what_the_mail_says_in_its_place(held, bob, carol):
    message = refile_email(held.inbound, by=bob)

    message.refresh_from_db()
    ticket = Ticket.objects.get()
    assert message == held
    assert (message.new_text.strip(), message.kind) == ("It stands open.", "human")
    assert message.people("from") == [("Carol Customer", carol)]
    assert files(message) == ["photo.png"]
    assert (ticket.number, ticket.subject, ticket.snippet) == (1, "The door", "It stands open.")
    assert ticket.contact.addresses.get().address == carol
    assert InboundEmail.objects.get().state == InboundEmail.State.FILED
    assert InboundEmail.objects.get().reason == ""
    assert Event.objects.get(verb=Event.Verb.REFILED).by == bob


def test_what_people_did_meanwhile_stays(held, bob, alice):
    ticket = held.ticket
    assign_ticket(ticket, to=alice, by=bob)
    add_note(ticket, text="I asked her on the phone.", by=alice)

    refile_email(held.inbound, by=bob)

    ticket.refresh_from_db()
    assert (ticket.number, ticket.assignee, ticket.notes.get().text) == (1, alice, "I asked her on the phone.")


def test_answers_find_the_ticket_once_the_mail_is_read(held, bob, mailbox):
    refile_email(held.inbound, by=bob)

    assert arrive(mailbox, in_reply_to="<a@customer.example>").ticket == held.ticket
    assert arrive(mailbox, references=["<before@x.example>"]).ticket == held.ticket


def test_a_mail_that_turns_out_to_answer_another_ticket_is_linked_to_it(mailbox, bob):
    earlier = arrive(mailbox, message_id="<before@x.example>").ticket
    with patch("tickets.filing.incoming.parse", poor):
        held = arrive(mailbox, RAW)

    refile_email(held.inbound, by=bob)

    assert Ticket.objects.get(pk=held.ticket.pk).related_to == earlier


def test_the_old_original_leaves_the_storage(held, bob, django_capture_on_commit_callbacks):
    original = held.attachments.get().file
    with django_capture_on_commit_callbacks(execute=True):
        refile_email(held.inbound, by=bob)

    assert not original.exists()


def test_what_still_cannot_be_read_stays_with_its_original_and_its_new_reason(held, bob):
    worse = ParsedMail(subject="The door", text="It stands", reply_text="It stands", error="the rest could not be read")
    with patch("tickets.filing.incoming.parse", lambda _raw: worse):
        refile_email(held.inbound, by=bob)

    message = Message.objects.get()
    assert message.new_text == "It stands"
    assert files(message) == ["original.eml"]
    email = InboundEmail.objects.get()
    assert (email.state, email.reason) == (InboundEmail.State.QUARANTINED, "the rest could not be read")
    assert not Event.objects.filter(verb=Event.Verb.REFILED).exists()


def test_a_mail_that_breaks_the_reading_itself_leaves_all_as_it_was(held, bob):
    with patch("tickets.filing.incoming.parse", side_effect=MemoryError):
        refile_email(held.inbound, by=bob)

    email = InboundEmail.objects.get()
    assert (email.state, email.reason) == (InboundEmail.State.QUARANTINED, "It could not be filed (MemoryError).")
    assert files(Message.objects.get()) == ["original.eml"]


def test_a_mail_that_could_never_be_filed_is_read_likewise(mailbox, bob):
    email = make_inbound_email(mailbox, RAW)
    message = quarantine_email(email, "It could not be filed (KeyError).")
    assert Ticket.objects.get().subject == "A mail that could not be read"

    refile_email(email, by=bob)

    message.refresh_from_db()
    assert message.new_text.strip() == "It stands open."
    assert Ticket.objects.get().subject == "The door"
    assert Ticket.objects.get().contact.name == "Carol Customer"


def test_what_is_not_in_quarantine_is_left_alone(mailbox, bob):
    message = arrive(mailbox, RAW)
    with patch("tickets.filing.incoming.parse", poor):
        assert refile_email(message.inbound, by=bob) == message

    assert Message.objects.get().new_text.strip() == "It stands open."


def test_a_mail_in_the_middle_of_a_ticket_leaves_subject_and_contact(mailbox, bob):
    first = arrive(mailbox, subject="Window", sender="dan@customer.example")
    with patch("tickets.filing.incoming.parse", poor):
        held = arrive(mailbox, RAW)
    Message.objects.filter(pk=held.pk).update(ticket=first.ticket)

    refile_email(held.inbound, by=bob)

    ticket = Ticket.objects.get(pk=first.ticket.pk)
    assert (ticket.subject, ticket.contact) == ("Window", first.ticket.contact)


# --- everything at once ----------------------------------------------------------------------------------------------
def hold(mailbox, count: int) -> None:
    with patch("tickets.filing.incoming.parse", poor):
        for number in range(count):
            arrive(mailbox, write_mail(sender=f"p{number}@people.example", subject=f"Number {number}"))


def test_all_in_quarantine_is_tried_again_with_its_progress_in_numbers(mailbox, acme, bob, monkeypatch):
    monkeypatch.setattr(refile, "STEP", 2)
    hold(mailbox, 5)
    run = refile_all(acme, by=bob)
    assert (run.total, run.tried, run.is_finished) == (5, 0, False)

    def stubborn(raw: bytes) -> ParsedMail:
        return poor(raw) if b"Number 3" in raw else parse(raw)

    with patch("tickets.filing.incoming.parse", stubborn):
        assert refile.refile_some(run.pk)
        halfway = RefileRun.objects.get()
        assert (halfway.tried, halfway.read, halfway.is_finished) == (2, 2, False)
        refile_quarantined(str(acme.pk), str(run.pk))

    run.refresh_from_db()
    assert (run.total, run.tried, run.read, run.is_finished) == (5, 5, 4, True)
    assert InboundEmail.objects.quarantined().count() == 1


def test_a_run_under_way_is_the_one_everybody_gets(mailbox, acme, bob, owner):
    hold(mailbox, 1)

    assert refile_all(acme, by=bob) == refile_all(acme, by=owner)


def test_a_run_whose_worker_died_goes_on_where_it_was(
    mailbox, acme, bob, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(refile, "STEP", 2)
    hold(mailbox, 3)
    run = refile_all(acme, by=bob)
    refile.refile_some(run.pk)
    RefileRun.objects.update(moved_at=timezone.now() - timedelta(hours=1))

    with django_capture_on_commit_callbacks() as queued:
        assert refile_all(acme, by=bob) == run
    assert len(queued) == 1
    refile_quarantined(str(acme.pk), str(run.pk))

    assert RefileRun.objects.get().read == 3


def test_a_finished_run_does_nothing_when_it_is_rung_for_again(mailbox, acme, bob):
    hold(mailbox, 1)
    run = refile_all(acme, by=bob)
    refile_quarantined(str(acme.pk), str(run.pk))
    hold(mailbox, 1)

    refile_quarantined(str(acme.pk), str(run.pk))

    assert InboundEmail.objects.quarantined().count() == 1
    with organization_scope(acme):
        assert refile_all(acme, by=bob).pk != run.pk
