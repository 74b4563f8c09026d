"""Following a ticket: who does, and doing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.requests import DeskRequest
from tickets.actions.follow import follow_ticket, unfollow_ticket
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done


@require_POST
@answering_only
def follow(request: DeskRequest, number: int) -> HttpResponse:
    """Follow a ticket."""
    follow_ticket(ticket_or_404(request, number), by=request.membership)
    messages.success(request, _("You follow this ticket: you are told when somebody answers."))
    return done(request, number)


@require_POST
@answering_only
def unfollow(request: DeskRequest, number: int) -> HttpResponse:
    """Stop following a ticket."""
    unfollow_ticket(ticket_or_404(request, number), by=request.membership)
    messages.success(request, _("You do not follow this ticket any more."))
    return done(request, number)
