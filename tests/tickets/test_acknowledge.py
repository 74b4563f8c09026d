"""The automatic answer to a new ticket: once, to a person who waits for it, and never a turn in the conversation."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from accounts.actions.set_hours import set_hours
from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.deliver_email import Outcome
from mailbox.actions.set_up_mailbox import set_up_mailbox
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from mailbox.models.inbound import IMPORTED
from mailbox.signals import mail_failed
from tests.factories import make_inbound_email
from tests.mails import arrive, write_mail
from tests.sql import counted_sql
from tickets import answering
from tickets.actions.acknowledge import acknowledge, to_acknowledge
from tickets.actions.close import close_ticket
from tickets.actions.receive import receive_email
from tickets.actions.reply import send_reply
from tickets.answering import AUTOMATIC
from tickets.models import Event, Message, Ticket
from tickets.tasks import file_mail
from tickets.views.timeline import Timeline

pytestmark = pytest.mark.usefixtures("scope")
TEXT = "We have it: number {number}.\n{sender}"


@pytest.fixture
def asking(mailbox):
    """The mailbox, answering new tickets by itself."""
    mailbox.sender_name, mailbox.signature = "Acme Help", "{agent}\n{sender} · Doors"
    mailbox.acknowledges, mailbox.acknowledgement = True, TEXT
    mailbox.connected_at = timezone.now() - timedelta(hours=1)
    mailbox.save()
    return mailbox


def sent(message):
    return message_from_bytes(message.outbound.raw(), policy=policy.default)


def outbound():
    return Message.objects.filter(direction=Message.Direction.OUTBOUND)


def test_who_opens_a_ticket_hears_its_number_in_their_thread(asking, carol):
    asked = arrive(asking, subject="Dörren", message_id="<q@customer.example>", provider_thread_id="t7")
    message = acknowledge(asked)

    mail = sent(message)
    assert message.new_text == f"We have it: number {asked.ticket.number}.\nAcme Help"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == (
        f"We have it: number {asked.ticket.number}.\nAcme Help\n\n-- \nAcme Help · Doors\n"
    )
    assert mail["To"].addresses[0].addr_spec == carol
    assert str(mail["From"]) == "Acme Help <help@acme.example>"
    assert mail["Subject"] == "Re: Dörren"
    assert mail["In-Reply-To"] == mail["References"] == "<q@customer.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert message.outbound.provider_thread_id == "t7"


def test_nothing_a_stranger_wrote_is_sent_on(asking):
    asked = arrive(asking, sender="Buy at https://spam.example <victim@victims.example>", text="Cheap pills")
    message = acknowledge(asked)

    raw = message.outbound.raw().decode()
    assert "spam.example" not in raw
    assert "pills" not in raw
    assert message.people("to") == [("", "victim@victims.example")]


def test_it_is_no_turn_in_the_conversation(asking, alice):
    asked = arrive(asking)
    before = Ticket.objects.filter(pk=asked.ticket_id).values().get()
    message = acknowledge(asked)

    assert Ticket.objects.filter(pk=asked.ticket_id).values().get() == before
    assert before["state"] == Ticket.State.OPEN
    assert message.author is None
    assert message.kind == AUTOMATIC
    assert not Event.objects.filter(ticket=asked.ticket, verb=Event.Verb.ANSWERED).exists()
    item = Timeline(asked.ticket, "acme", {alice.pk: alice}, alice).items()[-1]
    assert (item.author_name, item.badge, item.outbound) == ("Acme Help", "Automatic reply", True)


def test_an_agents_answer_refers_to_the_customers_mail_not_to_the_machines(asking, alice, carol):
    asked = arrive(asking, message_id="<q@customer.example>")
    acknowledge(asked)

    mail = sent(send_reply(asked.ticket, text="Hello.", to=[("", carol)], by=alice))
    assert mail["In-Reply-To"] == "<q@customer.example>"
    assert "We have it" not in mail.get_body(("plain",)).get_content()


def test_the_answer_to_it_finds_the_ticket(asking):
    asked = arrive(asking)
    message = acknowledge(asked)

    assert arrive(asking, in_reply_to=message.headers["message_id"]).ticket == asked.ticket


def test_a_second_run_sends_nothing(asking):
    asked = arrive(asking)
    acknowledge(asked)

    assert acknowledge(asked) is None
    assert OutboundEmail.objects.count() == 1


def test_one_sender_gets_one_a_day(asking):
    acknowledge(arrive(asking, subject="One"))
    second = arrive(asking, subject="Two")
    assert acknowledge(second) is None

    outbound().update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert acknowledge(second) is not None


def test_an_organization_stops_at_its_ceiling(asking, monkeypatch):
    monkeypatch.setattr(answering, "OF_AN_ORGANIZATION", 3)
    for number in range(6):
        acknowledge(arrive(asking, sender=f"p{number}@customers.example", subject=f"Door {number}"))

    assert outbound().count() == 3


@pytest.mark.parametrize(
    "mail",
    [
        {"headers": [("Auto-Submitted", "auto-generated")]},
        {"headers": [("List-Id", "<news.customer.example>")]},
        {"headers": [("Precedence", "bulk")]},
        {"headers": [("X-Auto-Response-Suppress", "All")]},
        {"headers": [("Return-Path", "<>")]},
        {"headers": [("Reply-To", "help@acme.example")]},
        {"sender": "noreply@customer.example"},
        {"sender": "help@acme.example"},
        {"sender": "hello@acme.example"},  # an alias of ours
        {"subject": "Out of office: holidays"},
        {"sender": "Mail Delivery Subsystem <mailer-daemon@customer.example>", "subject": "Undelivered Mail"},
        {"headers": [("Authentication-Results", "mx.google.com; dmarc=fail (p=REJECT) header.from=customer.example")]},
    ],
)
def test_what_a_machine_wrote_or_nobody_vouches_for_hears_nothing(asking, mail):
    asking.aliases = ["hello@acme.example"]
    asking.save(update_fields=["aliases"])
    message = arrive(asking, **mail)

    assert message.ticket.message_count == 1
    assert acknowledge(message) is None
    assert not outbound().exists()


def test_history_hears_nothing(asking):
    old = arrive(asking, received_at=asking.connected_at - timedelta(minutes=1))
    assert acknowledge(old) is None

    asking.connected_at -= timedelta(days=10)
    asking.save(update_fields=["connected_at"])
    assert acknowledge(old) is not None  # it was only the moment that stood against it
    late = arrive(asking, sender="dan@customer.example", received_at=timezone.now() - timedelta(days=2))
    assert acknowledge(late) is None
    email = make_inbound_email(asking, write_mail(sender="erin@customer.example"), provider_id=f"{IMPORTED}1")
    imported = receive_email(InboundEmail.objects.select_related("organization").get(pk=email.pk))
    assert acknowledge(imported) is None


def test_only_the_mail_that_opened_a_waiting_ticket_is_answered(asking, alice, carol):
    first = arrive(asking, message_id="<q@customer.example>")
    second = arrive(asking, in_reply_to="<q@customer.example>", text="One more thing")
    assert second.ticket == first.ticket
    assert acknowledge(second) is None

    close_ticket(first.ticket, by=alice)
    assert acknowledge(first) is None
    Ticket.objects.update(state=Ticket.State.OPEN)
    send_reply(first.ticket, text="Hello.", to=[("", carol)], by=alice)
    Ticket.objects.update(state=Ticket.State.OPEN)
    assert acknowledge(first) is None


@pytest.mark.parametrize(
    "change",
    [
        {"acknowledges": False},
        {"acknowledgement": " "},
        {"acknowledgement": None},
        {"state": Mailbox.State.RECONNECT},
        {"state": Mailbox.State.DISCONNECTED},
    ],
)
def test_a_mailbox_that_does_not_want_it_or_cannot_send_says_nothing(asking, change):
    asked = arrive(asking)
    for name, value in change.items():
        setattr(asking, name, value)
    asking.save()

    assert acknowledge(asked) is None


def test_one_that_cannot_be_sent_disturbs_nobody(asking):
    asked = arrive(asking)
    message = acknowledge(asked)
    Ticket.objects.update(state=Ticket.State.CLOSED)

    mail_failed.send(OutboundEmail, email=message.outbound)
    assert Ticket.objects.get().state == Ticket.State.CLOSED
    assert not Event.objects.filter(verb=Event.Verb.SEND_FAILED).exists()


def test_it_leaves_from_the_address_they_wrote_to(asking):
    asking.aliases = ["hello@acme.example"]
    asking.save(update_fields=["aliases"])

    message = acknowledge(arrive(asking, to="hello@acme.example"))
    assert message.people("from") == [("Acme Help", "hello@acme.example")]


def test_without_a_sender_name_it_is_the_company_that_writes(asking):
    asking.sender_name = ""
    asking.save(update_fields=["sender_name"])

    message = acknowledge(arrive(asking))
    assert message.people("from") == [("Acme", "help@acme.example")]
    assert message.whole_text.endswith("-- \nAcme · Doors\n")


def test_filing_asks_for_it_once_and_only_where_it_is_wanted(
    asking, acme, celery_eager, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("mailbox.tasks.deliver_email", lambda *_: Outcome())  # nobody knows this mailbox
    emails = [make_inbound_email(asking, write_mail(sender=f"p{n}@customers.example")) for n in range(3)]
    emails.append(make_inbound_email(asking, write_mail(headers=[("Precedence", "bulk")])))
    ids = [str(email.pk) for email in emails]
    with django_capture_on_commit_callbacks(execute=True):
        file_mail(str(acme.pk), ids)
        file_mail(str(acme.pk), ids)

    with organization_scope(acme):
        assert Ticket.objects.count() == 4
        assert outbound().count() == 3
        assert set(outbound().values_list("kind", flat=True)) == {AUTOMATIC}


def test_a_mailbox_that_does_not_answer_by_itself_costs_one_question(mailbox):
    emails = [arrive(mailbox, sender=f"p{n}@customers.example").inbound for n in range(3)]
    with counted_sql() as statements:
        assert to_acknowledge(emails) == []
    assert len(statements) == 1


def test_it_cannot_be_switched_on_without_words(asking):
    said = {"sender_name": "", "signature": "", "quotes_history": True, "aliases": [], "acknowledgement": " "}

    with pytest.raises(ActionRefused, match="Write what"):
        set_up_mailbox(asking, **said, acknowledges=True)


def test_the_answer_says_when_somebody_is_back_and_leaves_the_line_out_without_hours(asking, acme, owner):
    asking.acknowledgement = "We have it.\nWe are here {hours}.\nNext: {back}."
    asking.save()
    assert acknowledge(arrive(asking)).new_text == "We have it."

    set_hours(time_zone="Europe/Stockholm", week=[["00:00", "23:59"]] * 7, holidays={}, by=owner)
    said = acknowledge(arrive(asking, sender="dora@customer.example")).new_text
    assert said.startswith("We have it.\nWe are here Monday to Sunday 00:00–23:59.\nNext: t")


def test_an_answer_that_speaks_of_hours_only_is_not_sent_without_them(asking):
    asking.acknowledgement = "We are here {hours}."
    asking.save()

    assert acknowledge(arrive(asking)) is None
    assert not outbound().exists()
