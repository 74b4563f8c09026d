"""Whom an answer goes to: all in the mail that is answered, none of us, nobody behind the agent's back (L18, L19)."""

import pytest

from tests.factories import make_mailbox, make_message
from tests.mails import arrive
from tickets.answered import mail_to_answer, newest_of
from tickets.filing.ours import Ours
from tickets.models import Message
from tickets.recipients import MAX_ALL, MAX_REPLY_TO, recipients_of, written_to

CAROL, DAN, ERIN = ("Carol", "carol@customer.example"), ("Dan", "dan@customer.example"), ("", "erin@customer.example")
PEOPLE = {"carol": CAROL, "dan": DAN, "erin": ERIN}


def named(*people):
    return ", ".join(f"{name} <{address}>" for name, address in people)


def offered(message):
    return recipients_of(message, Ours.of(message.organization_id))


@pytest.fixture
def second_mailbox(acme):
    return make_mailbox(acme, address="sales@acme.example")


@pytest.fixture
def mail(mailbox, second_mailbox, scope):
    def arrived(**headers):
        return arrive(mailbox, **{"sender": named(CAROL), **headers})

    return arrived


def test_everybody_in_it_is_answered_but_we_ourselves(mail):
    message = mail(
        to=f"Help@ACME.example, {named(DAN)}, sales@acme.example, help+door@acme.example", cc=named(ERIN, CAROL)
    )

    found = offered(message)
    assert (found.to, found.cc, found.warnings) == ([CAROL], [DAN, ERIN], [])


def test_who_is_named_twice_gets_it_once(mail):
    found = offered(mail(to=f"help@acme.example, {named(DAN)}, DAN@customer.example", cc=named(DAN)))

    assert found.cc == [DAN]


def test_a_reply_to_is_honoured_and_said_where_it_differs(mail):
    found = offered(mail(headers=[("Reply-To", "Orders <orders@shop.example>")]))

    assert found.to == [("Orders", "orders@shop.example")]
    assert found.cc == []
    assert found.warnings == [
        "The answer goes to orders@shop.example: that mail asks for it, though carol@customer.example wrote."
    ]


def test_a_reply_to_that_says_the_same_needs_no_word(mail):
    found = offered(mail(headers=[("Reply-To", "CAROL@customer.example")]))

    assert found.to == [("", "CAROL@customer.example")]
    assert found.warnings == []


def test_a_reply_to_of_ours_is_no_address_to_answer_to(mail):
    assert offered(mail(headers=[("Reply-To", "sales@acme.example")])).to == [CAROL]


def test_a_long_reply_to_is_a_list_somebody_made_up(mail):
    victims = ", ".join(f"victim{n}@victims.example" for n in range(MAX_REPLY_TO + 1))
    found = offered(mail(headers=[("Reply-To", victims)]))

    assert found.to == [CAROL]
    assert "victim" not in str(found.cc)
    assert f"answers at {MAX_REPLY_TO + 1} addresses" in found.warnings[0]


def test_readers_of_a_mailing_are_not_answered(mail):
    crowd = ", ".join(f"reader{n}@readers.example" for n in range(MAX_ALL + 1))
    found = offered(mail(to=f"help@acme.example, {crowd}"))

    assert (found.to, found.cc) == ([CAROL], [])
    assert f"{MAX_ALL + 1} more people" in found.warnings[0]


def test_an_alias_of_ours_is_none_of_them(mail, mailbox):
    mailbox.aliases = ["hello@acme.example"]
    mailbox.save(update_fields=["aliases"])

    message = mail(to=f"Hello@acme.example, {named(DAN)}")
    assert offered(message).cc == [DAN]
    assert written_to(message, mailbox.addresses) == "hello@acme.example"


def test_where_a_mail_came_in_is_known_by_its_trace_too(mail, mailbox):
    mailbox.aliases = ["hello@acme.example"]
    mailbox.save(update_fields=["aliases"])

    message = mail(to="undisclosed-recipients:;", headers=[("X-Original-To", "hello@acme.example")])
    assert written_to(message, mailbox.addresses) == "hello@acme.example"
    assert written_to(mail(to="someone@else.example"), mailbox.addresses) == ""


@pytest.mark.usefixtures("scope")
def test_the_newest_mail_that_somebody_wrote_is_answered(ticket, alice):
    first = ticket.messages.get()
    make_message(ticket, by=alice)
    for kind in ("out_of_office", "bounce", "receipt", "loop"):
        make_message(ticket, kind=kind)
    messages = list(Message.objects.filter(ticket=ticket).order_by("at", "id"))
    assert mail_to_answer(ticket) == newest_of(messages) == first

    second = make_message(ticket, kind="list")
    assert mail_to_answer(ticket) == newest_of([*messages, second]) == second


@pytest.mark.usefixtures("scope")
def test_where_only_machines_wrote_the_newest_of_them_is_answered(ticket):
    Message.objects.update(kind="auto_reply")
    last = make_message(ticket, kind="out_of_office")

    assert mail_to_answer(ticket) == newest_of(list(Message.objects.order_by("at", "id"))) == last


@pytest.mark.usefixtures("scope")
def test_where_nobody_wrote_yet_our_last_mail_says_who_but_never_who_got_it_blind(ticket, alice):
    people = {"to": [list(CAROL)], "cc": [list(DAN), ["", "help@acme.example"]], "bcc": [list(ERIN)]}
    last = make_message(ticket, by=alice, headers={"from": [], **people})

    found = recipients_of(None, Ours.of(ticket.organization_id), last)
    assert (found.to, found.cc) == ([CAROL], [DAN])
