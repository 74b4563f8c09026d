"""Who answers: a member, a team, both, or nobody yet."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from mailbox.access import members_who_see, teams_that_see
from tickets.actions.merged import refuse_if_merged
from tickets.history import record
from tickets.models import Event, Ticket


@transaction.atomic
def assign_ticket(ticket: Ticket, *, to: Membership | None, by: Membership) -> None:
    """Give the ticket to a colleague who may see it, or to nobody; giving it to whoever has it changes nothing."""
    refuse_if_merged(ticket.lock())
    if ticket.assignee_id == (to.pk if to else None):
        return
    ticket.assignee = to
    ticket.save(update_fields=["assignee"])
    record(ticket, Event.Verb.ASSIGNED if to else Event.Verb.UNASSIGNED, by=by, assignee=to)
    # Last, because the line above has waited for an admin who is changing rights at this moment.
    if to and not members_who_see(ticket.mailbox).answering().filter(pk=to.pk).exists():
        raise ActionRefused(_("This person cannot answer tickets here."))


@transaction.atomic
def assign_to_team(ticket: Ticket, *, team: Team | None, by: Membership) -> None:
    """Give the ticket to a team that may see it, or take it from its team; whoever of them answers stays."""
    refuse_if_merged(ticket.lock())
    if ticket.team_id == (team.pk if team else None):
        return
    before, ticket.team = ticket.team, team
    ticket.save(update_fields=["team"])
    record(ticket, Event.Verb.ASSIGNED if team else Event.Verb.UNASSIGNED, by=by, team=team or before)
    if team and not teams_that_see(ticket.mailbox).filter(pk=team.pk).exists():
        raise ActionRefused(_("This team may not see this mailbox."))
