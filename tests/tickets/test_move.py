"""Another mailbox for a ticket: seals, senders, who sees it, who has it."""

import pytest

from accounts.actions.create_team import create_team
from accounts.errors import ActionRefused
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, destroy_key
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import Mailbox, OutboundEmail
from tests.factories import make_mailbox
from tests.mails import arrive
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.actions.merge import merge_tickets, unmerge_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import send_reply
from tickets.audience import audience_of_move
from tickets.models import Attachment, Event, Note, Ticket

pytestmark = pytest.mark.usefixtures("scope")
FILE = ("photo.png", "image/png", b"\x89PNG a picture of the door")


@pytest.fixture
def sales(acme):
    """A second mailbox of Acme's, with a key of its own."""
    return make_mailbox(acme, address="sales@acme.example")


@pytest.fixture
def door(mailbox, alice):
    """A ticket with a mail, a file, a note, a field."""
    message = arrive(mailbox, subject="Door", message_id="<a@customer.example>", text="It is open.", files=[FILE])
    add_note(message.ticket, text="She rang.", by=alice)
    message.ticket.fields = {"0" * 32: "AL26"}
    message.ticket.save()
    return message.ticket


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_everything_is_sealed_with_the_key_of_the_new_mailbox(door, sales, mailbox, alice):
    move_ticket(door, to=sales, by=alice)
    destroy_key(Kind.MAILBOX, mailbox.pk)

    now = fresh(door)
    assert (now.mailbox, now.subject, now.snippet, now.fields) == (sales, "Door", "It is open.", {"0" * 32: "AL26"})
    message = now.messages.get()
    assert (message.mailbox, message.new_text.strip()) == (sales, "It is open.")
    assert b"".join(message.attachments.get().file.read()) == FILE[2]
    assert (Note.objects.get().mailbox, Note.objects.get().text) == (sales, "She rang.")


def test_answers_leave_from_the_new_mailbox(door, sales, alice, carol):
    move_ticket(door, to=sales, by=alice)
    send_reply(fresh(door), text="We come.", to=[("", carol)], by=alice)

    assert OutboundEmail.objects.get().mailbox == sales


def test_an_answer_to_an_older_mail_still_finds_the_ticket(door, sales, mailbox, alice):
    move_ticket(door, to=sales, by=alice)

    later = arrive(mailbox, in_reply_to="<a@customer.example>", text="Still open.")

    assert later.ticket == door
    assert later.mailbox == sales


def test_who_has_it_and_may_not_see_it_there_no_longer_has_it(acme, door, sales, alice, bob):
    team = create_team(acme, name="Workshop", by=bob)
    assign_ticket(door, to=alice, by=bob)
    assign_to_team(door, team=team, by=bob)
    limit_mailbox(sales, by=bob)

    move_ticket(door, to=sales, by=bob)

    assert (fresh(door).assignee, fresh(door).team) == (None, None)
    assert Event.objects.filter(ticket=door, verb=Event.Verb.RELEASED).count() == 2


def test_it_goes_only_where_the_mover_sees_it_and_where_mail_is_sent(door, sales, mailbox, alice, bob):
    limit_mailbox(sales, by=bob)
    with pytest.raises(ActionRefused, match="connected mailbox that you may see"):
        move_ticket(door, to=sales, by=alice)
    Mailbox.objects.filter(pk=sales.pk).update(state=Mailbox.State.DISCONNECTED)
    with pytest.raises(ActionRefused, match="connected mailbox that you may see"):
        move_ticket(door, to=Mailbox.objects.get(pk=sales.pk), by=bob)

    assert fresh(door).mailbox == mailbox
    assert not Event.objects.filter(verb=Event.Verb.MOVED).exists()


def test_moving_it_to_where_it_is_changes_nothing(door, mailbox, alice):
    count = Event.objects.count()
    move_ticket(door, to=mailbox, by=alice)
    assert Event.objects.count() == count


def test_the_history_says_where_it_came_from(door, sales, mailbox, alice):
    move_ticket(door, to=sales, by=alice)

    event = Event.objects.get(verb=Event.Verb.MOVED)
    assert (event.ticket, event.mailbox, event.by) == (door, mailbox, alice)


def test_what_can_no_longer_be_read_is_not_moved_in_part(door, sales, mailbox, bob):
    destroy_key(Kind.MAILBOX, mailbox.pk)
    with pytest.raises((ActionRefused, SealingError)):
        move_ticket(door, to=sales, by=bob)
    assert Ticket.objects.filter(pk=door.pk, mailbox=mailbox).exists()
    assert Attachment.objects.get().mailbox == mailbox


def test_a_ticket_that_was_merged_after_a_move_goes_back_to_its_own_mailbox(door, sales, mailbox, bob):
    window = arrive(sales, to="sales@acme.example", subject="Window", message_id="<w@customer.example>").ticket
    move_ticket(window, to=mailbox, by=bob)
    merge_tickets(window, into=door, by=bob)
    move_ticket(fresh(door), to=sales, by=bob)

    unmerge_ticket(fresh(window), by=bob)

    assert {one.mailbox for one in window.messages.all()} == {mailbox}
    assert {one.mailbox for one in door.messages.all()} == {sales}


def test_the_page_can_say_who_begins_and_who_ceases_to_see_it(mailbox, sales, alice, bob, owner, viewer):
    limit_mailbox(sales, members=[viewer], by=bob)

    there = audience_of_move(mailbox, sales)
    assert (there.gained, there.lost, there.is_same) == ([], ["Alice Agent"], False)
    assert audience_of_move(sales, mailbox).gained == ["Alice Agent"]
    assert audience_of_move(mailbox, mailbox).is_same
