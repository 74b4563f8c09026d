"""Whether a machine may answer a mail: one place asks everything (LESSONS 23-25)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailbox.models import InboundEmail
from tests.factories import make_mailbox
from tests.mails import arrive
from tickets import answering
from tickets.actions.reply import send_reply
from tickets.answering import may_answer_automatically
from tickets.models import ContactAddress, Message

pytestmark = pytest.mark.usefixtures("scope")


def answer_by_machine(message: Message, alice, at=None) -> Message:
    """Put an automatic answer into the ticket, as an acknowledgement is stored."""
    (_name, address) = message.people("from")[0]
    answer = send_reply(message.ticket, text="We have your mail.", to=[("", address)], by=alice)
    Message.objects.filter(pk=answer.pk).update(kind="auto_reply", author=None, at=at or timezone.now())
    return answer


def refusal(message: Message) -> str:
    may, reason = may_answer_automatically(message)
    assert may is not bool(reason)
    return reason


def test_a_persons_mail_may_be_answered(mailbox):
    assert may_answer_automatically(arrive(mailbox)) == (True, "")


@pytest.mark.parametrize(
    "mail",
    [
        {"headers": [("Auto-Submitted", "auto-replied")]},
        {"headers": [("Precedence", "bulk")]},
        {"headers": [("List-Id", "<news.customer.example>")]},
        {"headers": [("X-Auto-Response-Suppress", "All")]},
        {"headers": [("Return-Path", "<>")]},
        {"sender": "no-reply@customer.example"},
        {"sender": "help@acme.example"},
    ],
)
def test_what_a_machine_wrote_is_not(mailbox, mail):
    message = arrive(mailbox, **mail)

    assert refusal(message)
    assert refusal(message) == message.kind_reason


def test_our_own_answer_is_not(mailbox, alice, carol):
    answer = send_reply(arrive(mailbox).ticket, text="Done.", to=[("", carol)], by=alice)

    assert refusal(answer)


@pytest.mark.parametrize("address", ["no-reply@customer.example", "sales@acme.example"])
def test_nobody_who_takes_no_answers_gets_one_through_reply_to(mailbox, acme, address):
    make_mailbox(acme, address="sales@acme.example", state="disconnected")

    assert refusal(arrive(mailbox, headers=[("Reply-To", address)]))


def test_a_sender_gets_one_a_day(mailbox, alice):
    answer_by_machine(arrive(mailbox), alice)

    assert "within a day" in refusal(arrive(mailbox, subject="Another matter"))
    assert not refusal(arrive(mailbox, sender="dan@customer.example"))


def test_and_another_one_the_day_after(mailbox, alice):
    answer_by_machine(arrive(mailbox), alice, at=timezone.now() - timedelta(hours=25))

    assert not refusal(arrive(mailbox, subject="Another matter"))


def test_old_mail_is_not_answered(mailbox):
    assert "more than a day old" in refusal(arrive(mailbox, received_at=timezone.now() - timedelta(days=2)))


def test_imported_mail_is_not_answered_however_new_it_is(mailbox):
    message = arrive(mailbox)
    InboundEmail.objects.update(provider_id="import-1")

    assert "imported" in refusal(Message.objects.get(pk=message.pk))


def test_a_ticket_in_which_machines_seem_to_talk_is_left_alone(mailbox):
    arrive(mailbox, message_id="<a@customer.example>")
    mails = [arrive(mailbox, in_reply_to="<a@customer.example>", text=f"Number {n}") for n in range(6)]

    assert not refusal(mails[0]) or "within an hour" in refusal(mails[0])
    assert "within an hour" in refusal(mails[-1])


def test_an_organization_has_a_brake_of_its_own(mailbox, alice, monkeypatch):
    monkeypatch.setattr(answering, "OF_AN_ORGANIZATION", 2)
    for number in range(2):
        answer_by_machine(arrive(mailbox, sender=f"p{number}@people.example"), alice)

    assert "no more leave" in refusal(arrive(mailbox))


def test_an_address_that_refused_our_mail_is_left_alone_until_it_writes(mailbox, alice, carol):
    first = arrive(mailbox)
    ours = send_reply(first.ticket, text="On its way.", to=[("", carol)], by=alice).headers["message_id"]
    arrive(mailbox, bounce(carol, ours))

    assert ContactAddress.objects.get(address__isnull=False, contact=first.sender).bounced_at is not None
    assert "could not be delivered" in refusal(first)

    again = arrive(mailbox, subject="I am back")
    assert ContactAddress.objects.get(contact=first.sender).bounced_at is None
    assert not refusal(again)


def test_a_report_that_names_no_mail_of_ours_marks_nobody(mailbox, carol):
    first = arrive(mailbox, message_id="<a@customer.example>")
    arrive(mailbox, bounce(carol, "<a@customer.example>"))

    assert ContactAddress.objects.get(contact=first.sender).bounced_at is None


def test_a_report_marks_only_whom_we_wrote_to(mailbox, alice, carol):
    dan = arrive(mailbox, sender="dan@customer.example")
    first = arrive(mailbox)
    ours = send_reply(first.ticket, text="On its way.", to=[("", carol)], by=alice).headers["message_id"]
    arrive(mailbox, bounce("dan@customer.example", ours))

    assert ContactAddress.objects.get(contact=dan.sender).bounced_at is None


def bounce(recipient: str, about: str) -> bytes:
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@customer.example>\r\nTo: help@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nSubject: Re: x\r\n\r\n--b--\r\n"
    ).encode()
