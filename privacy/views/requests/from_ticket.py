"""A ticket that is a request for a person's rights becomes a case, in one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.requests import DeskRequest
from privacy.actions.requests.from_mail import open_from_ticket
from privacy.rights.history import Actor
from tickets.views.finding import ticket_or_404


@require_POST
@answering_only
def make(request: DeskRequest, number: int) -> HttpResponse:
    """Open a case of the newest mail the contact wrote; admins are led to it, agents stay with the ticket."""
    ticket = ticket_or_404(request, number)
    case = open_from_ticket(ticket, by=Actor(request.membership))
    said = _("It is the request %(number)s now, and the receipt is on its way.") % {"number": case.case_number}
    messages.success(request, said)
    if request.membership.is_admin:
        return redirect("rights:case", request.organization.slug, case.pk)
    return redirect("tickets:ticket", request.organization.slug, number)
