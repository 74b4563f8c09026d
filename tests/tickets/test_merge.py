"""Merging and taking it back: mails, notes, seals, and where later replies go (LESSONS 62)."""

import pytest

from accounts.errors import ActionRefused
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, destroy_key
from mailbox.models import Mailbox
from tests.factories import make_mailbox, make_ticket
from tests.mails import arrive
from tickets.actions.assign import assign_ticket
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.actions.merge import merge_tickets, unmerge_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import send_reply
from tickets.actions.tag import tag_ticket
from tickets.models import Attachment, Event, Message, Note, Ticket

pytestmark = pytest.mark.usefixtures("scope")

FILE = ("photo.png", "image/png", b"\x89PNG a picture of the door")


@pytest.fixture
def sales(acme):
    """A second mailbox of Acme's, with a key of its own."""
    return make_mailbox(acme, address="sales@acme.example")


@pytest.fixture
def door(mailbox):
    """The first ticket."""
    return arrive(mailbox, subject="Door", message_id="<a@customer.example>", text="The door is open.").ticket


@pytest.fixture
def window(sales, alice):
    """The second ticket, in another mailbox, with a file, somebody in copy and a note."""
    message = arrive(
        sales,
        to="sales@acme.example",
        cc="dan@customer.example",
        subject="Window",
        message_id="<b@customer.example>",
        text="The window is open, too.",
        html="<p>The window is open, too.</p>",
        files=[FILE],
    )
    add_note(message.ticket, text="She rang about this.", by=alice)
    return message.ticket


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_everything_moves_into_the_survivor(door, window, bob):
    survivor = merge_tickets(window, into=door, by=bob)

    assert survivor == door
    texts = [one.new_text.strip() for one in door.messages.order_by("at")]
    assert texts == ["The door is open.", "The window is open, too."]
    assert Note.objects.get().ticket == door
    now = fresh(door)
    assert (now.message_count, now.has_attachments, now.snippet) == (2, True, "The window is open, too.")
    gone = fresh(window)
    assert (gone.merged_into, gone.message_count, gone.is_closed) == (door, 0, True)


def test_what_moves_to_another_mailbox_is_sealed_with_its_key(door, window, bob, sales):
    """The other mailbox's key may be destroyed later: what was moved must not depend on it."""
    merge_tickets(window, into=door, by=bob)
    destroy_key(Kind.MAILBOX, sales.pk)

    message = door.messages.order_by("at").last()
    assert message.html.startswith("<p>The window")
    assert message.people("cc") == [("", "dan@customer.example")]
    attachment = message.attachments.get()
    assert (attachment.name, b"".join(attachment.file.read())) == ("photo.png", FILE[2])
    assert Note.objects.get().text == "She rang about this."
    with pytest.raises(SealingError):
        fresh(window).subject  # noqa: B018 - reading opens it


def test_the_old_file_stays_until_the_move_is_committed(door, window, bob, django_capture_on_commit_callbacks):
    old = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        merge_tickets(window, into=door, by=bob)
        assert old.file.exists()

    assert callbacks
    assert not old.file.exists()
    assert Attachment.objects.get().file.exists()


def test_a_reply_to_any_mail_of_the_merged_ticket_goes_to_the_survivor(door, window, bob, mailbox):
    merge_tickets(window, into=door, by=bob)

    for sender in ("carol@customer.example", "dan@customer.example"):
        reply = arrive(mailbox, sender=sender, in_reply_to="<b@customer.example>", text=f"From {sender}")
        assert reply.ticket == door
    assert fresh(door).state == Ticket.State.OPEN


def test_an_answer_sent_before_the_merge_leads_to_the_survivor_too(door, window, bob, alice, carol, sales):
    ours = send_reply(window, text="We look at it.", to=[("", carol)], by=alice).headers["message_id"]

    merge_tickets(window, into=door, by=bob)

    assert arrive(sales, sender="erin@customer.example", in_reply_to=ours).ticket == door


