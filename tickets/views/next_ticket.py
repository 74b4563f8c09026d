"""From a ticket to the next of the list it was opened from, and back: by a key, and by "send and next"."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import DeskRequest
from tickets.models import Ticket
from tickets.narrowing import Asked
from tickets.newest import Cursor, Order, newest
from tickets.views.filters import came_from
from tickets.views.ticket import address_of


@require_safe
def following(request: DeskRequest, number: int) -> HttpResponse:
    """Lead to the ticket after this one in its list; where there is none, to the list, and say so."""
    return _step(request, number, _("That was the last ticket of this list."))


@require_safe
def previous(request: DeskRequest, number: int) -> HttpResponse:
    """Lead to the ticket before this one in its list; where there is none, to the list, and say so."""
    return _step(request, number, _("That was the first ticket of this list."), back=True)


def next_address(request: DeskRequest, ticket: Ticket) -> str:
    """Return the address of the ticket after this one in its list, else of the list's first other one, else the list.

    Ask before something happens to the ticket: that moves it to another place, or out of the list.
    """
    wanted = came_from(request.GET)
    after = _beside(request, wanted, wanted.order, ticket)
    found = after or _listed(request, wanted, wanted.order, None, 2).exclude(pk=ticket.pk).first()
    return address_of(request, found.number) if found else wanted.url(request.organization.slug)


def _step(request: DeskRequest, number: int, said: str, *, back: bool = False) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.membership), number=number)  # left, not opened
    wanted = came_from(request.GET)
    found = _beside(request, wanted, wanted.order.backwards() if back else wanted.order, ticket)
    if found is not None:
        return redirect(address_of(request, found.number))
    messages.info(request, said)
    return redirect(wanted.url(request.organization.slug))


def _beside(request: DeskRequest, wanted: Asked, order: Order, ticket: Ticket) -> Ticket | None:
    cursor = order.cursor_of(order.cursor_after(ticket))
    return _listed(request, wanted, order, cursor, 1).first()


def _listed(request: DeskRequest, wanted: Asked, order: Order, after: Cursor | None, count: int) -> QuerySet[Ticket]:
    me = request.membership
    return newest(wanted.mailboxes(me), wanted.narrow(me), after, count, order)
