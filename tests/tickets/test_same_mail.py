"""The same mail twice: by the provider's id, by Message-ID and content, and through two mailboxes (LESSONS 21-22)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mailbox.models import InboundEmail
from tests.factories import make_inbound_email, make_mailbox
from tests.mails import arrive, write_mail
from tickets.actions.receive import receive_emails
from tickets.actions.reply import send_reply
from tickets.filing.known import MAX_CLAIMS
from tickets.models import Event, Message, ThreadKey, Ticket

BOTH = "help@acme.example, sales@acme.example"
TRACE = b"Received: from somewhere by mx.acme.example\r\n"
pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def sales(acme):
    """A second mailbox of Acme's."""
    return make_mailbox(acme, address="sales@acme.example")


def state_of(mailbox) -> list[str]:
    return list(InboundEmail.objects.filter(mailbox=mailbox).values_list("state", flat=True))


def test_the_database_keeps_a_provider_id_once_for_a_mailbox(mailbox):
    make_inbound_email(mailbox, b"x", provider_id="one")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_inbound_email(mailbox, b"x", provider_id="one")


def test_a_mail_that_comes_again_with_other_trace_headers_is_one_message(mailbox):
    raw = write_mail(message_id="<a@customer.example>")

    arrive(mailbox, raw)

    assert arrive(mailbox, TRACE + raw) is None
    assert Message.objects.count() == 1


def test_line_ends_and_encodings_do_not_make_another_mail(mailbox):
    raw = write_mail(message_id="<a@customer.example>", text="Grüße aus Köln, und alles ist offen.")

    arrive(mailbox, raw)

    assert arrive(mailbox, raw.replace(b"\n", b"\r\n")) is None


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Another question altogether."},
        {"subject": "Window"},
        {"files": [("scan.pdf", "application/pdf", b"%PDF second")]},
        {"sender": "eve@elsewhere.example"},
    ],
)
def test_another_mail_under_the_same_message_id_is_not_lost(mailbox, other):
    """Scanners and web forms often give all their mails one id."""
    first = {"message_id": "<scanner@acme.example>", "files": [("scan.pdf", "application/pdf", b"%PDF first")]}
    arrive(mailbox, **first)

    assert arrive(mailbox, **first | other) is not None
    assert Message.objects.count() == 2


SCANNER = {"sender": "scanner@acme.example", "message_id": "<scan@scanner.example>", "subject": "Scan"}


def test_a_machine_that_gives_all_its_mails_one_id_opens_a_ticket_for_each(mailbox):
    now = timezone.now()
    scans = [
        arrive(mailbox, **SCANNER, text=f"Page {hours}.", received_at=now - timedelta(hours=hours))
        for hours in range(9, 0, -1)
    ]

    assert len({scan.ticket_id for scan in scans}) == 9
    assert not Ticket.objects.filter(is_unverified=True).exists()
    assert ThreadKey.objects.count() == MAX_CLAIMS  # all that the next one has to look at


def test_one_batch_of_such_mails_is_as_many_tickets(mailbox):
    now = timezone.now()
    pages = [write_mail(**SCANNER, text=f"Page {page}.") for page in range(3)]
    emails = [
        make_inbound_email(mailbox, raw, received_at=now - timedelta(hours=3 - page)) for page, raw in enumerate(pages)
    ]

    receive_emails(emails)

    assert Ticket.objects.count() == 3


def test_a_copy_that_a_gateway_wrote_into_stays_with_its_mail(mailbox, sales):
    first = arrive(mailbox, message_id="<a@customer.example>", text="It stands open.")

    copy = arrive(sales, message_id="<a@customer.example>", text="External sender!\n\nIt stands open.")

    assert copy.ticket == first.ticket


