"""Sealed values open in their own place, under their own key, unaltered; otherwise there is one kind of error."""

import os
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from accounts.models import Invitation, Membership, Organization, User
from accounts.sealing import keys as keys_module
from accounts.sealing.digests import address_digest, digest, message_id_digest
from accounts.sealing.envelope import COMPRESS_FROM, OVERHEAD, seal, unseal
from accounts.sealing.errors import KeyDestroyed, KeyMissing, SealingError
from accounts.sealing.fields import sealed_fields
from accounts.sealing.keys import Key, Kind, destroy_key, keys, make_key, root_key
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from tests import factories
from tickets.models import Contact, ContactAddress, Ticket

KEY = Key("mailbox", uuid4(), 1, b"k" * 32)
PLACE = "organization|mailbox|table.column|row"


def stored(table: str, column: str, pk: UUID) -> bytes:
    """Return what the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE id = %s', [pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def store(table: str, column: str, pk: UUID, value: bytes) -> None:
    """Write past the models, as an intruder in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [value, pk])  # noqa: S608


# --- The envelope ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("data", [b"", b"x", "grüße \U0001f511".encode(), b"a" * 100_000, os.urandom(5000)])
@pytest.mark.parametrize("compress", [True, False])
def test_what_was_sealed_opens(data: bytes, compress: bool) -> None:
    assert unseal(KEY, PLACE, seal(KEY, PLACE, data, compress=compress)) == data


def test_long_text_is_compressed_and_noise_is_not() -> None:
    assert len(seal(KEY, PLACE, b"a" * 10_000, compress=True)) < 200
    noise = os.urandom(COMPRESS_FROM)
    assert len(seal(KEY, PLACE, noise, compress=True)) == len(noise) + OVERHEAD


def test_every_byte_counts() -> None:
    sealed = seal(KEY, PLACE, b"Good morning")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(SealingError):
            unseal(KEY, PLACE, bytes(altered))


def test_cut_at_any_length_it_does_not_open() -> None:
    sealed = seal(KEY, PLACE, b"Good morning")
    for length in range(len(sealed)):
        with pytest.raises(SealingError):
            unseal(KEY, PLACE, sealed[:length])


def test_it_opens_in_its_own_place_with_its_own_key_only() -> None:
    sealed = seal(KEY, PLACE, b"Good morning")

    with pytest.raises(SealingError):
        unseal(KEY, PLACE + "2", sealed)
    with pytest.raises(SealingError):
        unseal(Key(KEY.kind, KEY.scope, 1, b"K" * 32), PLACE, sealed)


def test_errors_say_nothing_of_the_content() -> None:
    with pytest.raises(SealingError) as error:
        unseal(KEY, PLACE + "2", seal(KEY, PLACE, b"secret word"))

    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None
    assert "secret" not in repr(Key("mailbox", uuid4(), 1, b"secret" * 6))


def test_no_nonce_is_used_twice() -> None:
    nonces = {seal(KEY, PLACE, b"x")[3:15] for _ in range(100_000)}

    assert len(nonces) == 100_000


# --- Fields ----------------------------------------------------------------------------------------------------------
def test_the_database_holds_no_plain_text(ticket: Ticket, alice: Membership, contact: Contact) -> None:
    assert b"door" not in stored("tickets_ticket", "subject", ticket.pk)
    assert b"Carol" not in stored("tickets_contact", "name", contact.pk)
    assert b"Alice" not in stored("accounts_user", "name", alice.user.pk)


def test_a_value_moved_to_another_row_does_not_open(acme: Organization, ticket: Ticket) -> None:
    other = factories.make_ticket(acme, mailbox=ticket.mailbox, subject="Another")
    store("tickets_ticket", "subject", other.pk, stored("tickets_ticket", "subject", ticket.pk))

    with pytest.raises(SealingError):
        _ = Ticket.objects.get(pk=other.pk).subject


