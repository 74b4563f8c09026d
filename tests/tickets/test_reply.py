"""Answering: what leaves, to whom, in which thread."""

from email import message_from_bytes, policy

import pytest

from accounts.errors import ActionRefused
from mailbox.models import Mailbox, OutboundEmail
from mailbox.signals import mail_failed, mail_left
from tests.factories import make_mailbox, make_ticket
from tests.mails import arrive
from tickets.actions.attach import NewFile
from tickets.actions.reply import send_reply
from tickets.answered import MAX_REFERENCES
from tickets.filing.ours import Ours
from tickets.models import Event, Message, Ticket
from tickets.recipients import recipients_of

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def asked(mailbox):
    return arrive(
        mailbox,
        subject="Dörren",
        message_id="<q@customer.example>",
        references=["<p@customer.example>"],
        provider_thread_id="t1",
    )


def sent(message):
    return message_from_bytes(message.outbound.raw(), policy=policy.default)


def test_an_answer_waits_in_the_outbox_in_the_customers_thread(asked, alice, carol):
    message = send_reply(asked.ticket, text="Vi kommer på fredag.", to=[("Carol", carol)], by=alice)

    mail = sent(message)
    assert message.outbound.state == OutboundEmail.State.QUEUED
    assert message.outbound.provider_thread_id == "t1"
    assert mail["In-Reply-To"] == "<q@customer.example>"
    assert mail["References"].split() == ["<p@customer.example>", "<q@customer.example>"]
    assert mail["Subject"] == "Re: Dörren"
    assert mail["Message-ID"] == message.headers["message_id"]
    assert "help@acme.example" in mail["From"]
    assert mail["To"].addresses[0].addr_spec == carol
    assert "Vi kommer på fredag." in mail.get_body(("plain",)).get_content()


def test_the_ticket_waits_for_the_contact_and_belongs_to_who_answered(asked, alice, carol):
    send_reply(asked.ticket, text="Which door?", to=[("", carol)], by=alice)

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.assignee, ticket.snippet) == (Ticket.State.PENDING, alice, "Which door?")
    assert ticket.events.get().verb == Event.Verb.ANSWERED


def test_send_and_close_closes(asked, alice, carol):
    send_reply(asked.ticket, text="Done.", to=[("", carol)], by=alice, close=True)

    assert Ticket.objects.get().is_closed


def test_only_the_named_people_get_it(asked, alice):
    message = send_reply(asked.ticket, text="Hi", to=[("Dan", "dan@d.example")], cc=[("", "eve@e.example")], by=alice)

    mail = sent(message)
    assert [a.addr_spec for a in mail["To"].addresses] == ["dan@d.example"]
    assert [a.addr_spec for a in mail["Cc"].addresses] == ["eve@e.example"]
    assert "Bcc" not in mail


def test_a_second_answer_refers_to_the_first(asked, alice, carol):
    first = send_reply(asked.ticket, text="One", to=[("", carol)], by=alice)
    second = send_reply(asked.ticket, text="Two", to=[("", carol)], by=alice)

    assert sent(second)["In-Reply-To"] == first.headers["message_id"]


def test_an_answer_after_the_provider_renamed_ours_refers_to_the_providers_id(asked, alice, carol):
    first = send_reply(asked.ticket, text="One", to=[("", carol)], by=alice)
    first.outbound.provider_message_id = "<renamed@mail.provider.example>"
    first.outbound.save(update_fields=["provider_message_id"])
    mail_left.send(OutboundEmail, email=first.outbound)

    second = send_reply(asked.ticket, text="Two", to=[("", carol)], by=alice)
    assert sent(second)["In-Reply-To"] == "<renamed@mail.provider.example>"
    back = arrive(asked.mailbox, in_reply_to="<renamed@mail.provider.example>")
    assert back.ticket == asked.ticket


def test_files_leave_with_the_answer_and_stay_on_the_ticket(asked, alice, carol):
    file = NewFile("plan.pdf", "application/pdf", b"%PDF-1.4")

    message = send_reply(asked.ticket, text="See the plan.", to=[("", carol)], attachments=[file], by=alice)

    (part,) = sent(message).iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("plan.pdf", b"%PDF-1.4")
    assert message.attachments.get().name == "plan.pdf"


