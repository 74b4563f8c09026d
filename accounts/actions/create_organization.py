"""A company begins: its organization, its keys, its owner."""

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Membership, Organization, User
from accounts.models.organization import RESERVED_SLUGS
from accounts.sealing.keys import Kind, make_key
from accounts.tenancy import organization_scope


@transaction.atomic
def create_organization(name: str, *, by: User, language: str = "en") -> Membership:
    """Create an organization with its keys and make this user its owner; the address is made from the name."""
    organization = Organization(name=name.strip(), slug=free_slug(name), language=language)
    make_key(Kind.ORGANIZATION, organization.pk, organization=organization.pk)
    make_key(Kind.DIGEST, organization.pk, organization=organization.pk)
    organization.save(force_insert=True)
    with organization_scope(organization):
        return Membership.objects.create(organization=organization, user=by, role=Membership.Role.OWNER)


def free_slug(name: str) -> str:
    """Return an address for the name that no organization has and no page of ours needs."""
    base = slugify(name)[:40].strip("-") or "desk"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)
