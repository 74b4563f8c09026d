"""Links between tickets: once for a pair, seen and told on both sides."""

import pytest

from accounts.errors import ActionRefused
from tests.factories import make_ticket
from tickets.actions.link import MAX_LINKS, link_tickets, unlink_tickets
from tickets.actions.merge import merge_tickets
from tickets.models import Event, Ticket, TicketLink

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def other(acme, mailbox):
    return make_ticket(acme, mailbox=mailbox, subject="The window")


@pytest.mark.parametrize(
    ("kind", "here", "there"), [("related", "linked", "linked"), ("duplicate", "duplicates", "duplicated_by")]
)
def test_both_histories_say_how_they_are_linked_and_that_they_no_longer_are(ticket, other, alice, kind, here, there):
    unlink_tickets(link_tickets(ticket, other=other, kind=kind, by=alice), by=alice)

    told = [(event.ticket, event.verb, event.other, event.by) for event in Event.objects.order_by("pk")]
    assert told == [
        (ticket, here, other, alice),
        (other, there, ticket, alice),
        (ticket, "unlinked", other, alice),
        (other, "unlinked", ticket, alice),
    ]
    assert TicketLink.objects.count() == 0


def test_a_pair_is_linked_once_whichever_way_round(ticket, other, alice):
    link_tickets(ticket, other=other, kind="related", by=alice)

    with pytest.raises(ActionRefused, match="linked already"):
        link_tickets(other, other=ticket, kind="duplicate", by=alice)
    assert TicketLink.objects.get().kind == "related"
    assert Event.objects.count() == 2


def test_a_ticket_is_linked_with_another_one_of_its_company_only(ticket, other, alice, bob, globex):
    with pytest.raises(ActionRefused, match="with itself"):
        link_tickets(ticket, other=Ticket.objects.get(pk=ticket.pk), kind="related", by=alice)
    with pytest.raises(ActionRefused, match="two organizations"):
        link_tickets(ticket, other=Ticket(organization=globex, number=7), kind="related", by=alice)
    merge_tickets(other, into=ticket, by=bob)
    with pytest.raises(ActionRefused, match="merged into #"):
        link_tickets(ticket, other=other, kind="related", by=alice)


def test_links_have_a_bound(acme, mailbox, ticket, other, alice):
    TicketLink.objects.bulk_create(
        TicketLink(organization=acme, ticket=ticket, other=make_ticket(acme, mailbox=mailbox)) for _ in range(MAX_LINKS)
    )

    with pytest.raises(ActionRefused, match="50 links at most"):
        link_tickets(other, other=ticket, kind="related", by=alice)
