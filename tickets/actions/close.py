"""Done, and not done after all."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.actions.release import release_unreachable
from tickets.history import record
from tickets.models import Event, Ticket


@transaction.atomic
def close_ticket(ticket: Ticket, *, by: Membership) -> None:
    """Close a ticket; closing a closed one changes nothing."""
    ticket.lock()
    if ticket.is_closed:
        return
    ticket.state, ticket.closed_at = Ticket.State.CLOSED, timezone.now()
    ticket.save(update_fields=["state", "closed_at"])
    record(ticket, Event.Verb.CLOSED, by=by)


@transaction.atomic
def reopen_ticket(ticket: Ticket, *, by: Membership) -> None:
    """Open a closed or waiting ticket again; reopening an open one changes nothing."""
    refuse_if_merged(ticket.lock())
    if ticket.state == Ticket.State.OPEN:
        return
    ticket.state, ticket.closed_at = Ticket.State.OPEN, None
    ticket.save(update_fields=["state", "closed_at"])
    record(ticket, Event.Verb.REOPENED, by=by)
    if release_unreachable(ticket.organization_id, by=by, among=[ticket.pk]):
        ticket.refresh_from_db(fields=["assignee", "team"])
