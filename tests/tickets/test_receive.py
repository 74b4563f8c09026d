"""Filing: what becomes of a mail."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from mailbox.message_ids import make_message_id
from mailbox.models import InboundEmail
from tests.factories import make_inbound_email, make_mailbox
from tests.mails import arrive, write_mail
from tickets.actions.close import close_ticket
from tickets.actions.receive import receive_email
from tickets.actions.reply import send_reply
from tickets.models import Contact, Event, Message, Ticket
from tickets.tasks import file_batch

pytestmark = pytest.mark.usefixtures("scope")


def test_a_mail_opens_a_ticket_with_the_writer_as_its_contact(mailbox, carol):
    message = arrive(mailbox, subject="Gångjärnet gnisslar", text="Hej!\n\nDörren gnisslar.\n")

    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.subject, ticket.state) == (1, "Gångjärnet gnisslar", Ticket.State.OPEN)
    assert ticket.contact.name == "Carol Customer"
    assert ticket.contact.addresses.get().address == carol
    assert ticket.snippet == "Hej! Dörren gnisslar."
    assert message.people("to") == [("", "help@acme.example")]


def test_filing_twice_changes_nothing(mailbox):
    message = arrive(mailbox)

    email = InboundEmail.objects.get()
    assert receive_email(email) == message
    assert Message.objects.count() == Ticket.objects.count() == 1
    assert email.state == InboundEmail.State.FILED


def test_numbers_count_up_without_gaps(mailbox):
    for n in range(3):
        arrive(mailbox, subject=f"Question {n}", sender=f"p{n}@people.example")

    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_one_person_is_one_contact_however_the_address_is_written(mailbox):
    arrive(mailbox, sender="Carol <carol@customer.example>")
    arrive(mailbox, sender="CAROL@Customer.Example", subject="Another matter")

    assert Contact.objects.count() == 1
    assert Ticket.objects.count() == 2


def test_files_are_kept_in_order_and_open_again(mailbox):
    message = arrive(
        mailbox, files=[("a.txt", "text/plain", b"first"), ("b.pdf", "application/pdf", b"%PDF-1.4 second")]
    )

    first, second = message.attachments.order_by("position")
    assert [first.name, second.name] == ["a.txt", "b.pdf"]
    assert b"".join(second.file.read()) == b"%PDF-1.4 second"
    assert message.ticket.has_attachments


def test_a_reply_of_the_contact_opens_a_closed_ticket_again(mailbox, alice):
    first = arrive(mailbox, message_id="<first@customer.example>")
    close_ticket(first.ticket, by=alice)

    arrive(mailbox, in_reply_to="<first@customer.example>", text="It is open again.")

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.message_count, ticket.closed_at) == (Ticket.State.OPEN, 2, None)
    assert ticket.events.filter(verb=Event.Verb.REOPENED).count() == 1


def test_a_reply_to_what_was_closed_long_ago_begins_a_linked_ticket(mailbox, alice):
    first = arrive(mailbox, message_id="<first@customer.example>")
    close_ticket(first.ticket, by=alice)
    Ticket.objects.update(closed_at=timezone.now() - timedelta(days=31))

    second = arrive(mailbox, in_reply_to="<first@customer.example>")

    assert second.ticket != first.ticket
    assert second.ticket.related_to == first.ticket
    assert not second.ticket.is_unverified
    first.ticket.refresh_from_db()
    assert first.ticket.is_closed


def test_an_out_of_office_joins_quietly(mailbox, alice, carol):
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="On its way.", to=[("", carol)], by=alice)
    ours = answer.headers["message_id"]

    message = arrive(
        mailbox, in_reply_to=ours, subject="Automatic reply: away", headers=[("Auto-Submitted", "auto-replied")]
    )

    assert message.ticket == first.ticket
    assert Ticket.objects.get().state == Ticket.State.PENDING


def test_a_bounce_is_put_to_the_answer_that_bounced(mailbox, alice, carol):
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="On its way.", to=[("", carol)], by=alice)
    ours = answer.headers["message_id"]
    raw = (
        "From: Mail Delivery Subsystem <mailer-daemon@customer.example>\r\nTo: help@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver your mail.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        f"Final-Recipient: rfc822; {carol}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\nSubject: Re: x\r\n\r\n--b--\r\n"
    ).encode()

    message = arrive(mailbox, raw)

    assert message.kind == "bounce"
    assert message.ticket == first.ticket
    assert Ticket.objects.get().state == Ticket.State.OPEN
    assert Event.objects.filter(verb=Event.Verb.BOUNCED).count() == 1


def test_our_own_answer_coming_back_is_kept_but_not_filed(mailbox, acme):
    outbound = make_mailbox(acme).pk
    ours = make_message_id(acme.pk, outbound, "acme.example")

    assert arrive(mailbox, sender="help@acme.example", message_id=ours) is None
    assert InboundEmail.objects.get().state == InboundEmail.State.SKIPPED
    assert Ticket.objects.count() == 0


def test_one_mail_through_two_mailboxes_is_one_ticket(mailbox, acme):
    other = make_mailbox(acme, address="sales@acme.example")
    raw = write_mail(to="help@acme.example, sales@acme.example", message_id="<both@customer.example>")

    arrive(mailbox, raw)
    assert arrive(other, b"Received: by another way\r\n" + raw) is None

    assert Ticket.objects.count() == 1


def test_the_same_message_id_from_another_writer_is_another_mail(mailbox):
    arrive(mailbox, message_id="<same@customer.example>")
    arrive(mailbox, message_id="<same@customer.example>", sender="eve@elsewhere.example")

    assert Message.objects.count() == 2
    assert Ticket.objects.filter(is_unverified=True).count() == 1


def test_a_form_that_mails_as_us_names_the_person_in_reply_to(mailbox, carol):
    message = arrive(mailbox, sender="help@acme.example", headers=[("Reply-To", f"Carol <{carol}>")])

    assert message.ticket.contact.addresses.get().address == carol


def test_a_mail_without_text_is_a_message_too(mailbox):
    message = arrive(mailbox, text="", files=[("photo.png", "image/png", b"\x89PNG")])

    assert message.new_text == ""
    assert message.attachments.count() == 1


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff\xfe", b"From: \r\n\r\n", b"no header at all", b":\n:\n\n", b"\r\n" * 50]
)
def test_whatever_arrives_ends_in_a_ticket(mailbox, raw):
    assert arrive(mailbox, raw) is not None
    assert InboundEmail.objects.get().state != InboundEmail.State.STORED


def test_a_mail_whose_filing_fails_takes_no_other_with_it_and_ends_in_quarantine(mailbox, acme):
    good, bad = (
        make_inbound_email(mailbox, write_mail(subject=s, sender=f"{s}@people.example")) for s in ("good", "bad")
    )
    from tickets.mail import parse

    def fragile(raw: bytes):
        if b"Subject: bad" in raw:
            raise MemoryError
        return parse(raw)

    with patch("tickets.filing.incoming.parse", fragile):
        for _ in range(3):
            file_batch(acme.pk, [bad.pk, good.pk])

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (InboundEmail.State.FILED, InboundEmail.State.QUARANTINED)
    held = Message.objects.get(inbound=bad)
    assert b"".join(held.attachments.get().file.read()) == bad.raw()
    assert Ticket.objects.count() == 2
