"""Links between tickets."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.link import link_tickets, unlink_tickets
from tickets.models import Ticket, TicketLink
from tickets.views.finding import ticket_named, ticket_or_404
from tickets.views.ticket import done


@require_POST
@answering_only
def link(request: DeskRequest, number: int) -> HttpResponse:
    """Link the ticket with another that the member sees, by its number."""
    ticket = ticket_or_404(request, number)
    other = ticket_named(request, request.POST.get("other", ""))
    if other is None:
        raise ActionRefused(_("You see no ticket of this number."))
    kind, this, that = request.POST.get("kind"), ticket, other
    if kind == "has_duplicate":
        kind, this, that = TicketLink.Kind.DUPLICATE, other, ticket
    if kind not in TicketLink.Kind.values:
        raise ActionRefused(_("Say whether they are related, or one is a duplicate."))
    link_tickets(this, other=that, kind=str(kind), by=request.membership)
    messages.success(request, _("Linked with #%(number)d. Both tickets show it.") % {"number": other.number})
    return done(request, number)


@require_POST
@answering_only
def unlink(request: DeskRequest, number: int, link_id: UUID) -> HttpResponse:
    """Take a link away, where the member sees both its tickets."""
    ticket = ticket_or_404(request, number)
    own = Ticket.objects.visible_to(request.membership).values("pk")
    links = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket), ticket__in=own, other__in=own)
    found = get_object_or_404(links.select_related("ticket", "other"), pk=link_id)
    unlink_tickets(found, by=request.membership)
    messages.success(request, _("The link is gone; both tickets stay."))
    return done(request, number)
