"""One message of a ticket, for whoever may see the ticket."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.access_log import opened
from accounts.requests import DeskRequest
from mailbox.access import refuse_if_ending
from tickets.models import Message, Ticket


def message_or_404(request: DeskRequest, number: int, message_id: UUID, *related: str) -> Message:
    """Return a message of this ticket; 404 where this member may not see the ticket, or it is another ticket's.

    As with tickets, what would change something in a disconnected mailbox is refused.
    """
    tickets = Ticket.objects.visible_to(request.membership).filter(number=number)
    found = Message.objects.select_related(*related) if related else Message.objects.all()
    is_change = request.method not in {"GET", "HEAD"}
    found = found.select_related("ticket__mailbox", *related) if is_change else found
    found = found.filter(organization=request.organization, ticket__in=tickets, is_locked=False)
    message = get_object_or_404(found, pk=message_id)
    if is_change:
        refuse_if_ending(message.ticket.mailbox)
    opened(request, message.ticket_id, message)
    return message
