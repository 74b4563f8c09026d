"""The way from an address to a ticket. Views use it instead of a query of their own, so that the rule is asked."""

from django.shortcuts import get_object_or_404

from accounts.requests import DeskRequest
from tickets.models import Ticket

LARGEST = 2_147_483_647  # of a number


def ticket_or_404(request: DeskRequest, number: int) -> Ticket:
    """Return the ticket of that number; 404 where there is none, and where its mailbox is not the reader's to see."""
    return get_object_or_404(Ticket.objects.visible_to(request.membership), number=number)


def ticket_named(request: DeskRequest, written: str) -> Ticket | None:
    """Return the ticket that somebody names as 12 or #12, or None where this member sees none of that number."""
    figures = written.strip().removeprefix("#").strip()
    if not (figures.isascii() and figures.isdigit() and int(figures[:12]) <= LARGEST):
        return None
    found = Ticket.objects.visible_to(request.membership).filter(number=int(figures))
    return found.select_related("mailbox", "contact").first()


def candidates(request: DeskRequest, ticket: Ticket, most: int = 20) -> list[Ticket]:
    """Return the newest other tickets of the same contact that this member sees and that were not merged."""
    own = Ticket.objects.visible_to(request.membership).filter(contact_id=ticket.contact_id, merged_into=None)
    return list(own.exclude(pk=ticket.pk).order_by("-last_activity_at")[:most])
