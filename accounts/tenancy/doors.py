"""The named doors: what runs as the owner of the tables because it cannot know an organization yet, or serves all."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import AccessEvent, AccessGrant, Invitation, Membership, Organization, User
from accounts.prepared import prepared


def membership_at(user: User, slug: str) -> Membership | None:
    """Return this user's active place in the organization of that address, or None for outsiders.

    Its `has_other_desks` says whether the person belongs to another organization too.
    """
    found: list[Membership] = prepared("membership at", [user.pk, slug], _at)
    return found[0] if found else None


def _at(user_id: UUID, slug: str) -> QuerySet[Membership]:
    elsewhere = Membership.objects.filter(user=user_id, is_active=True, organization__closed_at=None)
    return (
        Membership.objects.select_related("organization", "user")
        .filter(user=user_id, organization__slug=slug, is_active=True, organization__closed_at=None)
        .annotate(has_other_desks=Exists(elsewhere.exclude(pk=OuterRef("pk"))))
    )[:1]


def memberships_of(user: User) -> list[Membership]:
    """Return the user's active places, by name of the organization."""
    return list(
        Membership.objects.select_related("organization")
        .filter(user=user, is_active=True, organization__closed_at=None)
        .order_by("organization__name")
    )


def closings_of(user: User) -> list[Membership]:
    """Return an owner's places in organizations whose account was closed: they see how it ends, and may undo it."""
    return list(
        Membership.objects.select_related("organization", "user")
        .filter(user=user, is_active=True, role=Membership.Role.OWNER, organization__closed_at__isnull=False)
        .order_by("organization__closed_at")
    )


def organization_ids() -> Iterator[UUID]:
    """Yield the organizations that are open for work, oldest first; callers enter the scope of each."""
    yield from Organization.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True).iterator()


def open_organization(slug: str) -> Organization | None:
    """Return the organization at that address for its public pages, or None where there is none or it is closed."""
    return Organization.objects.filter(slug=slug, closed_at=None).first()


def invitation_with(token_hash: bytes) -> Invitation | None:
    """Return the invitation whose mail carried this token, open or not; None where the organization is closed."""
    return (
        Invitation.objects.select_related("organization", "invited_by__user")
        .filter(token_hash=token_hash, organization__closed_at=None)
        .first()
    )


def organizations_with_access_since(moment: datetime) -> list[UUID]:
    """Return the organizations, closed ones too, whose access log got a row since then that may want its seal."""
    found = AccessEvent.objects.filter(at__gt=moment).order_by("organization_id")
    return list(found.values_list("organization_id", flat=True).distinct())


def organizations_with_access_log() -> list[UUID]:
    """Return every organization that has a row in the access log or its seals, those that are no more too."""
    with connection.cursor() as cursor:
        cursor.execute(_EACH_ONCE)
        return [pk for (pk,) in cursor.fetchall()]


# One step through the index for each organization, however many rows it has.
_EACH_ONCE = """
    WITH RECURSIVE of_events AS (
        (SELECT organization_id FROM accounts_accessevent ORDER BY organization_id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.organization_id FROM accounts_accessevent e WHERE e.organization_id > o.organization_id
                ORDER BY e.organization_id LIMIT 1) FROM of_events o WHERE o.organization_id IS NOT NULL
    ), of_seals AS (
        (SELECT organization_id FROM accounts_accessseal ORDER BY organization_id LIMIT 1)
        UNION ALL
        SELECT (SELECT s.organization_id FROM accounts_accessseal s WHERE s.organization_id > o.organization_id
                ORDER BY s.organization_id LIMIT 1) FROM of_seals o WHERE o.organization_id IS NOT NULL
    )
    SELECT organization_id FROM of_events WHERE organization_id IS NOT NULL
    UNION SELECT organization_id FROM of_seals WHERE organization_id IS NOT NULL ORDER BY 1
"""


def grant_at(user: User, slug: str) -> tuple[Organization | None, AccessGrant | None]:
    """Return the organization of that address and the grant under which this member of staff may look in now."""
    organization = Organization.objects.filter(slug=slug, closed_at=None).first()
    if organization is None or not user.is_staff:
        return organization, None
    own = AccessGrant.objects.active(timezone.now()).filter(staff_id=user.pk, organization_id=organization.pk)
    return organization, own.order_by("-ends_at").first()
