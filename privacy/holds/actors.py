"""Who acts on a hold: an admin of the organization, or the operator's data protection officer."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, User
from privacy.models import LegalHold

HOLD_ROLE = "Legal holds"  # the group of the operator's staff who may place holds and read what was put aside


@dataclass(frozen=True)
class Officer:
    """A member of the operator's staff with the hold role; `officer` asked, outside any organization's scope."""

    user_id: UUID


Actor = Membership | Officer


def hold_role() -> Group:
    """Return the group, made where it is missing: a migration made it once, and whoever empties tables takes it."""
    return Group.objects.get_or_create(name=HOLD_ROLE)[0]


def has_hold_role(user: User) -> bool:
    """Return whether this member of the staff was given the role; being a superuser does not give it."""
    return user.is_active and user.is_staff and user.groups.filter(name=HOLD_ROLE).exists()


def officer(user: User) -> Officer:
    """Return this person as who may act on holds; refused without the role."""
    if not has_hold_role(user):
        raise ActionRefused(_("You do not have the role for legal holds."))
    return Officer(user.pk)


def refuse_unless_allowed(by: Actor, hold: LegalHold | None = None) -> None:
    """Let admins act on their organization's holds and officers on the operator's: neither touches the other's.

    Officers release what an organization left behind that has no admin any more.
    """
    if isinstance(by, Officer):
        allowed = hold is None or hold.is_operators or _is_left_behind(hold)
    else:
        allowed = by.is_active and by.is_admin and not (hold and hold.is_operators)
    if not allowed:
        raise ActionRefused(_("This hold is not yours to change.") if hold else _("You may not place holds."))


def _is_left_behind(hold: LegalHold) -> bool:
    here = Membership.objects.filter(organization_id=hold.organization_id, organization__closed_at=None)
    return not here.active().filter(role__in=[Membership.Role.OWNER, Membership.Role.ADMIN]).exists()
