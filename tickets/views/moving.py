"""A ticket goes to another mailbox, after the page has said what that means."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from mailbox.access import mailboxes_for, members_who_see, teams_that_see
from mailbox.models import Mailbox
from tickets.actions.move import move_ticket
from tickets.audience import audience_of_move
from tickets.models import Ticket
from tickets.undoing import Change
from tickets.views.acts import act_page
from tickets.views.finding import ticket_or_404
from tickets.views.undoing import confirm_change, held


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def move(request: DeskRequest, number: int) -> HttpResponse:
    """Choose a mailbox, see where answers leave from and who sees the ticket then, and move it."""
    ticket = ticket_or_404(request, number)
    others = sorted(
        mailboxes_for(request.membership).connected().exclude(pk=ticket.mailbox_id),  # type: ignore[attr-defined]
        key=lambda one: one.address,
    )
    asked = request.POST.get("to") or request.GET.get("to", "")
    chosen = next((one for one in others if str(one.pk) == asked), others[0] if len(others) == 1 else None)
    if request.method == "POST":
        if chosen is None or str(chosen.pk) != asked:
            raise ActionRefused(_("Choose a connected mailbox that you may see."))
        before = held(ticket, "mailbox")
        move_ticket(ticket, to=chosen, by=request.membership)
        text = _("Moved. Answers leave from %(address)s now.") % {"address": chosen.address}
        confirm_change(request, ticket, text, Change.of(ticket, "mailbox", before))
        return redirect("tickets:ticket", request.organization.slug, number)
    context = {"others": others, "chosen": chosen, "meaning": _meaning(ticket, chosen) if chosen else None}
    return render(request, "tickets/move.html", act_page(request, ticket) | context)


def _meaning(ticket: Ticket, to: Mailbox) -> dict[str, Any]:
    assignee, team = ticket.assignee, ticket.team
    unseen = assignee and not members_who_see(to).answering().filter(pk=assignee.pk).exists()
    team_unseen = team and not teams_that_see(to).filter(pk=team.pk).exists()
    return {
        "audience": audience_of_move(ticket.mailbox, to),
        "loses": assignee.display_name if assignee and unseen else "",
        "team_loses": team.name if team and team_unseen else "",
    }
