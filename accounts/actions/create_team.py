"""A team is made, and called something else."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.governing import refuse_unless_admin
from accounts.errors import ActionRefused
from accounts.models import Membership, Organization, Team
from accounts.sealing.digests import name_digest


@transaction.atomic
def create_team(organization: Organization, *, name: str, by: Membership) -> Team:
    """Make a team without members; a name is used once, whatever its case."""
    refuse_unless_admin(by)
    team = Team(organization=organization)
    _call(team, name)
    return team


@transaction.atomic
def rename_team(team: Team, *, name: str, by: Membership) -> None:
    """Call a team something else; its members, mailboxes and tickets stay."""
    refuse_unless_admin(by)
    team.lock()
    _call(team, name)


def _call(team: Team, name: str) -> None:
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(_("A team needs a name."))
    team.name, team.name_digest = name, name_digest(team.organization_id, "team", name)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise ActionRefused(_("There is a team of this name already.")) from None
