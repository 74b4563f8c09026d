"""A member is shut out, and let in again."""

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
def deactivate_member(member: Membership, *, by: Membership) -> int:
    """Shut a member out at once, end all of the person's sessions and take back open invitations from their hand.

    Returns how many tickets nobody has now because of it.
    """
    hold_organization(member.organization)
    member.lock()
    by.lock()
    refuse_unless_may_change(member, by=by)
    if member.pk == by.pk:
        raise ActionRefused(_("You cannot shut yourself out."))
    refuse_to_lose_last_owner(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    withdraw_offers_of(member)
    end_sessions(member.user)
    return tell_access_changed(member.organization_id, by=by)


@transaction.atomic
def reactivate_member(member: Membership, *, by: Membership) -> None:
    """Let a member in again, with the role from before."""
    hold_organization(member.organization)
    member.lock()
    by.lock()
    refuse_unless_may_change(member, by=by)
    member.is_active = True
    member.save(update_fields=["is_active"])
    tell_access_changed(member.organization_id, by=by)
