"""The cast: Acme and Globex, and who is where. The same people in every test (STYLE.md, Tests).

A test that asks for any of them has both databases. Rows of an organization are read inside `scope` (Acme's), or in a
scope of the test's own.
"""

import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.test import Client

from accounts.models import Membership, Organization, User
from accounts.sealing.keys import keys
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from tests import factories
from tickets.models import Contact, Ticket


@pytest.fixture(autouse=True)
def _apart(settings: Any) -> Iterator[None]:
    """Count rate limits for one test alone, and keep no key from the test before."""
    cache = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": cache, "LOCATION": str(time.time_ns())}}
    keys.forget()
    yield
    keys.forget()


# --- Acme ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def acme(db: None) -> Organization:
    """Acme, a customer company; its owner is `owner`."""
    person = factories.make_user("olivia@acme.example", name="Olivia Owner", second_step=True)
    return factories.make_organization("Acme", owner=person)


@pytest.fixture
def owner(acme: Organization) -> Membership:
    """The owner of Acme, with a second step."""
    return Membership.objects.select_related("organization", "user").get(organization=acme, role=Membership.Role.OWNER)


@pytest.fixture
def bob(acme: Organization) -> Membership:
    """An admin of Acme, with a second step."""
    person = factories.make_user("bob@acme.example", name="Bob Admin", second_step=True)
    return factories.make_membership(acme, person, role=Membership.Role.ADMIN)


@pytest.fixture
def alice(acme: Organization) -> Membership:
    """An agent at Acme."""
    return factories.make_membership(acme, factories.make_user("alice@acme.example", name="Alice Agent"))


@pytest.fixture
def viewer(acme: Organization) -> Membership:
    """Somebody at Acme who only reads."""
    person = factories.make_user("vera@acme.example", name="Vera Viewer")
    return factories.make_membership(acme, person, role=Membership.Role.VIEWER)


@pytest.fixture
def carol() -> str:
    """The customer: an address, and nothing else."""
    return "carol@customer.example"


@pytest.fixture
def contact(acme: Organization, carol: str) -> Contact:
    """Carol as Acme knows her."""
    return factories.make_contact(acme, name="Carol Customer", address=carol)


@pytest.fixture
def mailbox(acme: Organization) -> Mailbox:
    """Acme's mailbox at Google, connected on paper: no provider knows it."""
    return factories.make_mailbox(acme, address="help@acme.example")


@pytest.fixture
def ticket(acme: Organization, mailbox: Mailbox, contact: Contact) -> Ticket:
    """A ticket of Carol's at Acme, with one message."""
    made = factories.make_ticket(acme, mailbox=mailbox, contact=contact, subject="The door does not close")
    factories.make_message(made, text="It stands open all night.")
    return made


@pytest.fixture
def scope(acme: Organization) -> Iterator[UUID]:
    """Acme's scope, open for the whole test."""
    with organization_scope(acme) as organization_id:
        yield organization_id


# --- Globex ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def globex(db: None) -> Organization:
    """Another customer company, which must never see Acme."""
    person = factories.make_user("gina@globex.example", name="Gina Owner", second_step=True)
    return factories.make_organization("Globex", owner=person)


@pytest.fixture
def mallory(globex: Organization) -> Membership:
    """An agent at Globex: the outsider at Acme."""
    return factories.make_membership(globex, factories.make_user("mallory@globex.example", name="Mallory Agent"))


# --- The operator ----------------------------------------------------------------------------------------------------
@pytest.fixture
def staff(db: None) -> User:
    """A member of the operator's staff, with a second step and every right in Django admin."""
    return factories.make_user(
        "dora@operator.example", name="Dora Officer", second_step=True, is_staff=True, is_superuser=True
    )


# --- Signing in ------------------------------------------------------------------------------------------------------
def sign_in(client: Client, who: Membership | User) -> Client:
    """Sign a person in as the sign-in page leaves them: with the second step passed where they have one."""
    user = who.user if isinstance(who, Membership) else who
    client.force_login(user)
    request = HttpRequest()
    request.META.update(REMOTE_ADDR="127.0.0.1", HTTP_USER_AGENT="Tests")
    request.session, request.user = client.session, user
    record_authentication(request, user, "password", reauthenticated=True)
    if user.has_second_step:
        record_authentication(request, user, "mfa", type="totp", reauthenticated=True)
    request.session.save()
    UserSession.objects.create_from_request(request)
    return client


def totp_code(secret: str = factories.TOTP_SECRET) -> str:
    """Return the six figures an authenticator app shows now; a code about to end is waited out, as people do."""
    left = 30 - time.time() % 30
    if left < 2:
        time.sleep(left + 0.01)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def code_in(message: EmailMessage) -> str:
    """Return the code of a verification mail."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


@pytest.fixture
def as_alice(alice: Membership) -> Client:
    """A browser where Alice is signed in."""
    return sign_in(Client(), alice)


@pytest.fixture
def as_bob(bob: Membership) -> Client:
    """A browser where Bob is signed in."""
    return sign_in(Client(), bob)


@pytest.fixture
def as_owner(owner: Membership) -> Client:
    """A browser where the owner of Acme is signed in."""
    return sign_in(Client(), owner)


@pytest.fixture
def as_viewer(viewer: Membership) -> Client:
    """A browser where Acme's viewer is signed in."""
    return sign_in(Client(), viewer)


@pytest.fixture
def as_mallory(mallory: Membership) -> Client:
    """A browser where Mallory is signed in."""
    return sign_in(Client(), mallory)


@pytest.fixture
def as_staff(staff: User) -> Client:
    """A browser where the operator's staff is signed in."""
    return sign_in(Client(), staff)
