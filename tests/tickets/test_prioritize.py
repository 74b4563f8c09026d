"""How urgent a ticket is: set, told, shown, taken back."""

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from tickets.actions.prioritize import set_priority
from tickets.models import Event, Ticket


def told(ticket):
    with organization_scope(ticket.organization_id):
        return list(ticket.events.order_by("at", "pk").values_list("verb", "priority"))


def priority_of(ticket):
    with organization_scope(ticket.organization_id):
        return Ticket.objects.get(pk=ticket.pk).priority


@pytest.mark.usefixtures("scope")
def test_setting_the_same_priority_twice_is_told_once(ticket, alice):
    set_priority(ticket, priority=Ticket.Priority.HIGH, by=alice)
    set_priority(ticket, priority=Ticket.Priority.HIGH, by=alice)

    assert ticket.priority == Ticket.Priority.HIGH
    assert [event.verb for event in ticket.events.all()] == [Event.Verb.PRIORITIZED]


def test_the_page_sets_it_tells_it_and_takes_it_back(as_alice, acme, ticket):
    address = reverse("tickets:prioritize", args=[acme.slug, ticket.number])
    page = as_alice.post(address, {"priority": "4"}, follow=True).content.decode()
    assert priority_of(ticket) == Ticket.Priority.URGENT
    assert "You set the priority to urgent" in page

    undo = page.partition('action="/acme/bulk/')[2].partition('"')[0]
    after = as_alice.post(f"/acme/bulk/{undo}", follow=True).content.decode()

    assert priority_of(ticket) == Ticket.Priority.NORMAL
    assert "1 ticket is as before." in after
    assert told(ticket) == [(Event.Verb.PRIORITIZED, 4), (Event.Verb.UNDONE, None)]


@pytest.mark.parametrize("given", ["", "9", "urgent"])
def test_a_priority_that_nobody_offered_is_refused(as_alice, acme, ticket, given):
    as_alice.post(reverse("tickets:prioritize", args=[acme.slug, ticket.number]), {"priority": given})

    assert priority_of(ticket) == Ticket.Priority.NORMAL


def test_a_viewer_sees_it_and_sets_nothing(as_viewer, acme, ticket):
    page = as_viewer.get(reverse("tickets:ticket", args=[acme.slug, ticket.number])).content.decode()

    assert "Normal" in page
    assert 'name="priority"' not in page
    address = reverse("tickets:prioritize", args=[acme.slug, ticket.number])
    assert as_viewer.post(address, {"priority": "4"}).status_code == 403
