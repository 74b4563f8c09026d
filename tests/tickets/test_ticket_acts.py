"""The pages that ask before a ticket is merged, split, linked or moved, and its paper."""

import pytest

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_message, make_ticket
from tests.tickets.acting import at, fresh, text_of
from tickets.actions.attach import NewFile, attach_files
from tickets.actions.link import link_tickets
from tickets.actions.note import add_note
from tickets.models import Event, Message, Ticket, TicketLink

pytestmark = pytest.mark.django_db


# --- Splitting -------------------------------------------------------------------------------------------------------
def test_a_mail_is_split_off_and_merged_back(as_alice, acme, ticket):
    second = make_message(ticket, text="And the heating.")
    page = at(ticket, f"mails/{second.pk}/split/")
    assert page in text_of(as_alice.get(at(ticket)))
    assert "And the heating." in text_of(as_alice.get(page))

    split = as_alice.post(page, {"which": "alone"}, follow=True)

    with organization_scope(acme):
        new = Ticket.objects.order_by("-number").first()
        assert Message.objects.get(pk=second.pk).ticket == new
    assert split.redirect_chain[-1][0] == at(new)
    assert f"Split off from #{ticket.number}" in text_of(split)
    as_alice.post(at(new, "merge/"), {"into": str(ticket.number)})
    with organization_scope(acme):
        assert Message.objects.get(pk=second.pk).ticket == ticket


def test_the_only_mail_has_nothing_to_split(as_alice, acme, ticket):
    with organization_scope(acme):
        only = ticket.messages.get()
    assert "/split/" not in text_of(as_alice.get(at(ticket)))
    page = text_of(as_alice.get(at(ticket, f"mails/{only.pk}/split/")))
    assert "there is nothing to split" in page


# --- Linking ---------------------------------------------------------------------------------------------------------
def test_both_pages_show_a_link_until_it_is_taken_away(as_alice, acme, ticket, window):
    as_alice.post(at(ticket, "link/"), {"other": f"#{window.number}", "kind": "duplicate"})

    here, there = as_alice.get(at(ticket)), as_alice.get(at(window))
    assert [(one["number"], one["kind"]) for one in here.context["links"]] == [(window.number, "Duplicate of")]
    assert [(one["number"], one["kind"]) for one in there.context["links"]] == [(ticket.number, "Its duplicate")]
    assert f"You marked this ticket as a duplicate of #{window.number}" in text_of(here)

    as_alice.post(at(window, f"links/{here.context['links'][0]['link_id']}/off/"))
    assert as_alice.get(at(ticket)).context["links"] == []
    assert f"You took the link with #{window.number} away" in text_of(as_alice.get(at(ticket)))


def test_a_link_can_be_told_from_the_other_side(as_alice, acme, ticket, window):
    as_alice.post(at(ticket, "link/"), {"other": str(window.number), "kind": "has_duplicate"})

    with organization_scope(acme):
        link = TicketLink.objects.get()
        assert (link.ticket, link.other, link.kind) == (window, ticket, "duplicate")


def test_a_link_to_a_hidden_ticket_shows_nothing_and_stays(as_alice, acme, ticket, hidden, bob):
    with organization_scope(acme):
        link = link_tickets(ticket, other=hidden, kind="related", by=bob)

    page = as_alice.get(at(ticket))
    assert page.context["links"] == []
    assert "The secret" not in text_of(page)
    assert as_alice.post(at(ticket, f"links/{link.pk}/off/")).status_code == 404
    with organization_scope(acme):
        assert TicketLink.objects.exists()


def test_a_word_that_is_no_kind_links_nothing(as_alice, acme, ticket, window):
    said = as_alice.post(at(ticket, "link/"), {"other": str(window.number), "kind": "x" * 40}, follow=True)
    assert "Say whether they are related" in text_of(said)
    with organization_scope(acme):
        assert not TicketLink.objects.exists()


