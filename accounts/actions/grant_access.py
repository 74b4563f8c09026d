"""Break glass: staff asks to look into one organization, others agree, anybody concerned ends it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import AccessGrant, Membership, Organization, User
from accounts.models.access_grant import LONGEST

MOST_HOURS = int(LONGEST.total_seconds() // 3600)
MIN_REASON = 10


@transaction.atomic
def ask_for_access(organization: Organization, *, purpose: str, reason: str, hours: int, by: User) -> AccessGrant:
    """Ask to look into an organization for so many hours, for a reason that its admins read.

    For law a second member of staff agrees first; where the organization wants it, one of its admins, too. The clock
    runs once everybody agreed. Its admins are told at once.
    """
    if not (by.is_staff and by.is_active):
        raise ActionRefused(_("Only the operator's staff asks for access."))
    if purpose not in AccessGrant.Purpose.values:
        raise ActionRefused(_("There are three purposes: security, support and law."))
    if not 1 <= hours <= MOST_HOURS:
        raise ActionRefused(_("From one hour to eight."))
    if len(reason.strip()) < MIN_REASON:
        raise ActionRefused(_("Say why, in words that the organization's admins understand."))
    grant = AccessGrant(
        organization_id=organization.pk,
        staff_id=by.pk,
        purpose=purpose,
        reason=reason.strip(),
        hours=hours,
        needs_second=purpose == AccessGrant.Purpose.LAW,
        needs_admin=organization.approves_grants,
    )
    grant.save(force_insert=True)
    _begin_if_agreed(grant)
    _tell_admins(grant)
    return grant


@transaction.atomic
def agree_as_second(grant: AccessGrant, *, by: User) -> None:
    """Agree as a second member of staff; nobody agrees with themselves."""
    held = _waiting(grant.pk)
    if by.pk == held.staff_id:
        raise ActionRefused(_("Somebody else has to agree."))
    if not (by.is_staff and by.is_active):
        raise ActionRefused(_("Only the operator's staff agrees as the second person."))
    if held.needs_second and held.second_id is None:
        held.second_id = by.pk
        held.save(update_fields=["second_id"])
        _begin_if_agreed(held)


@transaction.atomic
def agree_as_admin(grant: AccessGrant, *, by: Membership) -> None:
    """Agree for the organization that is to be looked into."""
    held = _waiting(grant.pk)
    if not (by.is_admin and by.is_active and by.organization_id == held.organization_id):
        raise ActionRefused(_("Only an admin of the organization agrees."))
    if held.needs_admin and held.admin_id is None:
        held.admin_id = by.pk
        held.save(update_fields=["admin_id"])
        _begin_if_agreed(held)


@transaction.atomic
def end_access(grant: AccessGrant, *, by_user_id: UUID) -> None:
    """End a grant, or refuse one that waits: from now on nothing more is seen under it. Ended ones stay as they are."""
    held = AccessGrant.objects.select_for_update().get(pk=grant.pk)
    if held.is_waiting or held.is_active:
        held.revoked_at, held.revoked_by_id = timezone.now(), by_user_id
        held.save(update_fields=["revoked_at", "revoked_by_id"])


@transaction.atomic
def set_whether_admins_agree_first(organization: Organization, *, first: bool, by: Membership) -> None:
    """Say whether staff may look in only after an admin agreed; grants that run already go on."""
    if not by.is_admin:
        raise ActionRefused(_("Only an admin sets this."))
    Organization.objects.filter(pk=organization.pk).update(approves_grants=first)
    organization.approves_grants = first


def _waiting(pk: UUID) -> AccessGrant:
    held = AccessGrant.objects.select_for_update().get(pk=pk)
    if not held.is_waiting:
        raise ActionRefused(_("This is decided already."))
    return held


def _begin_if_agreed(grant: AccessGrant) -> None:
    if not grant.waits_for:
        grant.begins_at = timezone.now()
        grant.ends_at = grant.begins_at + min(LONGEST, LONGEST / MOST_HOURS * grant.hours)
        grant.save(update_fields=["begins_at", "ends_at"])


def _tell_admins(grant: AccessGrant) -> None:
    from accounts.tasks import tell_of_grant

    tell_of_grant.delay_on_commit(str(grant.organization_id), str(grant.pk))
