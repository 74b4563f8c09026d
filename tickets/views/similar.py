"""Tickets like this one, by the rare words they share: what somebody has answered before."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import saw
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from mailbox.access import mailbox_ids_for
from tickets.models import Ticket
from tickets.search.similar import similar_to
from tickets.views.finding import ticket_or_404
from tickets.views.shell import shell
from tickets.views.words import STATE_ICONS, STATE_LABELS

SHOWN = 5


@require_safe
def similar(request: DeskRequest, number: int) -> HttpResponse:
    """Show the tickets likest this one: into the ticket's panel with htmx, else on a page of their own."""
    ticket = ticket_or_404(request, number)
    ids = similar_to(ticket, mailbox_ids_for(request.membership), SHOWN * 2)
    found = Ticket.objects.visible_to(request.membership).filter(merged_into=None).in_bulk(ids)
    saw(request, found)
    keys.warm(Kind.MAILBOX, {one.mailbox_id for one in found.values()})
    context = {
        "ticket": ticket,
        "no_subject": _("No subject"),
        "similar_tickets": [
            {
                "url": reverse("tickets:ticket", args=[request.organization.slug, one.number]),
                "subject": one.subject,
                "state": one.state,
                "state_icon": STATE_ICONS[Ticket.State(one.state)],
                "state_label": STATE_LABELS[Ticket.State(one.state)],
                "last_activity_at": one.last_activity_at,
            }
            for one in [found[pk] for pk in ids if pk in found][:SHOWN]
        ],
    }
    if request.htmx:
        return render(request, "tickets/_similar.html", context)
    return render(request, "tickets/similar.html", shell(request) | context)