def test_a_value_moved_to_another_column_does_not_open(ticket: Ticket) -> None:
    store("tickets_ticket", "snippet", ticket.pk, stored("tickets_ticket", "subject", ticket.pk))

    with pytest.raises(SealingError):
        _ = Ticket.objects.get(pk=ticket.pk).snippet


def test_a_value_of_another_organization_does_not_open(globex: Organization, ticket: Ticket) -> None:
    theirs = factories.make_ticket(globex)
    store("tickets_ticket", "subject", theirs.pk, stored("tickets_ticket", "subject", ticket.pk))

    with pytest.raises(SealingError):
        _ = Ticket.objects.get(pk=theirs.pk).subject


def test_a_row_given_to_another_organization_does_not_open(globex: Organization, contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(organization=globex)

    with pytest.raises(SealingError):
        _ = Contact.objects.get(pk=contact.pk).name


def test_plain_text_in_the_column_is_refused_not_shown(ticket: Ticket) -> None:
    store("tickets_ticket", "subject", ticket.pk, b"This was written past the application")

    with pytest.raises(SealingError):
        _ = Ticket.objects.get(pk=ticket.pk).subject


def test_saving_without_reading_leaves_the_value_as_it_was(ticket: Ticket) -> None:
    before = stored("tickets_ticket", "subject", ticket.pk)

    Ticket.objects.get(pk=ticket.pk).save()

    assert stored("tickets_ticket", "subject", ticket.pk) == before


def test_ciphertext_cannot_be_searched_or_updated_past_the_seal(ticket: Ticket) -> None:
    with pytest.raises(FieldError):
        Ticket.objects.filter(subject="The door does not close").exists()
    with pytest.raises(TypeError):
        Ticket.objects.update(subject="plain")
    with pytest.raises(TypeError):
        Ticket.objects.bulk_update([ticket], ["subject"])


def test_many_rows_are_sealed_one_by_one(acme: Organization, contact: Contact) -> None:
    address = ContactAddress(organization=acme, contact=contact, address="b@b.example", digest=b"d" * 16)
    with organization_scope(acme):
        ContactAddress.objects.bulk_create([address])

    assert ContactAddress.objects.get(pk=address.pk).address == "b@b.example"


def test_deferred_empty_and_odd_values_survive(acme: Organization) -> None:
    for text in ("", " ", "\ud800 half a pair", "\x00", "é" * 3000):
        contact = factories.make_contact(acme, name=text)
        assert Contact.objects.get(pk=contact.pk).name == text
        assert Contact.objects.defer("name").get(pk=contact.pk).name == text


def test_every_sealed_field_knows_whose_key_it_uses() -> None:
    assert {field.key for field in sealed_fields(User)} == {"profile"}
    assert {field.key for field in sealed_fields(Invitation)} == {"organization"}
    assert {field.key for field in sealed_fields(Ticket)} == {"mailbox"}


# --- Keys ------------------------------------------------------------------------------------------------------------
def test_a_destroyed_key_opens_nothing_ever_again(ticket: Ticket) -> None:
    assert destroy_key(Kind.MAILBOX, ticket.mailbox_id) == 1

    with pytest.raises(KeyDestroyed) as error:
        _ = Ticket.objects.get(pk=ticket.pk).subject
    assert isinstance(error.value, SealingError)
    row = VaultKey.objects.get(kind=Kind.MAILBOX, scope=ticket.mailbox_id)
    assert row.wrapped is None
    assert row.destroyed_at is not None


def test_a_destroyed_key_is_not_made_again_by_accident(ticket: Ticket) -> None:
    destroy_key(Kind.MAILBOX, ticket.mailbox_id)

    with pytest.raises(KeyDestroyed):
        make_key(Kind.MAILBOX, ticket.mailbox_id, organization=ticket.organization_id)
    with pytest.raises(KeyDestroyed):
        factories.make_message(Ticket.objects.get(pk=ticket.pk), subject="x")


def test_destroying_one_mailbox_leaves_the_others(acme: Organization, ticket: Ticket) -> None:
    other = factories.make_ticket(acme, subject="Still here")

    destroy_key(Kind.MAILBOX, ticket.mailbox_id)

    assert Ticket.objects.get(pk=other.pk).subject == "Still here"


def test_a_key_that_another_process_destroyed_is_unusable_after_the_bound(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(keys_module.time, "monotonic", lambda: moment[0])
    keys.forget()
    assert Ticket.objects.get(pk=ticket.pk).subject

    VaultKey.objects.filter(scope=ticket.mailbox_id).update(wrapped=None, destroyed_at="2026-01-01T00:00Z")
    moment[0] += settings.KEY_CACHE_SECONDS - 0.001  # type: ignore[attr-defined]
    assert Ticket.objects.get(pk=ticket.pk).subject, "the copy in memory still works"
    moment[0] += 0.001
    with pytest.raises(KeyDestroyed):
        _ = Ticket.objects.get(pk=ticket.pk).subject


def test_using_a_key_does_not_prolong_its_life_in_memory(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(keys_module.time, "monotonic", lambda: moment[0])
    keys.forget()
    for _ in range(4):
        assert keys.current(Kind.MAILBOX, ticket.mailbox_id)
        moment[0] += settings.KEY_CACHE_SECONDS / 4  # type: ignore[attr-defined]
    VaultKey.objects.filter(scope=ticket.mailbox_id).update(wrapped=None, destroyed_at="2026-01-01T00:00Z")

    with pytest.raises(KeyDestroyed):
        keys.current(Kind.MAILBOX, ticket.mailbox_id)


def test_a_page_warms_its_keys_in_one_statement(acme: Organization, django_assert_num_queries: object) -> None:
    mailboxes = [factories.make_mailbox(acme) for _ in range(5)]
    keys.forget()
    keys.current(Kind.ORGANIZATION, acme.pk)

    with django_assert_num_queries(1, using="vault"):  # type: ignore[operator]
        keys.warm(Kind.MAILBOX, {mailbox.pk for mailbox in mailboxes})
        for mailbox in mailboxes:
            assert keys.current(Kind.MAILBOX, mailbox.pk)


def test_a_wrapped_key_moved_to_another_row_does_not_open(acme: Organization, globex: Organization) -> None:
    for kind, first, second in (
        (Kind.ORGANIZATION, acme.pk, globex.pk),
        (Kind.MAILBOX, factories.make_mailbox(acme).pk, factories.make_mailbox(acme).pk),
    ):
        row = VaultKey.objects.get(kind=kind, scope=first)
        VaultKey.objects.filter(kind=kind, scope=second).update(wrapped=row.wrapped, wrapped_by=row.wrapped_by)
        keys.forget()
        with pytest.raises(SealingError):
            keys.current(kind, second)


def test_another_root_key_opens_nothing(acme: Organization, settings: object) -> None:
    settings.ROOT_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="  # type: ignore[attr-defined]
    root_key.cache_clear()
    keys.forget()
    try:
        with pytest.raises(SealingError):
            keys.current(Kind.ORGANIZATION, acme.pk)
    finally:
        root_key.cache_clear()


def test_a_key_that_was_never_made_is_missing(db: None) -> None:
    with pytest.raises(KeyMissing):
        keys.current(Kind.MAILBOX, uuid4())


def test_the_vault_holds_no_key_in_the_clear(acme: Organization) -> None:
    secret = keys.current(Kind.ORGANIZATION, acme.pk).secret

    assert all(secret not in bytes(row.wrapped) for row in VaultKey.objects.all())


# --- Digests ---------------------------------------------------------------------------------------------------------
def test_an_address_is_found_whatever_its_case_and_only_at_home(acme: Organization, globex: Organization) -> None:
    mine = address_digest(acme.pk, "Carol@Customer.Example ")

    assert mine == address_digest(acme.pk, "carol@customer.example")
    assert mine != address_digest(globex.pk, "carol@customer.example")
    assert mine != digest(acme.pk, "message-id", "carol@customer.example")
    assert message_id_digest(acme.pk, " <A@b> ") != message_id_digest(acme.pk, "<a@b>")
