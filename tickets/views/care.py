"""Urgency, sleep and spam of one ticket: each a change of one ticket, so that each can be taken back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets import sleeping
from tickets.actions.bulk import change_tickets
from tickets.actions.see import unsee
from tickets.actions.snooze import wake_ticket
from tickets.models import BulkChange, Ticket
from tickets.views.bulk import say
from tickets.views.filters import came_from
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done

Verb = BulkChange.Verb


@require_POST
@answering_only
def prioritize(request: DeskRequest, number: int) -> HttpResponse:
    """Say how urgent the ticket is."""
    ticket = ticket_or_404(request, number)
    try:
        chosen = Ticket.Priority(int(request.POST.get("priority", "")))
    except ValueError:
        raise ActionRefused(_("There is no such priority.")) from None
    return _changed(request, ticket, Verb.PRIORITY, _("The priority is set."), priority=chosen.value)


@require_POST
@answering_only
def snooze(request: DeskRequest, number: int) -> HttpResponse:
    """Let the ticket sleep until a time that was offered or written, or until the contact writes."""
    ticket = ticket_or_404(request, number)
    given, at = request.POST.get("until", ""), request.POST.get("at", "")
    try:
        until = None if given == sleeping.REPLY else sleeping.until(given) if given else sleeping.written(at)
    except (KeyError, ValueError):
        raise ActionRefused(_("Choose a time that is still to come, within a year.")) from None
    told = _("Snoozed. A reply wakes it before.") if until else _("Snoozed until they reply.")
    return _changed(request, ticket, Verb.SNOOZE, told, until=until.isoformat() if until else None)


@require_POST
@answering_only
def wake(request: DeskRequest, number: int) -> HttpResponse:
    """Make a snoozed ticket our turn again."""
    wake_ticket(ticket_or_404(request, number), by=request.membership)
    return done(request, number)


@require_POST
@answering_only
def spam(request: DeskRequest, number: int) -> HttpResponse:
    """Set the ticket aside as spam."""
    return _changed(request, ticket_or_404(request, number), Verb.SPAM, _("Set aside as spam."))


@require_POST
@answering_only
def not_spam(request: DeskRequest, number: int) -> HttpResponse:
    """Take a ticket out of the spam again."""
    return _changed(request, ticket_or_404(request, number), Verb.NOT_SPAM, _("This is no spam. It is open again."))


@require_POST
@answering_only
def unread(request: DeskRequest, number: int) -> HttpResponse:
    """Make the ticket unread for oneself, and go back to the list."""
    unsee(ticket_or_404(request, number), by=request.membership)
    there = came_from(request.GET).url(request.organization.slug)
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _changed(request: DeskRequest, ticket: Ticket, verb: str, told: str, **details: Any) -> HttpResponse:
    change = change_tickets([ticket], verb=verb, details=details, by=request.membership)
    if change.changed:
        say(request, change, told)
    return done(request, ticket.number)
