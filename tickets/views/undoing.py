"""The way back from what was done with one key."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.notices import confirm
from accounts.requests import DeskRequest
from tickets.actions.undo import undo_change
from tickets.models import Ticket
from tickets.undoing import Change, snapshot
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done


@require_POST
@answering_only
def undo(request: DeskRequest, number: int) -> HttpResponse:
    """Take back the change that the notice named, unless the same thing was changed again since."""
    ticket = ticket_or_404(request, number)
    change = Change.read(request.POST.get("token", ""), request.membership)
    if change is None:
        raise ActionRefused(_("This can no longer be undone here. The history says how it was before."))
    undo_change(ticket, change=change, by=request.membership)
    messages.success(request, _("Undone."))
    return done(request, number)


def held(ticket: Ticket, what: str) -> dict[str, str]:
    """Hold a ticket until the request ends, and return how it is before a change of this sort."""
    return snapshot(ticket.lock(), what)


def confirm_change(request: DeskRequest, ticket: Ticket, text: str, change: Change) -> None:
    """Say what was done, with the way back where anything has changed."""
    if change.before == change.after:
        messages.success(request, text)
        return
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    address = reverse("tickets:undo", args=[request.organization.slug, ticket.number]) + query
    stays = change.what != "mailbox"  # whose page looks different all over
    confirm(request, text, undo=address, stays=stays, token=change.token(request.membership))
