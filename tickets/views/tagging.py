"""Tags of one ticket."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.tag import tag_ticket, untag_ticket
from tickets.forms import TagForm
from tickets.undoing import Change, snapshot
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done
from tickets.views.undoing import confirm_change


@require_POST
@answering_only
def tag(request: DeskRequest, number: int) -> HttpResponse:
    """Hang a tag on the ticket."""
    ticket = ticket_or_404(request, number)
    form = TagForm(request.POST)
    if not form.is_valid():
        raise ActionRefused(_("A tag needs a name of 60 letters at most."))
    hung = set(ticket.lock().ticket_tags.values_list("tag_id", flat=True))
    chosen = tag_ticket(ticket, name=form.cleaned_data["name"], by=request.membership)
    before = {"tag": str(chosen.pk), "hung": str(chosen.pk in hung)}
    text = _("Tagged “%(name)s”.") % {"name": chosen.name}
    confirm_change(request, ticket, text, Change.of(ticket, "tag", before, chosen.pk))
    return done(request, number)


@require_POST
@answering_only
def untag(request: DeskRequest, number: int, tag_id: UUID) -> HttpResponse:
    """Take a tag off the ticket."""
    ticket = ticket_or_404(request, number)
    chosen = get_object_or_404(request.organization.tags, pk=tag_id)
    before = snapshot(ticket.lock(), "tag", chosen.pk)
    untag_ticket(ticket, tag=chosen, by=request.membership)
    text = _("Taken off: “%(name)s”.") % {"name": chosen.name}
    confirm_change(request, ticket, text, Change.of(ticket, "tag", before, chosen.pk))
    return done(request, number)
