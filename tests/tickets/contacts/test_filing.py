"""Contacts as mail meets them: their company, the name a colleague chose, and mail nobody wants."""

import pytest
from django.utils import timezone

from mailbox.models import OutboundEmail
from tests.mails import arrive
from tests.sql import counted_sql
from tickets.actions.acknowledge import acknowledge, to_acknowledge
from tickets.actions.contacts.block import block_address, block_contact, unblock_address, unblock_contact
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.answering import may_answer_automatically
from tickets.contacts.finding import page_of
from tickets.models import Contact, Ticket

pytestmark = pytest.mark.usefixtures("scope")


def test_who_writes_for_the_first_time_is_found_by_name_and_belongs_to_the_company_of_the_domain(mailbox, alice, bob):
    company = make_company(name="Northlight", domains=["northlight.example"], by=bob)

    arrive(mailbox, sender="Nora Nordlund <nora@NORTHLIGHT.example>")

    (nora,) = page_of(alice, "nordl", None)
    assert nora.company == company
    assert page_of(alice, "@northlight.example", None) == [nora]


def test_a_free_mail_domain_makes_nobody_anybodys_people(mailbox, alice):
    arrive(mailbox, sender="Gail <gail@gmail.com>")

    assert Contact.objects.get().company is None


def test_a_new_contact_costs_a_fixed_number_of_statements_more(mailbox, contact):
    arrive(mailbox)  # caches
    with counted_sql() as known:
        arrive(mailbox, subject="Again")
    with counted_sql() as new:
        arrive(mailbox, sender="Somebody <some@body.example>")

    assert len(new) - len(known) <= 4  # company, contact, address, codes


def test_a_name_a_colleague_chose_stays(mailbox, contact, alice):
    edit_contact(contact, name="Carola C.", company="", by=alice)
    arrive(mailbox, sender="Carol The Great <carol@customer.example>")
    assert Contact.objects.get().name == "Carola C."

    edit_contact(contact, name="", company="", by=alice)
    arrive(mailbox, sender="Carol The Great <carol@customer.example>")
    assert Contact.objects.get().name == ""


def test_a_name_nobody_knew_is_learnt_and_found(mailbox, alice):
    arrive(mailbox, sender="carol@customer.example")
    arrive(mailbox, sender="Carol Newman <carol@customer.example>")

    assert [one.name for one in page_of(alice, "newm", None)] == ["Carol Newman"]


def test_mail_of_somebody_blocked_is_kept_as_spam_in_no_queue(mailbox, contact, alice):
    block_contact(contact, by=alice)

    message = arrive(mailbox, subject="Buy this")

    ticket = message.ticket
    assert (message.kind, message.may_autorespond) == ("blocked", False)
    assert ticket.is_spam
    assert not Ticket.objects.unfinished().exists()
    assert Ticket.objects.spam().get() == ticket
    assert "blocked" in message.kind_reason


def test_it_reopens_nothing_and_changes_no_turn(mailbox, contact, alice, ticket):
    asked = arrive(mailbox, subject="A question", message_id="<a@customer.example>")
    Ticket.objects.filter(pk=asked.ticket_id).update(state=Ticket.State.CLOSED, closed_at=timezone.now())
    block_contact(contact, by=alice)

    again = arrive(mailbox, subject="Re: A question", in_reply_to="<a@customer.example>")

    assert again.ticket_id == asked.ticket_id
    found = Ticket.objects.get(pk=asked.ticket_id)
    assert found.is_closed
    assert found.last_activity_at == asked.at


def test_a_machine_answers_nobody_blocked(mailbox, contact, alice):
    mailbox.acknowledges, mailbox.acknowledgement = True, "We have it."
    mailbox.save()
    before = arrive(mailbox, subject="Before")
    block_contact(contact, by=alice)
    after = arrive(mailbox, subject="After")

    assert to_acknowledge([after.inbound]) == []
    may, why = may_answer_automatically(before)
    assert (may, why) == (False, "Its sender is blocked.")
    assert acknowledge(before) is None
    assert not OutboundEmail.objects.exists()


def test_one_address_is_blocked_alone(mailbox, contact, alice, carol):
    from tickets.actions.contacts.addresses import add_address

    other = add_address(contact, address="carol@other.example", by=alice)
    block_address(contact, address=other, by=alice)

    assert arrive(mailbox, sender="carol@other.example").kind == "blocked"
    assert arrive(mailbox, sender=carol).kind == "human"
    unblock_address(contact, address=other, by=alice)
    assert arrive(mailbox, sender="carol@other.example").kind == "human"


def test_unblocking_lets_the_next_mail_in(mailbox, contact, alice):
    block_contact(contact, by=alice)
    block_contact(contact, by=alice)
    unblock_contact(contact, by=alice)

    assert arrive(mailbox).ticket.state == Ticket.State.OPEN
    assert [one.verb for one in contact.events.order_by("pk")] == ["blocked", "unblocked"]


def test_what_a_colleague_passes_on_is_wanted(mailbox, contact, alice):
    block_contact(contact, by=alice)

    message = arrive(
        mailbox,
        sender=f"Alice <{alice.user.email}>",
        subject="Fwd: The door",
        text="---------- Forwarded message ---------\nFrom: Carol Customer <carol@customer.example>\n"
        "Date: Mon, 1 Jun 2026\nSubject: The door\nTo: alice@acme.example\n\nIt stands open.",
    )

    assert message.kind != "blocked"
