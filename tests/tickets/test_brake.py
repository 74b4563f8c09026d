"""Loops and floods: kept and filed, joined quietly, never answered (LESSONS 23-25, SECURITY 25)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_inbound_email
from tests.mails import arrive, write_mail
from tickets.actions.receive import receive_emails
from tickets.actions.reply import send_reply
from tickets.filing import brake
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("scope")

MONITOR = "monitor@machines.example"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Floods of a few mails, so that a test is short."""
    monkeypatch.setattr(brake, "IN_TICKET", 3)
    monkeypatch.setattr(brake, "IN_MAILBOX", 6)


def talk(mailbox, count: int, **mail) -> list[Message]:
    return [arrive(mailbox, in_reply_to="<a@customer.example>", text=f"Number {n}", **mail) for n in range(count)]


def test_a_flood_in_a_ticket_joins_quietly_and_is_marked_with_its_reason(mailbox, alice, carol):
    first = arrive(mailbox, message_id="<a@customer.example>")
    talk(mailbox, 2)
    Ticket.objects.update(state="closed", closed_at=timezone.now())

    (flood,) = talk(mailbox, 1)

    assert flood.ticket == first.ticket
    assert flood.kind == "loop"
    assert flood.kind_reason.startswith("More than 3 mails of one sender within an hour")
    assert not flood.may_autorespond
    assert Ticket.objects.get().is_closed


def test_an_answer_of_a_colleague_begins_the_count_anew(mailbox, alice, carol):
    """Two people who write to and fro quickly are no loop: the last word must not be overlooked."""
    first = arrive(mailbox, message_id="<a@customer.example>")
    talk(mailbox, 2)
    send_reply(first.ticket, text="Which one?", to=[("", carol)], by=alice)

    (reply,) = talk(mailbox, 1)

    assert reply.kind == "human"
    assert Ticket.objects.get().state == Ticket.State.OPEN


def test_an_answer_of_a_machine_does_not(mailbox, alice, carol):
    first = arrive(mailbox, message_id="<a@customer.example>")
    talk(mailbox, 2)
    ours = send_reply(first.ticket, text="We have your mail.", to=[("", carol)], by=alice)
    Message.objects.filter(pk=ours.pk).update(kind="auto_reply", author=None)

    assert talk(mailbox, 1)[0].kind == "loop"


def test_mails_of_another_hour_are_not_counted(mailbox):
    long_ago = timezone.now() - timedelta(hours=2)
    arrive(mailbox, message_id="<a@customer.example>", received_at=long_ago)
    talk(mailbox, 3, received_at=long_ago)

    assert talk(mailbox, 1)[0].kind == "human"


def test_a_flood_of_new_mails_goes_on_in_the_last_ticket_it_opened(mailbox):
    for number in range(9):
        arrive(mailbox, sender=MONITOR, subject=f"Alarm {number}", text=f"Disk {number} is full.")

    assert Ticket.objects.count() == 6
    assert Message.objects.count() == 9
    last = Ticket.objects.get(number=6)
    assert (last.message_count, last.messages.filter(kind="loop").count()) == (4, 3)


def test_a_flood_in_one_batch_is_braked_too(mailbox):
    raws = [write_mail(sender=MONITOR, subject=f"Alarm {n}", text=f"Disk {n} is full.") for n in range(9)]

    receive_emails([make_inbound_email(mailbox, raw) for raw in raws])

    assert (Ticket.objects.count(), Message.objects.count()) == (6, 9)


def test_a_flood_holds_up_nobody_else(mailbox):
    for number in range(8):
        arrive(mailbox, sender=MONITOR, subject=f"Alarm {number}", text=f"Disk {number} is full.")

    message = arrive(mailbox)

    assert (message.kind, message.ticket.message_count) == ("human", 1)


def test_mails_without_a_sender_are_not_one_sender(mailbox):
    for number in range(8):
        arrive(mailbox, f"To: help@acme.example\r\nSubject: {number}\r\n\r\nWho am I?\r\n".encode())

    assert Ticket.objects.count() == 8


def test_the_brake_costs_one_statement_a_batch(mailbox):
    def counted(senders: int) -> int:
        raws = [write_mail(sender=f"p{senders}.{n}@people.example") for n in range(senders)]
        emails = [make_inbound_email(mailbox, raw) for raw in raws]
        with CaptureQueriesContext(connection) as queries:
            receive_emails(emails)
        return sum('"tickets_message"."at" >' in query["sql"] for query in queries)

    counted(2)
    arrive(mailbox, sender="p5.0@people.example")
    assert counted(5) == 1
