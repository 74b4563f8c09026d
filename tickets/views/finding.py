"""The way from an address to a ticket. Views use it instead of a query of their own: it asks the rule, and notes it."""

from django.shortcuts import get_object_or_404

from accounts.access_log import opened, saw
from accounts.requests import DeskRequest
from mailbox.access import is_worked_on, refuse_if_ending
from tickets.models import Ticket

LARGEST = 2_147_483_647  # of a number


def ticket_or_404(request: DeskRequest, number: int) -> Ticket:
    """Return the ticket of that number; 404 where there is none, and where its mailbox is not the reader's to see.

    What would change a ticket of a disconnected mailbox is refused: until it is deleted, it is only read.
    """
    tickets = Ticket.objects.visible_to(request.membership)
    is_change = request.method not in {"GET", "HEAD"}
    ticket = get_object_or_404(tickets.select_related("mailbox") if is_change else tickets, number=number)
    if is_change:
        refuse_if_ending(ticket.mailbox)
    opened(request, ticket)
    return ticket


def may_work_on(request: DeskRequest, ticket: Ticket) -> bool:
    """Return whether this member may answer and change the ticket, and not only read it."""
    return request.membership.can_answer and is_worked_on(ticket.mailbox)


def ticket_named(request: DeskRequest, written: str) -> Ticket | None:
    """Return the ticket that somebody names as 12 or #12, or None where this member sees none of that number."""
    figures = written.strip().removeprefix("#").strip()
    if not (figures.isascii() and figures.isdigit() and int(figures[:12]) <= LARGEST):
        return None
    found = Ticket.objects.visible_to(request.membership).filter(number=int(figures))
    ticket = found.select_related("mailbox", "contact").first()
    saw(request, [ticket] if ticket else [])
    return ticket


def candidates(request: DeskRequest, ticket: Ticket, most: int = 20) -> list[Ticket]:
    """Return the newest other tickets of the same contact that this member sees and that were not merged."""
    own = Ticket.objects.visible_to(request.membership).filter(contact_id=ticket.contact_id, merged_into=None)
    found = list(own.exclude(pk=ticket.pk).order_by("-last_activity_at")[:most])
    saw(request, found)
    return found
