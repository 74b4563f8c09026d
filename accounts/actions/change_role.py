"""A member gets another role."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import tell_access_changed
from accounts.actions.end_sessions import end_sessions
from accounts.actions.governing import (
    hold_organization,
    refuse_to_lose_last_owner,
    refuse_unless_may_change,
    withdraw_offers_of,
)
from accounts.errors import ActionRefused
from accounts.models import Membership


@transaction.atomic
def change_role(member: Membership, *, role: str, by: Membership) -> int:
    """Give a member another role and end the sessions that began with the old one; the same role changes nothing.

    Returns how many tickets nobody has now because the member may no longer see or answer them.
    """
    hold_organization(member.organization)
    member.lock()
    by.lock()
    if role == member.role:
        return 0
    refuse_unless_may_change(member, by=by)
    if role not in by.roles_to_give:
        raise ActionRefused(_("Only an owner can make somebody an owner."))
    refuse_to_lose_last_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    if not member.is_admin:
        withdraw_offers_of(member)
    if member.pk != by.pk:
        end_sessions(member.user)
    return tell_access_changed(member.organization_id, by=by)
