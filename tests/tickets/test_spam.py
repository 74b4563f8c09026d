"""What nobody asked for: set aside by a colleague, left there, taken back."""

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_inbound_email
from tickets.actions.receive import receive_email
from tickets.actions.spam import mark_not_spam, mark_spam
from tickets.models import Event, Ticket

FIRST = b"From: eve@offers.example\nSubject: Cheap\nMessage-ID: <1@offers.example>\n\nBuy\n"
SECOND = FIRST.replace(b"<1@", b"<2@").replace(b"\n\nBuy", b"\nIn-Reply-To: <1@offers.example>\n\nNow")


def listed(client, acme, view):
    page = client.get(reverse("tickets:queue", args=[acme.slug]), {"view": view})
    return {int(row["number"]) for band in page.context["bands"] for row in band["rows"]}


def test_spam_leaves_every_other_list_and_comes_back(as_alice, acme, ticket):
    page = reverse("tickets:ticket", args=[acme.slug, ticket.number])
    as_alice.post(page + "spam/")
    assert listed(as_alice, acme, "spam") == {ticket.number}
    assert not any(listed(as_alice, acme, view) for view in ("open", "unassigned", "pending", "closed", "snoozed"))

    as_alice.post(page + "not-spam/")

    assert listed(as_alice, acme, "open") == {ticket.number}
    with organization_scope(acme):
        assert list(ticket.events.order_by("at").values_list("verb", flat=True)) == [
            Event.Verb.SPAM,
            Event.Verb.NOT_SPAM,
        ]


def test_what_a_spammer_adds_stays_with_the_rest(acme, mailbox, alice):
    emails = [make_inbound_email(mailbox, raw) for raw in (FIRST, SECOND)]
    with organization_scope(acme):
        ticket = receive_email(emails[0]).ticket
        mark_spam(ticket, by=alice)
        receive_email(emails[1])

        ticket.refresh_from_db()
        assert (ticket.state, ticket.message_count) == (Ticket.State.SPAM, 2)


@pytest.mark.usefixtures("scope")
def test_saying_it_twice_changes_nothing(ticket, alice):
    mark_not_spam(ticket, by=alice)
    mark_spam(ticket, by=alice)
    mark_spam(ticket, by=alice)

    assert [event.verb for event in ticket.events.all()] == [Event.Verb.SPAM]


@pytest.mark.usefixtures("scope")
def test_who_lost_sight_of_it_does_not_have_it_when_it_comes_back(ticket, mailbox, alice, bob):
    ticket.assignee = alice
    ticket.save()
    mark_spam(ticket, by=alice)
    limit_mailbox(mailbox, by=bob)
    mark_not_spam(ticket, by=bob)

    assert ticket.assignee is None