# --- Moving ----------------------------------------------------------------------------------------------------------
def test_the_page_says_what_a_move_means_and_moves(as_bob, acme, ticket, alice, bob):
    board = make_mailbox(acme, address="board@acme.example")
    with organization_scope(acme):
        limit_mailbox(board, by=bob)
        ticket.assignee = alice
        ticket.save()

    page = text_of(as_bob.get(at(ticket, "move/")))
    for words in (
        "Answers leave from <b>board@acme.example</b>",
        "No longer sees it:",
        "Alice Agent",
        "back to nobody",
    ):
        assert words in page
    moved = as_bob.post(at(ticket, "move/"), {"to": str(board.pk)}, follow=True)

    assert fresh(ticket).mailbox_id == board.pk
    assert "Answers leave from board@acme.example now." in text_of(moved)
    assert "You moved this ticket here from help@acme.example" in text_of(moved)


def test_nobody_moves_a_ticket_to_where_they_do_not_see(as_alice, acme, ticket, mailbox, hidden):
    page = text_of(as_alice.get(at(ticket, "move/")))
    assert "board@" not in page
    assert "no other connected mailbox" in page
    as_alice.post(at(ticket, "move/"), {"to": str(hidden.mailbox_id)})
    as_alice.post(at(ticket, "move/"), {"to": "nonsense"})

    assert fresh(ticket).mailbox_id == mailbox.pk


# --- On paper --------------------------------------------------------------------------------------------------------
def test_paper_holds_every_mail_and_names_every_file(as_alice, acme, ticket, alice):
    second = make_message(ticket, text="<script>alert(1)</script>", by=alice, attachment_count=1)
    with organization_scope(acme):
        kept, gone = attach_files(
            second, [NewFile("plan.pdf", "application/pdf", b"%PDF-"), NewFile("old\u202e.txt", "text/plain", b"x")]
        )
        gone.file.delete()
        add_note(ticket, text="Ask the workshop.", by=alice)
    page = text_of(as_alice.get(at(ticket, "print/")))

    for words in ("It stands open all night.", "&lt;script&gt;alert(1)", "plan.pdf", "is no longer there", "U+202E"):
        assert words in page
    assert page.count("is no longer there") == 1
    assert "Ask the workshop." not in page
    assert kept.pk != gone.pk
    with_all = text_of(as_alice.get(at(ticket, "print/?notes=on&history=on")))
    assert "Ask the workshop." in with_all


def test_viewers_print_and_do_nothing_else(as_viewer, ticket):
    page = text_of(as_viewer.get(at(ticket)))
    assert at(ticket, "print/") in page
    for name in ("merge/", "move/", "link/", "unmerge/", "/split/"):
        assert at(ticket, name) not in page
    assert as_viewer.get(at(ticket, "print/")).status_code == 200
    for name in ("merge/", "move/"):
        assert as_viewer.get(at(ticket, name)).status_code == 403


# --- Beside it -------------------------------------------------------------------------------------------------------
def test_the_panel_knows_the_contact_and_their_visible_tickets(as_alice, acme, ticket, window, hidden, contact, bob):
    with organization_scope(acme):
        secret = make_ticket(acme, mailbox=hidden.mailbox, contact=contact, subject="Carol's secret")
        Message.objects.filter(ticket=ticket).delete()
    message = make_message(ticket)
    with organization_scope(acme):
        message.headers = message.headers | {"from": [["Caro C.", "carol@customer.example"]]}
        message.save()

    page = as_alice.get(at(ticket))

    assert page.context["contact"]["other_names"] == ["Caro C."]
    assert [one["address"] for one in page.context["contact"]["addresses"]] == ["carol@customer.example"]
    assert [one["number"] for one in page.context["other_tickets"]] == [window.number]
    assert page.context["others_count"] == "1"
    assert secret.number not in [one["number"] for one in page.context["other_tickets"]]


def test_an_event_of_a_field_that_is_no_more_still_reads(as_alice, acme, ticket, alice):
    with organization_scope(acme):
        Event.objects.create(organization=acme, ticket=ticket, verb=Event.Verb.FIELD_CHANGED, by=alice)

    assert "You changed “a field that is no more”" in text_of(as_alice.get(at(ticket)))