def test_who_takes_the_id_of_another_mail_later_is_a_stranger_still(mailbox):
    """Twice, the second time as somebody who takes part in the ticket of the first."""
    first = arrive(mailbox, message_id="<a@customer.example>", received_at=timezone.now() - timedelta(days=2))
    theft = {"sender": "eve@elsewhere.example", "message_id": "<a@customer.example>", "cc": "carol@customer.example"}
    arrive(mailbox, **theft, text="One.", received_at=timezone.now() - timedelta(days=1))
    again = arrive(mailbox, **theft, text="Two.")

    answer = arrive(mailbox, in_reply_to="<a@customer.example>")

    assert again.ticket.is_unverified
    assert answer.ticket == first.ticket


def test_without_a_message_id_the_same_words_at_the_same_moment_are_one_mail(mailbox):
    raw = (
        b"From: carol@customer.example\r\nTo: help@acme.example\r\nSubject: Door\r\n"
        b"Date: Mon, 02 Nov 2026 10:00:00 +0100\r\n\r\nIt is open.\r\n"
    )

    arrive(mailbox, raw)

    assert arrive(mailbox, TRACE + raw) is None
    assert arrive(mailbox, raw.replace(b"10:00:00", b"10:00:01")) is not None


def test_one_mail_to_two_mailboxes_is_one_ticket_of_the_one_named_first(mailbox, sales):
    raw = write_mail(to=BOTH, message_id="<both@customer.example>")

    message = arrive(sales, raw)
    assert arrive(mailbox, TRACE + raw) is None or Ticket.objects.count() == 1

    assert message.ticket.mailbox == mailbox
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_the_mailbox_named_in_to_goes_before_the_one_in_copy(mailbox, sales):
    message = arrive(mailbox, to="sales@acme.example", cc="help@acme.example")

    assert message.ticket.mailbox == sales


def test_a_mail_that_names_none_of_ours_belongs_to_the_mailbox_it_came_to(mailbox, sales):
    assert arrive(sales, to="undisclosed@elsewhere.example").ticket.mailbox == sales


def test_the_history_says_that_the_mail_came_through_the_other_mailbox_too(mailbox, sales):
    raw = write_mail(to=BOTH, message_id="<both@customer.example>")
    arrive(mailbox, raw)
    arrive(sales, raw)

    event = Event.objects.get(verb=Event.Verb.ALSO_CAME)
    assert (event.mailbox, event.ticket) == (sales, Ticket.objects.get())
    assert state_of(sales) == [InboundEmail.State.SKIPPED]


def test_the_copy_of_the_tickets_own_mailbox_is_the_one_that_counts(mailbox, sales, alice, carol):
    """Its thread is the one an answer must stay in; that of another mailbox would make the provider refuse it."""
    raw = write_mail(to=BOTH, message_id="<both@customer.example>")
    message = arrive(sales, raw, provider_thread_id="of-sales")
    arrive(mailbox, raw, provider_thread_id="of-help")

    message.refresh_from_db()
    answer = send_reply(message.ticket, text="Closed now.", to=[("", carol)], by=alice)

    assert message.inbound.mailbox == mailbox
    assert answer.outbound.provider_thread_id == "of-help"
    assert (state_of(mailbox), state_of(sales)) == ([InboundEmail.State.FILED], [InboundEmail.State.SKIPPED])
    assert Event.objects.get(verb=Event.Verb.ALSO_CAME).mailbox == sales


def test_an_answer_never_leaves_in_the_thread_of_another_mailbox(mailbox, sales, alice, carol):
    message = arrive(sales, to=BOTH, provider_thread_id="of-sales")

    answer = send_reply(message.ticket, text="Closed now.", to=[("", carol)], by=alice)

    assert answer.outbound.mailbox == mailbox
    assert answer.outbound.provider_thread_id == ""


def test_two_copies_in_one_batch_are_one_ticket(mailbox, sales):
    raw = write_mail(to=BOTH, message_id="<both@customer.example>")
    emails = [make_inbound_email(sales, raw), make_inbound_email(mailbox, TRACE + raw)]

    (message,) = receive_emails(emails)

    assert (message.ticket.mailbox, message.inbound) == (mailbox, emails[1])
    assert [state_of(mailbox), state_of(sales)] == [["filed"], ["skipped"]]
    assert Event.objects.filter(verb=Event.Verb.ALSO_CAME).count() == 1
