"""Who answers."""

import pytest

from accounts.errors import ActionRefused
from tickets.actions.assign import assign_ticket
from tickets.models import Event

pytestmark = pytest.mark.usefixtures("scope")


def test_giving_a_ticket_twice_to_the_same_person_is_one_event(ticket, alice, bob):
    assign_ticket(ticket, to=alice, by=bob)
    assign_ticket(ticket, to=alice, by=bob)

    event = ticket.events.get()
    assert (event.verb, event.assignee, event.by) == (Event.Verb.ASSIGNED, alice, bob)


def test_a_ticket_can_be_given_back(ticket, alice):
    assign_ticket(ticket, to=alice, by=alice)
    assign_ticket(ticket, to=None, by=alice)

    assert ticket.assignee is None


def test_viewers_and_strangers_get_no_tickets(ticket, viewer, mallory, alice):
    for nobody in (viewer, mallory):
        with pytest.raises(ActionRefused):
            assign_ticket(ticket, to=nobody, by=alice)

    assert ticket.events.count() == 0
