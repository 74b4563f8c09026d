"""What nobody asked for is set aside, and taken back where that was wrong."""

from django.db import transaction

from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.actions.release import release_unreachable
from tickets.history import announce, record
from tickets.models import Event, Ticket


@transaction.atomic
def mark_spam(ticket: Ticket, *, by: Membership) -> None:
    """Set a ticket aside as spam, or confirm that it is: what still comes for it stays there, too."""
    refuse_if_merged(ticket.lock())
    if ticket.is_spam and not ticket.suspicion:
        return
    ticket.state, ticket.closed_at, ticket.suspicion = Ticket.State.SPAM, None, ""
    ticket.save(update_fields=["state", "closed_at", "suspicion"])
    record(ticket, Event.Verb.SPAM, by=by)


@transaction.atomic
def mark_not_spam(ticket: Ticket, *, by: Membership) -> None:
    """Make a ticket that was called spam our turn; any other stays as it is."""
    ticket.lock()
    if not ticket.is_spam:
        return
    ticket.state, ticket.suspicion = Ticket.State.OPEN, ""
    ticket.save(update_fields=["state", "suspicion"])
    record(ticket, Event.Verb.NOT_SPAM, by=by)
    if release_unreachable(ticket.organization_id, by=by, among=[ticket.pk]):
        ticket.refresh_from_db(fields=["assignee", "team"])


def look_at_suspect(ticket: Ticket, *, by: Membership) -> None:
    """Note that somebody who answers has looked at what the provider called spam: it is not counted any more."""
    if ticket.suspicion != Ticket.Suspicion.NEW or not by.can_answer:
        return
    Ticket.objects.suspected().filter(pk=ticket.pk).update(suspicion=Ticket.Suspicion.LOOKED)
    announce(ticket)
