"""The named doors: what runs as the owner of the tables because it cannot know an organization yet, or serves all."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Invitation, Membership, Organization, User
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


def invitation_with(token_hash: bytes) -> Invitation | None:
    """Return the invitation whose mail carried this token, open or not; None where the organization is closed."""
    return (
        Invitation.objects.select_related("organization", "invited_by__user")
        .filter(token_hash=token_hash, organization__closed_at=None)
        .first()
    )
