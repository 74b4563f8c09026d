"""Two tickets have to do with each other, and no longer."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.actions.merged import refuse_if_merged
from tickets.history import record
from tickets.models import Event, Ticket, TicketLink

MAX_LINKS = 50  # of one ticket
_VERBS = {
    TicketLink.Kind.RELATED: (Event.Verb.LINKED, Event.Verb.LINKED),
    TicketLink.Kind.DUPLICATE: (Event.Verb.DUPLICATES, Event.Verb.DUPLICATED_BY),
}


@transaction.atomic
def link_tickets(ticket: Ticket, *, other: Ticket, kind: str, by: Membership) -> TicketLink:
    """Link a ticket with another: as related, or as a duplicate of it. A pair is linked once; both stay as they are."""
    if ticket.organization_id != other.organization_id:
        raise ActionRefused(_("These tickets belong to two organizations."))
    if ticket.pk == other.pk:
        raise ActionRefused(_("A ticket cannot be linked with itself."))
    for one in sorted((ticket, other), key=lambda held: held.pk):
        refuse_if_merged(one.lock())
        if TicketLink.objects.filter(Q(ticket=one) | Q(other=one)).count() >= MAX_LINKS:
            raise ActionRefused(_("A ticket can have %(count)d links at most.") % {"count": MAX_LINKS})
    try:
        with transaction.atomic():
            link = TicketLink.objects.create(
                organization_id=ticket.organization_id, ticket=ticket, other=other, kind=kind, by=by
            )
    except IntegrityError:
        raise ActionRefused(_("These two are linked already. Take that link away first.")) from None
    here, there = _VERBS[TicketLink.Kind(kind)]
    record(ticket, here, by=by, other=other)
    record(other, there, by=by, other=ticket)
    return link


@transaction.atomic
def unlink_tickets(link: TicketLink, *, by: Membership) -> None:
    """Take a link away; both tickets say so in their history."""
    link.delete()
    record(link.ticket, Event.Verb.UNLINKED, by=by, other=link.other)
    record(link.other, Event.Verb.UNLINKED, by=by, other=link.ticket)
