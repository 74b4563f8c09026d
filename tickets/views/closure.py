"""Done, and not done after all."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.requests import DeskRequest
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.undoing import Change
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done
from tickets.views.undoing import confirm_change, held


@require_POST
@answering_only
def close(request: DeskRequest, number: int) -> HttpResponse:
    """Close the ticket; an answer of the contact opens it again."""
    ticket = ticket_or_404(request, number)
    before = held(ticket, "state")
    close_ticket(ticket, by=request.membership)
    text = _("Closed. It opens again when the contact writes.")
    confirm_change(request, ticket, text, Change.of(ticket, "state", before))
    return done(request, number)


@require_POST
@answering_only
def reopen(request: DeskRequest, number: int) -> HttpResponse:
    """Open a closed ticket again."""
    ticket = ticket_or_404(request, number)
    before = held(ticket, "state")
    reopen_ticket(ticket, by=request.membership)
    confirm_change(request, ticket, _("Open again."), Change.of(ticket, "state", before))
    return done(request, number)
