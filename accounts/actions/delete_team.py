"""A team ends."""

from django.db import transaction

from accounts.access import all_of, tell_access_changed
from accounts.actions.governing import hold_organization, refuse_unless_admin
from accounts.models import Membership, Team
from accounts.signals import team_ending


@transaction.atomic
def delete_team(team: Team, *, by: Membership) -> int:
    """Delete a team and return how many tickets lose it, or a member who saw them only through it.

    What its members saw through it alone they see no longer, and a mailbox that was limited to it is seen by admins
    only: it never becomes open by itself. Tickets of the team lose the team; whoever of its members has one keeps it
    where the mailbox is open to them.
    """
    refuse_unless_admin(by)
    hold_organization(team.organization)
    organization_id = team.organization_id
    released = all_of(team_ending.send(sender=None, team=team, by=by))
    team.delete()
    return tell_access_changed(organization_id, by=by, released=released)
