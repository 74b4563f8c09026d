"""Closing and reopening."""

import pytest

from tickets.actions.close import close_ticket, reopen_ticket

pytestmark = pytest.mark.usefixtures("scope")


def test_closing_twice_changes_nothing(ticket, alice):
    close_ticket(ticket, by=alice)
    closed_at = ticket.closed_at
    close_ticket(ticket, by=alice)

    assert ticket.closed_at == closed_at
    assert ticket.events.count() == 1


def test_reopening_names_who_did_it(ticket, alice, bob):
    close_ticket(ticket, by=alice)
    reopen_ticket(ticket, by=bob)

    assert not ticket.is_closed
    assert [event.by for event in ticket.events.order_by("at", "id")] == [alice, bob]


def test_reopening_an_open_ticket_changes_nothing(ticket, alice):
    reopen_ticket(ticket, by=alice)

    assert ticket.events.count() == 0
