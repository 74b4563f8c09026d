"""How urgent a ticket is."""

from django.db import transaction

from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.history import record
from tickets.models import Event, Ticket


@transaction.atomic
def set_priority(ticket: Ticket, *, priority: int, by: Membership) -> None:
    """Give a ticket this priority; the one it has changes nothing."""
    refuse_if_merged(ticket.lock())
    if ticket.priority == priority:
        return
    ticket.priority = Ticket.Priority(priority)
    ticket.save(update_fields=["priority"])
    record(ticket, Event.Verb.PRIORITIZED, by=by, priority=priority)
