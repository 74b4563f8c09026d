"""A whole conversation on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access_log import as_verb
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from tickets.models import Attachment
from tickets.views.finding import ticket_or_404
from tickets.views.timeline import Item, Timeline
from tickets.views.words import STATE_LABELS
from tickets.visible import reveal


@require_safe
@as_verb("print")
def print_view(request: DeskRequest, number: int) -> HttpResponse:
    """Show every mail of a ticket on a plain page; `?notes` and `?history` add what only colleagues see."""
    ticket = ticket_or_404(request, number)
    members = {one.pk: one for one in _colleagues(request)}
    keys.warm(Kind.PROFILE, {one.user_id for one in members.values()})
    teams = {one.pk: one.name for one in Team.objects.filter(organization=request.organization)}
    timeline = Timeline(ticket, request.organization.slug, members, request.membership, teams=teams)
    kinds = {"message", *(["note"] if "notes" in request.GET else []), *(["event"] if "history" in request.GET else [])}
    items = [one for one in timeline.items() if one.kind in kinds]
    _name_files(timeline, items)
    context = {
        "organization": request.organization,
        "ticket": ticket,
        "no_subject": _("No subject"),
        "state_label": STATE_LABELS[ticket.state],  # type: ignore[index]
        "items": items,
        "with_notes": "notes" in request.GET,
        "with_history": "history" in request.GET,
        "printed_at": timezone.now(),
        "printed_by": request.membership.display_name,
        "assignee_name": members[ticket.assignee_id].display_name if ticket.assignee_id in members else "",
    }
    return render(request, "tickets/print.html", context)


def _colleagues(request: DeskRequest) -> Any:
    return Membership.objects.filter(organization=request.organization).select_related("user")


def _name_files(timeline: Timeline, items: list[Item]) -> None:
    """Name every file beside the mail it came with, pictures in the text too; what is gone is named as gone."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in Attachment.objects.filter(message__in=timeline.messages).order_by("message", "position"):
        name = _("A file") if one.is_removed else reveal(one.name)
        told = {"name": name, "size": one.size, "is_gone": one.is_removed or not one.file.exists()}
        found.setdefault(f"m-{one.message_id}", []).append(told)
    for item in items:
        item.attachments = found.get(item.id, [])
