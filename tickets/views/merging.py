"""Two tickets become one, and two again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.notices import confirm
from accounts.requests import DeskRequest
from tickets.actions.merge import merge_tickets, state_of_both, unmerge_ticket
from tickets.audience import audience_of_move
from tickets.models import Note, Ticket
from tickets.views.acts import act_page
from tickets.views.finding import candidates, ticket_named, ticket_or_404
from tickets.views.ticket import address_of
from tickets.views.words import STATE_ICONS, STATE_LABELS


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def merge(request: DeskRequest, number: int) -> HttpResponse:
    """Choose the ticket to merge this one into, by number or among its contact's; say what happens; merge."""
    ticket = ticket_or_404(request, number)
    asked = request.POST.get("into", "") or request.GET.get("into", "")
    into = ticket_named(request, asked) if asked else None
    error = _fault(ticket, into, asked)
    if request.method == "POST" and into is not None and not error:
        survivor = merge_tickets(ticket, into=into, by=request.membership)
        back = reverse("tickets:unmerge", args=[request.organization.slug, ticket.number])
        confirm(request, _("#%(number)d is part of this ticket now.") % {"number": ticket.number}, undo=back)
        return redirect(address_of(request, survivor.number).partition("?")[0])
    context = {
        "ticket": ticket,
        "asked": asked,
        "error": error,
        "candidates": [_row(request, ticket, one) for one in candidates(request, ticket)],
        "preview": _preview(ticket, into) if into is not None and not error else None,
    }
    status = 422 if error or request.method == "POST" else 200
    return render(request, "tickets/merge.html", act_page(request, ticket) | context, status=status)


@require_POST
@answering_only
def unmerge(request: DeskRequest, number: int) -> HttpResponse:
    """Take a merged ticket out again, with the mails and notes that were its own."""
    ticket = ticket_or_404(request, number)
    survivor = ticket.merged_into
    while survivor is not None and survivor.merged_into is not None:
        survivor = survivor.merged_into
    if survivor is None:
        raise ActionRefused(_("#%(number)d is not merged.") % {"number": number})
    if not Ticket.objects.visible_to(request.membership).filter(pk=survivor.pk).exists():
        raise Http404
    stayed = unmerge_ticket(ticket, by=request.membership)
    text = _("#%(number)d stands alone again.") % {"number": number}
    if stayed:
        text += " " + ngettext(
            "%(count)d mail that came meanwhile stayed in #%(survivor)d; split it off there if it belongs here.",
            "%(count)d mails that came meanwhile stayed in #%(survivor)d; split them off there if they belong here.",
            stayed,
        ) % {"count": stayed, "survivor": survivor.number}
    messages.success(request, text)
    return redirect("tickets:ticket", request.organization.slug, number)


def _fault(ticket: Ticket, into: Ticket | None, asked: str) -> str:
    if ticket.is_merged:
        return _("#%(number)d was merged already.") % {"number": ticket.number}
    if not asked:
        return ""
    if into is None:
        return _("You see no ticket of this number.")
    if into.pk == ticket.pk:
        return _("A ticket cannot be merged into itself.")
    if into.is_merged:
        return _("#%(number)d was merged itself. Choose the ticket it went to.") % {"number": into.number}
    return ""


def _preview(ticket: Ticket, into: Ticket) -> dict[str, Any]:
    moves = ticket.mailbox_id != into.mailbox_id
    return {
        "into": into,
        "mails": ticket.message_count,
        "notes": Note.objects.filter(ticket=ticket).count(),
        "state_label": STATE_LABELS[Ticket.State(state_of_both(into, ticket.state))],
        "other_contact": ticket.contact_id != into.contact_id,
        "audience": audience_of_move(ticket.mailbox, into.mailbox) if moves else None,
    }


def _row(request: DeskRequest, ticket: Ticket, other: Ticket) -> dict[str, Any]:
    page = reverse("tickets:merge", args=[request.organization.slug, ticket.number])
    return {
        "number": other.number,
        "subject": other.subject,
        "state": other.state,
        "state_icon": STATE_ICONS[Ticket.State(other.state)],
        "state_label": STATE_LABELS[Ticket.State(other.state)],
        "last_activity_at": other.last_activity_at,
        "url": f"{page}?into={other.number}",
    }
