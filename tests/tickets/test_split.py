"""Splitting: a ticket from one mail on, and where later replies go."""

import pytest

from accounts.errors import ActionRefused
from tests.mails import arrive
from tickets.actions.merge import merge_tickets
from tickets.actions.reply import send_reply
from tickets.actions.split import split_message
from tickets.models import Event, Ticket

pytestmark = pytest.mark.usefixtures("scope")

FILE = ("heating.txt", "text/plain", b"21 degrees")
A, B, C = "<a@customer.example>", "<b@customer.example>", "<c@customer.example>"


@pytest.fixture
def talk(mailbox):
    """Three mails of Carol's in one ticket; the second begins another matter."""
    return [
        arrive(mailbox, subject="Door", message_id=A, text="The door."),
        arrive(mailbox, subject="Heating", message_id=B, in_reply_to=A, text="And the heating.", files=[FILE]),
        arrive(mailbox, subject="Re: Heating", message_id=C, in_reply_to=B, references=[A, B], text="It is cold."),
    ]  # fmt: skip


def test_the_mail_and_what_came_after_it_become_a_new_ticket(talk, alice):
    new = split_message(talk[1], by=alice)

    old = Ticket.objects.get(number=1)
    assert [one.new_text.strip() for one in new.messages.order_by("at")] == ["And the heating.", "It is cold."]
    assert [one.new_text.strip() for one in old.messages.all()] == ["The door."]
    assert (new.number, new.subject, new.contact, new.related_to) == (2, "Heating", old.contact, old)
    assert (new.message_count, new.has_attachments, new.snippet) == (2, True, "It is cold.")
    assert (old.message_count, old.has_attachments, old.snippet) == (1, False, "The door.")


def test_later_replies_follow_the_mail_they_answer(talk, alice, mailbox):
    new = split_message(talk[1], by=alice)

    assert arrive(mailbox, in_reply_to=C, references=[A, B, C], text="Still cold.").ticket == new
    assert arrive(mailbox, in_reply_to=B, references=[A, B], text="As I said.").ticket == new
    assert arrive(mailbox, in_reply_to=A, text="The door again.").ticket == talk[0].ticket


def test_a_mail_that_came_after_its_answer_is_followed_too(mailbox, alice):
    arrive(mailbox, message_id=A, text="The door.")
    arrive(mailbox, message_id=C, in_reply_to=B, references=[A, B], text="It is cold.")
    late = arrive(mailbox, message_id=B, in_reply_to=A, text="And the heating.")

    new = split_message(late, by=alice)

    assert arrive(mailbox, in_reply_to=B, text="As I said.").ticket == new


def test_an_answer_of_ours_that_moves_takes_its_replies_along(talk, alice, carol, mailbox):
    ours = send_reply(talk[0].ticket, text="Turn the knob.", to=[("", carol)], by=alice)

    new = split_message(talk[2], by=alice)

    assert ours.headers["message_id"]
    assert new.messages.filter(pk=ours.pk).exists()
    assert new.state == Ticket.State.PENDING
    assert arrive(mailbox, sender="dan@x.example", in_reply_to=ours.headers["message_id"]).ticket == new


def test_the_first_mail_stays_where_it_is(talk, alice):
    with pytest.raises(ActionRefused, match="first mail"):
        split_message(talk[0], by=alice)
    assert Ticket.objects.count() == 1


def test_both_histories_say_it(talk, alice):
    new = split_message(talk[1], by=alice)

    told = [(e.ticket, e.verb, e.other, e.by) for e in Event.objects.order_by("at", "pk")]
    assert told == [
        (talk[0].ticket, Event.Verb.SPLIT, new, alice),
        (new, Event.Verb.SPLIT_OFF, talk[0].ticket, alice),
    ]


def test_merging_takes_a_split_back(talk, alice, mailbox):
    new = split_message(talk[1], by=alice)

    merge_tickets(new, into=talk[0].ticket, by=alice)

    assert talk[0].ticket.messages.count() == 3
    assert arrive(mailbox, in_reply_to=B, text="As I said.").ticket == talk[0].ticket


def test_what_was_split_off_after_a_merge_stays_split_when_that_is_undone(talk, alice, mailbox):
    from tickets.actions.merge import unmerge_ticket

    other = arrive(mailbox, subject="Window", message_id="<w@customer.example>", text="The window.").ticket
    merge_tickets(talk[0].ticket, into=other, by=alice)
    talk[2].refresh_from_db()
    new = split_message(talk[2], by=alice)
    unmerge_ticket(talk[0].ticket, by=alice)

    assert [one.new_text.strip() for one in talk[0].ticket.messages.order_by("at")] == ["The door.", "And the heating."]
    assert "It is cold." in [one.new_text.strip() for one in new.messages.all()]


def test_one_mail_alone_can_go_also_the_first(talk, alice, mailbox):
    new = split_message(talk[0], by=alice, alone=True)

    assert [one.new_text.strip() for one in new.messages.all()] == ["The door."]
    assert talk[1].ticket.messages.count() == 2
    assert arrive(mailbox, in_reply_to=A, text="The door again.").ticket == new
    assert arrive(mailbox, in_reply_to=C, text="Still cold.").ticket == talk[1].ticket


def test_the_only_mail_of_a_ticket_cannot_go(mailbox, alice):
    only = arrive(mailbox, message_id=A)

    with pytest.raises(ActionRefused, match="nothing would be left"):
        split_message(only, by=alice, alone=True)