def test_after_undoing_replies_go_to_the_old_one_again(door, window, bob, mailbox, sales):
    merge_tickets(window, into=door, by=bob)
    meanwhile = arrive(mailbox, in_reply_to="<b@customer.example>", text="Meanwhile.")
    unmerge_ticket(window, by=bob)

    later = arrive(sales, in_reply_to="<b@customer.example>", text="Later.")

    assert later.ticket == window
    meanwhile.refresh_from_db()
    assert meanwhile.ticket == door


def test_undoing_gives_the_mails_the_notes_and_the_seals_back(door, window, bob, mailbox):
    merge_tickets(window, into=door, by=bob)
    unmerge_ticket(window, by=bob)
    destroy_key(Kind.MAILBOX, mailbox.pk)

    back = fresh(window)
    assert (back.merged_into, back.message_count, back.state) == (None, 1, Ticket.State.OPEN)
    message = back.messages.get()
    assert message.new_text.strip() == "The window is open, too."
    assert b"".join(message.attachments.get().file.read()) == FILE[2]
    assert (Note.objects.get().ticket, Note.objects.get().text) == (window, "She rang about this.")
    assert message.merged_from is None
    assert fresh(door).message_count == 1


def test_the_state_before_the_merge_comes_back(door, window, bob, alice):
    close_ticket(window, by=alice)
    merge_tickets(window, into=door, by=bob)
    unmerge_ticket(window, by=bob)

    assert fresh(window).is_closed


def test_a_chain_of_merges_is_undone_in_any_order(door, window, bob, mailbox, sales):
    heating = arrive(mailbox, subject="Heating", message_id="<c@customer.example>", text="It is cold.").ticket
    merge_tickets(door, into=window, by=bob)
    merge_tickets(window, into=heating, by=bob)
    assert arrive(mailbox, in_reply_to="<a@customer.example>", text="All in one.").ticket == heating

    unmerge_ticket(door, by=bob)
    assert [one.new_text.strip() for one in door.messages.all()] == ["The door is open."]
    unmerge_ticket(window, by=bob)
    assert [one.new_text.strip() for one in window.messages.all()] == ["The window is open, too."]
    assert {one.new_text.strip() for one in heating.messages.all()} == {"It is cold.", "All in one."}


def test_undoing_the_outer_merge_keeps_the_inner_one(door, window, bob, mailbox):
    heating = arrive(mailbox, subject="Heating", message_id="<c@customer.example>").ticket
    merge_tickets(door, into=window, by=bob)
    merge_tickets(window, into=heating, by=bob)

    unmerge_ticket(window, by=bob)

    assert window.messages.count() == 2
    assert arrive(mailbox, in_reply_to="<a@customer.example>", text="Again.").ticket == window
    unmerge_ticket(door, by=bob)
    assert door.messages.count() == 1


def test_it_becomes_our_turn_where_it_was_in_either(door, window, bob, alice):
    close_ticket(door, by=alice)

    merge_tickets(window, into=door, by=bob)

    assert fresh(door).state == Ticket.State.OPEN
    assert fresh(door).closed_at is None


def test_both_histories_say_what_was_done(door, window, bob):
    merge_tickets(window, into=door, by=bob)
    unmerge_ticket(window, by=bob)

    told = [(e.ticket, e.verb, e.other, e.by) for e in Event.objects.order_by("at", "pk")]
    assert told == [
        (window, Event.Verb.MERGED, door, bob),
        (door, Event.Verb.ABSORBED, window, bob),
        (window, Event.Verb.UNMERGED, door, bob),
        (door, Event.Verb.GAVE_BACK, window, bob),
    ]


def test_a_merged_ticket_declines_what_can_be_done_to_others(door, window, bob, alice, carol):
    merge_tickets(window, into=door, by=bob)

    for act in (
        lambda: merge_tickets(window, into=door, by=bob),
        lambda: merge_tickets(door, into=window, by=bob),
        lambda: add_note(window, text="Hello?", by=alice),
        lambda: reopen_ticket(window, by=alice),
        lambda: assign_ticket(window, to=alice, by=bob),
        lambda: send_reply(window, text="Hello?", to=[("", carol)], by=alice),
    ):
        with pytest.raises(ActionRefused, match="merged into #"):
            act()


