"""Rotation: afterwards all is under the new key, reads as before, and a run that was killed goes on."""

import base64
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.actions.invite import invite_person
from accounts.models import Membership, Organization
from accounts.sealing import resealing
from accounts.sealing.envelope import version_of
from accounts.sealing.fields import SealedField
from accounts.sealing.keys import Kind, destroy_key, fingerprint, keys, make_key, root_key
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.models import InboundEmail, Mailbox
from tests import factories
from tests.cast import totp_code
from tickets.models import Contact, ContactAddress, Message, Ticket

OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))


@pytest.fixture(autouse=True)
def _no_waiting(settings: Any) -> None:
    settings.KEY_CACHE_SECONDS = 0


def rotate(*arguments: str) -> str:
    """Run the command and return what it said."""
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def versions(table: str, column: str) -> set[int]:
    """Return which versions seal a column."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608
        return {version_of(bytes(value)) for (value,) in cursor.fetchall()}


# --- The root key ----------------------------------------------------------------------------------------------------
@pytest.fixture
def roots(settings: Any) -> Iterator[Any]:
    """Begin under the old root key; the returned function sets another, and the one before it."""

    def use(present: str, previous: str = "") -> None:
        settings.ROOT_KEY, settings.ROOT_KEY_PREVIOUS = present, previous
        root_key.cache_clear()
        keys.forget()

    use(OLD)
    yield use
    root_key.cache_clear()
    keys.forget()


def test_a_new_root_key_takes_over_and_the_old_one_may_go(roots: Any, ticket: Ticket, bob: Membership) -> None:
    roots(NEW, OLD)
    assert Ticket.objects.get(pk=ticket.pk).subject, "both are good meanwhile"

    said = rotate()
    assert "vault keys" in said
    assert "second steps" in said
    assert "Done: 0" in rotate(), "a second run finds nothing to do"

    roots(NEW)
    assert Ticket.objects.get(pk=ticket.pk).subject == "The door does not close"
    totp = Authenticator.objects.get(user=bob.user, type=Authenticator.Type.TOTP)
    assert TOTP(totp).validate_code(totp_code())
    recovery = Authenticator.objects.get(user=bob.user, type=Authenticator.Type.RECOVERY_CODES)
    assert len(recovery.wrap().get_unused_codes()) == 10
    marks = set(VaultKey.objects.exclude(kind=Kind.MAILBOX).values_list("wrapped_by", flat=True))
    assert marks == {f"root:{fingerprint(root_key())}"}


def test_codes_of_second_steps_are_accepted_while_rotating(roots: Any, bob: Membership) -> None:
    roots(NEW, OLD)

    totp = Authenticator.objects.get(user=bob.user, type=Authenticator.Type.TOTP)
    assert TOTP(totp).validate_code(totp_code())


def test_without_the_old_root_key_nothing_is_lost_and_it_is_said(roots: Any, acme: Organization) -> None:
    before = list(VaultKey.objects.order_by("pk").values_list("wrapped", flat=True))
    roots(NEW)

    with pytest.raises(CommandError, match="could not be opened"):
        rotate()

    assert list(VaultKey.objects.order_by("pk").values_list("wrapped", flat=True)) == before


def test_a_destroyed_key_stays_destroyed(roots: Any, mailbox: Mailbox, globex: Organization) -> None:
    destroy_key(Kind.ORGANIZATION, globex.pk)
    roots(NEW, OLD)

    rotate()

    assert VaultKey.objects.get(kind=Kind.ORGANIZATION, scope=globex.pk).wrapped is None


# --- An organization's key -------------------------------------------------------------------------------------------
def test_an_organizations_values_move_to_the_new_version(
    acme: Organization, bob: Membership, ticket: Ticket, globex: Organization
) -> None:
    with organization_scope(acme):
        invite_person(acme, email="x@people.example", role="agent", by=bob)
    elsewhere = factories.make_contact(globex, name="Theirs")

    said = rotate("--organization", "acme")

    assert "made version 2" in said
    assert keys.current(Kind.ORGANIZATION, acme.pk).version == 2
    assert versions("accounts_invitation", "email") == {2}
    assert Contact.objects.get(organization=acme).name == "Carol Customer"
    assert ContactAddress.objects.get(organization=acme).address == "carol@customer.example"
    assert acme.invitations.get().email == "x@people.example"
    assert VaultKey.objects.get(kind=Kind.MAILBOX, scope=ticket.mailbox_id).wrapped_by == "organization:2"
    assert Ticket.objects.get(pk=ticket.pk).subject == "The door does not close"
    assert Contact.objects.get(pk=elsewhere.pk).name == "Theirs"
    assert keys.current(Kind.ORGANIZATION, globex.pk).version == 1


def test_each_full_run_makes_one_more_version(acme: Organization, contact: Contact) -> None:
    for version in (2, 3):
        rotate("--organization", "acme")
        assert versions("tickets_contact", "name") == {version}


def test_a_run_that_was_killed_goes_on_with_the_version_it_made(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        factories.make_contact(acme, name=f"Contact {number}")
    monkeypatch.setattr(resealing, "BATCH", 2)
    seal, sealed = SealedField.seal, []

    def killed(self: SealedField, instance: Any, value: Any) -> Any:
        if len(sealed) == 5:
            raise KeyboardInterrupt
        sealed.append(instance.pk)
        return seal(self, instance, value)

    monkeypatch.setattr(SealedField, "seal", killed)
    with pytest.raises(KeyboardInterrupt):
        rotate("--organization", "acme")
    monkeypatch.setattr(SealedField, "seal", seal)
    assert versions("tickets_contact", "name") == {1, 2}
    assert {contact.name for contact in Contact.objects.all()} == {f"Contact {number}" for number in range(7)}

    said = rotate("--organization", "acme")

    assert "made version" not in said
    assert versions("tickets_contact", "name") == {2}
    assert {contact.name for contact in Contact.objects.all()} == {f"Contact {number}" for number in range(7)}


def test_what_another_process_sealed_with_the_old_version_meanwhile_is_caught(
    acme: Organization, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.sealing.rotation import Rotation

    def somebody_else(self: Rotation, target: Any) -> None:
        old = keys.version(Kind.ORGANIZATION, acme.pk, 1)
        with monkeypatch.context() as patch:
            patch.setattr(type(keys), "current", lambda *_: old)
            factories_contact(acme)

    def factories_contact(organization: Organization) -> None:
        with organization_scope(organization):
            Contact.objects.create(organization=organization, name="Late")

    monkeypatch.setattr(Rotation, "_wait_for_old_caches", somebody_else)
    rotate("--organization", "acme")

    assert versions("tickets_contact", "name") == {2}
    assert "Late" in {contact.name for contact in Contact.objects.all()}


def test_a_process_that_knows_only_the_old_version_reads_what_the_new_one_sealed(
    acme: Organization, contact: Contact, settings: Any
) -> None:
    settings.KEY_CACHE_SECONDS = 60
    keys.forget()
    keys.current(Kind.ORGANIZATION, acme.pk)
    held = dict(keys._held)
    make_key(Kind.ORGANIZATION, acme.pk, organization=acme.pk, version=2)
    with organization_scope(acme):
        new = Contact.objects.create(organization=acme, name="New")
    keys._held = held

    assert keys.current(Kind.ORGANIZATION, acme.pk).version == 1
    assert Contact.objects.get(pk=new.pk).name == "New"


def test_a_value_that_does_not_open_is_counted_and_left_alone(acme: Organization, contact: Contact) -> None:
    broken = factories.make_contact(acme, name="Broken")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_contact SET name = decode('01000100', 'hex') WHERE id = %s", [broken.pk])

    with pytest.raises(CommandError, match="could not be opened"):
        rotate("--organization", "acme")

    assert Contact.objects.get(pk=contact.pk).name == "Carol Customer"


# --- A mailbox's key -------------------------------------------------------------------------------------------------
def large(mailbox: Mailbox) -> InboundEmail:
    """Return a mail whose original is a file."""
    return factories.make_inbound_email(mailbox, b"Subject: large\r\n\r\n" + b"x" * 400_000)


def test_a_mailboxs_values_and_files_move_to_the_new_version(acme: Organization, ticket: Ticket) -> None:
    email = large(ticket.mailbox)
    small = factories.make_inbound_email(ticket.mailbox, b"Subject: small\r\n\r\nHello")
    other = factories.make_ticket(acme, subject="In another mailbox")

    said = rotate("--mailbox", str(ticket.mailbox_id))

    assert "InboundEmail.raw_file" in said
    assert version_in_file(email) == 2
    assert len(InboundEmail.objects.get(pk=email.pk).raw()) > 400_000
    assert InboundEmail.objects.get(pk=small.pk).raw().endswith(b"Hello")
    assert Ticket.objects.get(pk=ticket.pk).subject == "The door does not close"
    assert Message.objects.get(ticket=ticket).new_text == "It stands open all night."
    assert Mailbox.objects.get(pk=ticket.mailbox_id).address == "help@acme.example"
    assert keys.current(Kind.MAILBOX, other.mailbox_id).version == 1
    assert Ticket.objects.get(pk=other.pk).subject == "In another mailbox"
    email.raw_file.delete()


def test_after_a_rotation_the_old_version_can_be_destroyed_without_loss(ticket: Ticket) -> None:
    email = large(ticket.mailbox)
    rotate("--mailbox", str(ticket.mailbox_id))

    VaultKey.objects.filter(scope=ticket.mailbox_id, version=1).update(wrapped=None, destroyed_at="2026-01-01T00:00Z")
    keys.forget()

    assert Ticket.objects.get(pk=ticket.pk).subject == "The door does not close"
    assert len(InboundEmail.objects.get(pk=email.pk).raw()) > 400_000
    email.raw_file.delete()


def version_in_file(email: InboundEmail) -> int:
    """Return which version wraps the file's key."""
    with default_storage.open(email.raw_file.path) as file:
        return int.from_bytes(file.read(6)[4:], "big")


@pytest.mark.parametrize("arguments", [["--organization", "nobody"], ["--mailbox", str(UUID(int=1))]])
def test_what_does_not_exist_is_not_rotated(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        rotate(*arguments)
