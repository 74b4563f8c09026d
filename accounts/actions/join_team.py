"""Members come into a team and leave it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import tell_access_changed
from accounts.actions.governing import hold_organization, refuse_unless_admin
from accounts.errors import ActionRefused
from accounts.models import Membership, Team, TeamMember


@transaction.atomic
def add_team_member(team: Team, *, member: Membership, by: Membership) -> None:
    """Take a member into a team; who is in it already stays in it."""
    refuse_unless_admin(by)
    hold_organization(team.organization)
    member.lock()
    if member.organization_id != team.organization_id or not member.is_active:
        raise ActionRefused(_("This person cannot sign in here."))
    TeamMember.objects.get_or_create(organization_id=team.organization_id, team=team, member=member)
    tell_access_changed(team.organization_id, by=by)


@transaction.atomic
def remove_team_member(team: Team, *, member: Membership, by: Membership) -> int:
    """Take a member out of a team, and return how many tickets the member loses with it."""
    refuse_unless_admin(by)
    hold_organization(team.organization)
    TeamMember.objects.filter(team=team, member=member).delete()
    return tell_access_changed(team.organization_id, by=by)
