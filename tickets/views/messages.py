"""One message of a ticket, for whoever may see the ticket."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.requests import DeskRequest
from tickets.models import Message, Ticket


def message_or_404(request: DeskRequest, number: int, message_id: UUID, *related: str) -> Message:
    """Return a message of this ticket; 404 where this member may not see the ticket, or it is another ticket's."""
    tickets = Ticket.objects.visible_to(request.membership).filter(number=number)
    found = Message.objects.select_related(*related) if related else Message.objects
    return get_object_or_404(found, organization=request.organization, ticket__in=tickets, pk=message_id)
