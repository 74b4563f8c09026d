"""Where "send and next" leads: the next ticket of the list this one was opened from."""

from django.urls import reverse

from accounts.requests import DeskRequest
from mailbox.access import mailboxes_for
from tickets.models import Ticket
from tickets.newest import newest
from tickets.views.filters import came_from


def next_address(request: DeskRequest, ticket: Ticket) -> str:
    """Return the address of the ticket after this one in its list, else of the list's first other one, else the list.

    Ask before something happens to the ticket: that moves it to another place, or out of the list.
    """
    wanted, slug = came_from(request.GET), request.organization.slug
    mailboxes = mailboxes_for(request.membership)
    if wanted.mailbox:
        mailboxes = mailboxes.filter(pk=wanted.mailbox)
    narrow = wanted.narrow(request.membership)
    order = wanted.order
    after = newest(mailboxes, narrow, order.cursor_of(order.cursor_after(ticket)), 1, order)
    first = newest(mailboxes, narrow, None, 2, order).exclude(pk=ticket.pk)
    following = after.first() or first.first()
    if following is None:
        return wanted.url(slug)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("tickets:ticket", args=[slug, following.number]) + query