@pytest.mark.parametrize(
    ("text", "to", "sentence"),
    [
        (" \n", [("", "carol@customer.example")], "empty"),
        ("Hi", [], "at least one"),
        ("Hi", [("", "nobody")], "not an e-mail address"),
        ("Hi", [("", "no address")], "has a line end or a blank in it"),
        ("Hi", [("", "a@b.example\r\nBcc: x@y.example")], "has a line end or a blank in it"),
        ("Hi", [("", f"p{n}@b.example") for n in range(101)], "100 people"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_leaves_nothing(asked, alice, text, to, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        send_reply(asked.ticket, text=text, to=to, by=alice)

    assert OutboundEmail.objects.count() == 0
    assert Message.objects.count() == 1


def test_nothing_leaves_from_a_disconnected_mailbox(asked, alice, carol):
    Mailbox.objects.update(state=Mailbox.State.DISCONNECTED)
    asked.ticket.refresh_from_db()

    with pytest.raises(ActionRefused, match="disconnected"):
        send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice)


def test_a_failed_answer_opens_the_ticket_again(asked, alice, carol):
    message = send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice, close=True)

    mail_failed.send(OutboundEmail, email=message.outbound)

    ticket = Ticket.objects.get()
    assert ticket.state == Ticket.State.OPEN
    assert ticket.events.filter(verb=Event.Verb.SEND_FAILED).count() == 1


def test_a_blind_copy_leaves_and_nobody_else_sees_it(asked, alice, carol, mailbox):
    message = send_reply(
        asked.ticket, text="Hi", to=[("", carol)], bcc=[("Eve", "eve@e.example")], by=alice, quotes=True
    )

    mail = sent(message)
    assert [a.addr_spec for a in mail["Bcc"].addresses] == ["eve@e.example"]  # the provider takes it out
    assert message.people("bcc") == [("Eve", "eve@e.example")]
    back = arrive(mailbox, in_reply_to=message.headers["message_id"], text="Thanks")
    follow_up = send_reply(asked.ticket, text="Bye", to=[("", carol)], by=alice)
    assert "eve@" not in follow_up.outbound.raw().decode().lower()
    assert "eve@" not in str(recipients_of(back, Ours.of(back.organization_id)))


def test_who_got_a_blind_copy_joins_the_ticket_by_our_id(asked, alice, carol, mailbox):
    message = send_reply(asked.ticket, text="Hi", to=[("", carol)], bcc=[("", "eve@e.example")], by=alice)

    back = arrive(mailbox, sender="eve@e.example", in_reply_to=message.headers["message_id"])
    assert back.ticket == asked.ticket


def test_a_domain_with_letters_leaves_as_ascii_and_is_known_again(asked, alice, mailbox):
    message = send_reply(asked.ticket, text="Hi", to=[("Ute", "ute@bücher.example")], by=alice)

    assert message.people("to") == [("Ute", "ute@xn--bcher-kva.example")]
    back = arrive(mailbox, sender="ute@xn--bcher-kva.example", references=[asked.headers["message_id"]])
    assert back.ticket == asked.ticket


@pytest.mark.parametrize(
    ("opened_with", "answered_with", "leaves_with"),
    [
        ("Dörren", "Dörren", "Re: Dörren"),
        ("Dörren", "SV: Dörren", "Re: Dörren"),
        ("Re: Dörren", "Re: Dörren", "Re: Dörren"),
        ("AW: Tür", "AW: Tür", "AW: Tür"),
        ("Dörren", "Another matter", "Re: Another matter"),
        ("", "", "Re:"),
    ],
)
def test_the_subject_stays_as_it_is(mailbox, alice, carol, opened_with, answered_with, leaves_with):
    first = arrive(mailbox, subject=opened_with, message_id="<a@customer.example>")
    second = arrive(mailbox, subject=answered_with, in_reply_to="<a@customer.example>", text="More")
    assert first.ticket == second.ticket

    message = send_reply(first.ticket, text="Hi", to=[("", carol)], by=alice)
    assert sent(message)["Subject"] == message.headers["subject"] == leaves_with


def test_references_are_whole_where_a_program_sent_only_in_reply_to(mailbox, alice, carol):
    asked = arrive(mailbox, message_id="<b@customer.example>", in_reply_to="<a@customer.example>")

    mail = sent(send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice))
    assert mail["References"].split() == ["<a@customer.example>", "<b@customer.example>"]


def test_a_long_thread_keeps_its_root_and_its_newest_ids(mailbox, alice, carol):
    ids = [f"<{number}@customer.example>" for number in range(150)]
    asked = arrive(mailbox, message_id="<q@customer.example>", references=ids)

    chain = sent(send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice))["References"].split()
    assert chain[0] == ids[0]
    assert chain[-1] == "<q@customer.example>"
    assert len(chain) == MAX_REFERENCES + 1


