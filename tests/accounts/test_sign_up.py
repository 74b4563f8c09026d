"""From nothing to a desk of one's own."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.found_organization import found_organization
from accounts.actions.remove_unverified import remove_unverified_users
from accounts.models import Membership, Organization, User
from accounts.tasks import sweep_people
from accounts.tenancy.doors import memberships_of
from accounts.vault.models import VaultKey
from tests import factories
from tests.cast import code_in, totp_code

FORM = {
    "name": "Nora Newcomer",
    "organization": "Bakery  Smör & Bröd\r\nBcc: x@y.example",
    "email": "Nora@bakery.example",
    "password1": factories.PASSWORD,
}


def sign_up(client: Client) -> None:
    """Fill in the form."""
    response = client.post(reverse("account_signup"), FORM)
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == reverse("account_email_verification_sent")


def verify(client: Client) -> str:
    """Type the code of the mail and return where that leads."""
    response = client.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])})
    assert response.status_code == 302, response.content
    return str(response["Location"])


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_signs_up_verifies_protects_the_account_and_stands_at_the_desk(client: Client) -> None:
    sign_up(client)
    assert verify(client) == reverse("home")

    organization = Organization.objects.get()
    assert organization.name == "Bakery Smör & Bröd Bcc: x@y.example"
    desk = reverse("tickets:queue", args=[organization.slug])
    assert client.get("/")["Location"] == desk

    asked = client.get(desk)
    assert asked["Location"].startswith(reverse("mfa_activate_totp")), "an owner needs a second step first"
    page = client.get(asked["Location"])
    assert page.status_code == 200, "the password was typed just now: nobody asks again"
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(desk).status_code == 200

    user = User.objects.get()
    assert (user.email, user.name, user.founding) == ("nora@bakery.example", "Nora Newcomer", "")
    assert [membership.role for membership in memberships_of(user)] == [Membership.Role.OWNER]


def test_before_the_address_is_verified_there_is_no_organization_and_no_session(db: None, client: Client) -> None:
    sign_up(client)

    assert not Organization.objects.exists()
    assert not VaultKey.objects.filter(kind="organization").exists()
    assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_a_wrong_code_founds_nothing(db: None, client: Client) -> None:
    sign_up(client)

    client.post(reverse("account_email_verification_sent"), {"code": "AAA-BBB"})

    assert not Organization.objects.exists()


def test_whoever_lost_the_browser_founds_by_signing_in_and_verifying_later(db: None, client: Client) -> None:
    sign_up(client)
    later = Client()

    from django.core.cache import cache

    cache.clear()  # ten seconds pass between two codes
    later.post(reverse("account_login"), {"login": "nora@bakery.example", "password": factories.PASSWORD})
    verify(later)

    assert Organization.objects.get().name.startswith("Bakery")


def test_founding_twice_founds_once(db: None) -> None:
    user = factories.make_user(founding="Twice")

    found_organization(by=user)
    found_organization(by=user)

    assert Organization.objects.count() == 1


def test_the_form_cannot_set_what_it_does_not_ask(db: None, client: Client) -> None:
    client.post(reverse("account_signup"), FORM | {"is_staff": "1", "is_superuser": "1", "role": "owner"})

    user = User.objects.get()
    assert not user.is_staff
    assert not user.is_superuser


@pytest.mark.parametrize("password", ["short", "password1234", "nora@bakery.example"])
def test_a_weak_password_is_refused(db: None, client: Client, password: str) -> None:
    response = client.post(reverse("account_signup"), FORM | {"password1": password})

    assert "password1" in response.context["form"].errors
    assert not User.objects.exists()


def test_the_password_is_kept_as_argon2(db: None) -> None:
    assert factories.make_user().password.startswith("argon2$argon2id$")


def test_two_organizations_of_one_name_get_two_addresses(db: None) -> None:
    first, second, reserved = (factories.make_organization(name) for name in ("Twin", "Twin", "Admin"))

    assert (first.slug, second.slug, reserved.slug) == ("twin", "twin-2", "admin-2")


def test_an_account_nobody_verified_is_removed_after_two_days_with_its_key(db: None, client: Client) -> None:
    sign_up(client)
    user = User.objects.get()
    assert remove_unverified_users() == 0, "there is time to verify"

    User.objects.update(created_at=timezone.now() - timedelta(days=3))
    sweep_people()

    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert not VaultKey.objects.filter(scope=user.pk, wrapped__isnull=False).exists()


def test_verified_people_and_staff_are_never_swept(db: None, alice: Membership, staff: User) -> None:
    factories.make_user("plain@people.example")
    User.objects.update(created_at=timezone.now() - timedelta(days=300))

    assert remove_unverified_users() == 0
