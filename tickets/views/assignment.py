"""Who answers: a member, a team, or both."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from mailbox.access import members_who_see, teams_that_see
from tickets.actions.assign import assign_ticket
from tickets.actions.assign import assign_to_team as give_to_team
from tickets.forms import AssignForm, TeamForm
from tickets.undoing import Change
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done
from tickets.views.undoing import confirm_change, held


@require_POST
@answering_only
def assign(request: DeskRequest, number: int) -> HttpResponse:
    """Give the ticket to a colleague who may see it, to oneself, or back."""
    ticket = ticket_or_404(request, number)
    members = members_who_see(ticket.mailbox).answering().select_related("user")
    form = AssignForm(request.POST, members=list(members), me=request.membership)
    if not form.is_valid():
        raise ActionRefused(_("This person cannot answer tickets here."))
    chosen = form.chosen()
    before = held(ticket, "assignee")
    assign_ticket(ticket, to=chosen, by=request.membership)
    change = Change.of(ticket, "assignee", before)
    confirm_change(request, ticket, _given(chosen, request.membership), change)
    return done(request, number)


@require_POST
@answering_only
def assign_to_team(request: DeskRequest, number: int) -> HttpResponse:
    """Give the ticket to a team that may see it, or take it from its team."""
    ticket = ticket_or_404(request, number)
    form = TeamForm(request.POST, teams=list(teams_that_see(ticket.mailbox)))
    if not form.is_valid():
        raise ActionRefused(_("This team may not see this mailbox."))
    chosen = form.chosen()
    before = held(ticket, "team")
    give_to_team(ticket, team=chosen, by=request.membership)
    confirm_change(request, ticket, _given_to(chosen), Change.of(ticket, "team", before))
    return done(request, number)


def _given(to: Membership | None, me: Membership) -> str:
    if to is None:
        return _("Nobody has this ticket now.")
    if to.pk == me.pk:
        return _("This ticket is yours.")
    return _("%(name)s has this ticket now.") % {"name": to.display_name}


def _given_to(team: Team | None) -> str:
    return _("The team %(name)s has this ticket now.") % {"name": team.name} if team else _("No team has this ticket.")
