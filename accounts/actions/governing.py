"""What every change among people obeys: one at a time in an organization, and somebody always owns it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization


def hold_organization(organization: Organization) -> None:
    """Hold the organization's row until the transaction ends, so that two admins cannot change people at once."""
    Organization.objects.select_for_update().get(pk=organization.pk)


def refuse_unless_admin(by: Membership) -> None:
    """Decline for anybody who is no owner or admin (any more)."""
    if not by.is_admin or not by.is_active:
        raise ActionRefused(_("Only owners and admins change this."))


def refuse_unless_may_change(member: Membership, *, by: Membership) -> None:
    """Decline what an admin may not do to an owner, and anything from somebody who is no admin (any more)."""
    if not by.is_admin or not by.is_active:
        raise ActionRefused(_("Only owners and admins change people."))
    if member.is_owner and not by.is_owner:
        raise ActionRefused(_("Only an owner can change an owner."))


def refuse_to_lose_last_owner(member: Membership) -> None:
    """Decline where nobody would be left who owns the organization."""
    others = member.organization.memberships.active().filter(role=Membership.Role.OWNER).exclude(pk=member.pk)
    if member.is_owner and member.is_active and not others.exists():
        raise ActionRefused(_("Somebody must own this desk. Make another person an owner first."))


def withdraw_offers_of(member: Membership) -> None:
    """Take back what this member offered to others and nobody has accepted yet."""
    member.organization.invitations.open().filter(invited_by=member).update(withdrawn_at=timezone.now())