def test_a_ticket_cannot_be_merged_into_itself_or_into_another_company(door, bob, globex):
    with pytest.raises(ActionRefused, match="into itself"):
        merge_tickets(door, into=fresh(door), by=bob)
    stranger = Ticket(organization=globex, number=7)
    with pytest.raises(ActionRefused, match="two organizations"):
        merge_tickets(door, into=stranger, by=bob)


def test_taking_back_what_was_not_merged_changes_nothing(door, bob):
    unmerge_ticket(door, by=bob)

    assert Event.objects.count() == 0


def test_what_can_no_longer_be_read_is_not_merged_in_part(door, window, bob, sales):
    destroy_key(Kind.MAILBOX, sales.pk)

    with pytest.raises(ActionRefused, match="key of their mailbox is gone"):
        merge_tickets(window, into=door, by=bob)
    assert fresh(window).merged_into is None
    assert Message.objects.filter(ticket=window).count() == 1


def test_nothing_is_given_back_to_a_mailbox_that_was_disconnected(door, window, bob, sales):
    merge_tickets(window, into=door, by=bob)
    Mailbox.objects.filter(pk=sales.pk).update(state=Mailbox.State.DISCONNECTED)

    with pytest.raises(ActionRefused, match="was disconnected"):
        unmerge_ticket(fresh(window), by=bob)


def test_a_ticket_without_mails_can_be_merged(door, acme, mailbox, bob):
    empty = make_ticket(acme, mailbox=mailbox)

    merge_tickets(empty, into=door, by=bob)

    assert fresh(door).message_count == 1


@pytest.mark.parametrize("state", [Ticket.State.CLOSED, Ticket.State.PENDING])
def test_undoing_at_once_gives_the_survivor_its_state_back_too(door, window, bob, state):
    closed_at = door.created_at if state == Ticket.State.CLOSED else None
    door.state, door.closed_at = state, closed_at
    door.save()
    merge_tickets(window, into=door, by=bob)
    assert fresh(door).state == Ticket.State.OPEN

    assert unmerge_ticket(window, by=bob) == 0

    assert (fresh(door).state, fresh(door).closed_at) == (state, closed_at)


def test_the_survivors_state_stays_where_somebody_worked_on_it_since(door, window, bob, alice):
    close_ticket(door, by=alice)
    merge_tickets(window, into=door, by=bob)
    close_ticket(fresh(door), by=alice)
    reopen_ticket(fresh(door), by=alice)

    unmerge_ticket(window, by=bob)

    assert fresh(door).state == Ticket.State.OPEN


def test_undoing_says_how_many_mails_came_meanwhile_and_leaves_them(door, window, bob, mailbox):
    close_ticket(door, by=bob)
    merge_tickets(window, into=door, by=bob)
    arrive(mailbox, in_reply_to="<b@customer.example>", text="Meanwhile.")

    assert unmerge_ticket(window, by=bob) == 1

    assert [one.new_text.strip() for one in door.messages.order_by("at")] == ["The door is open.", "Meanwhile."]
    assert [one.new_text.strip() for one in window.messages.all()] == ["The window is open, too."]
    assert fresh(door).state == Ticket.State.OPEN


def test_fields_and_tags_of_a_merged_ticket_stay_with_it(door, window, bob, alice):
    window.fields = {"0" * 32: "AL26"}
    window.save()
    tag_ticket(window, name="Warranty", by=alice)

    merge_tickets(window, into=door, by=bob)
    unmerge_ticket(window, by=bob)

    assert fresh(window).fields == {"0" * 32: "AL26"}
    assert window.ticket_tags.count() == 1
    assert door.ticket_tags.count() == 0