def test_an_out_of_office_and_what_never_left_are_no_part_of_the_thread(asked, alice, carol, mailbox):
    failed = send_reply(asked.ticket, text="One", to=[("", carol)], by=alice)
    OutboundEmail.objects.update(state=OutboundEmail.State.FAILED)
    away = {"subject": "Out of office: Dörren", "headers": [("Auto-Submitted", "auto-replied")]}
    arrive(mailbox, message_id="<ooo@customer.example>", in_reply_to="<q@customer.example>", **away)

    mail = sent(send_reply(asked.ticket, text="Two", to=[("", carol)], by=alice))
    assert mail["In-Reply-To"] == "<q@customer.example>"
    assert failed.headers["message_id"] not in mail["References"]


def test_an_older_mail_is_answered_where_it_stands(alice, carol, mailbox):
    asked = arrive(mailbox, cc="dan@customer.example", message_id="<q@customer.example>")
    arrive(
        mailbox, sender="dan@customer.example", in_reply_to="<q@customer.example>", references=["<q@customer.example>"],
        message_id="<dan@customer.example>", text="I know!",
    )  # fmt: skip
    to_dan = send_reply(asked.ticket, text="Dan?", to=[("", "dan@customer.example")], by=alice)
    assert sent(to_dan)["In-Reply-To"] == "<dan@customer.example>"

    to_carol = send_reply(asked.ticket, text="Carol?", to=[("", carol)], by=alice, answered=asked, quotes=True)
    mail = sent(to_carol)
    assert mail["In-Reply-To"] == "<q@customer.example>"  # Carol never saw what went to Dan
    assert mail["References"] == "<q@customer.example>"
    assert "I know!" not in mail.get_body(("plain",)).get_content()


def test_a_thread_of_another_mailbox_means_nothing_in_this_one(acme, mailbox, alice, carol):
    asked = arrive(make_mailbox(acme), provider_thread_id="t9")
    Ticket.objects.update(mailbox=mailbox)
    asked.ticket.refresh_from_db()

    message = send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice)
    assert message.outbound.provider_thread_id == ""


def test_whoever_wrote_to_an_alias_gets_the_answer_from_it(mailbox, alice, carol):
    mailbox.aliases = ["hello@acme.example"]
    mailbox.save(update_fields=["aliases"])
    asked = arrive(mailbox, to="hello@acme.example")

    message = send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice)
    assert sent(message)["From"].addresses[0].addr_spec == "hello@acme.example"
    assert message.people("from") == [("Alice Agent", "hello@acme.example")]
    chosen = send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice, sender_address="help@acme.example")
    assert sent(chosen)["From"].addresses[0].addr_spec == "help@acme.example"
    with pytest.raises(ActionRefused, match="no such address"):
        send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice, sender_address="ceo@bank.example")


def test_nothing_leaves_from_a_ticket_that_was_merged(asked, alice, carol, acme, mailbox):
    other = make_ticket(acme, mailbox=mailbox)
    Ticket.objects.filter(pk=asked.ticket.pk).update(merged_into=other)

    with pytest.raises(ActionRefused, match=f"merged into #{other.number}"):
        send_reply(asked.ticket, text="Hi", to=[("", carol)], by=alice)
