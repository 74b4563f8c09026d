"""The people of the sample companies: users who can sign in at once, with second steps where they are required."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction

from accounts.actions.create_organization import create_organization
from accounts.models import Membership, Organization, User
from accounts.tenancy import organization_scope
from deskhero.sample.stories import Company, Person, World

PERIOD = 30  # seconds a code of a second step lasts


@transaction.atomic
def settle_company(company: Company, world: World) -> dict[str, Membership]:
    """Return the memberships of a company by key of the person; makes what is missing, leaves the rest alone."""
    users = {person.key: settle_user(person, world.password, zone=company.zone) for person in company.people}
    owner = next(person for person in company.people if person.role == "owner")
    membership = Membership.objects.select_related("organization").filter(user=users[owner.key]).first()
    if membership is None:
        membership = create_organization(company.name, by=users[owner.key], language=company.language)
        if not Organization.objects.filter(slug=company.slug).exists():
            membership.organization.slug = company.slug
            membership.organization.save(update_fields=["slug"])
    organization = membership.organization
    with organization_scope(organization):
        for person in company.people:
            Membership.objects.get_or_create(
                organization=organization, user=users[person.key], defaults={"role": person.role}
            )
        found = Membership.objects.select_related("user", "organization").filter(user__in=users.values())
        by_user = {member.user_id: member for member in found}
    return {key: by_user[user.pk] for key, user in users.items()}


def settle_user(person: Person, password: str, *, zone: str = "Europe/Stockholm", staff: bool = False) -> User:
    """Return the user of a person, made if there is none: address verified, second step set up if there is a secret."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email, password, name=person.name, time_zone=zone, is_staff=staff, is_superuser=staff
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if person.totp:
            TOTP.activate(user, person.totp)
            RecoveryCodes.activate(user)
            user.refresh_from_db()
    return user


def current_code(secret: str) -> tuple[str, int]:
    """Return the six figures of a second step, and for how many seconds they hold."""
    now = int(time.time())
    return format_hotp_value(hotp_value(secret, now // PERIOD)), PERIOD - now % PERIOD
