"""What a ledger names is erased again: by ids and by keys, and past whatever a hold keeps."""

import pytest

from accounts.models import Organization
from accounts.sealing.errors import KeyDestroyed
from accounts.sealing.keys import Kind, keys
from accounts.tenancy import organization_scope
from accounts.vault.models import VaultKey
from mailbox.models import Mailbox
from privacy import ledger
from privacy.holds.actors import Officer
from privacy.ledger.remembering import remember_contacts, remember_messages
from privacy.ledger.replay import replay
from tests.factories import make_inbound_email, make_message, make_ticket
from tests.privacy.holding import hold
from tickets.models import Contact, Message, Ticket

pytestmark = pytest.mark.django_db


def test_the_replay_spares_what_a_hold_keeps_and_takes_the_rest(
    acme: Organization, mailbox: Mailbox, contact: Contact, dora: Officer
) -> None:
    kept, free = (make_ticket(acme, mailbox=mailbox, contact=contact) for _ in "12")
    held_message, message = make_message(kept), make_message(free)
    hold(kept, dora)
    remember_contacts(acme.pk, [contact.pk])
    remember_messages(acme.pk, [held_message.pk, message.pk])

    done = replay(ledger.entries_after(0))

    assert done.left == []
    with organization_scope(acme):
        assert list(Ticket.objects.values_list("pk", flat=True)) == [kept.pk]
        assert list(Message.objects.values_list("pk", flat=True)) == [held_message.pk]
        assert Contact.objects.filter(pk=contact.pk).exists()  # the held ticket hangs on it


def test_the_replay_ends_a_whole_organization_with_its_keys_and_leaves_its_neighbour(
    acme: Organization, ticket: Ticket, mailbox: Mailbox, globex: Organization
) -> None:
    elsewhere = make_message(make_ticket(globex), text="Another company's.")
    large = make_inbound_email(mailbox, b"Subject: large\r\n\r\n" + b"x" * 300_000)
    ledger.append("organization", [acme.pk], organization_id=acme.pk)

    done = replay(ledger.entries_after(0))

    assert done.left == []
    assert not Organization.objects.filter(pk=acme.pk).exists()
    assert not VaultKey.objects.filter(organization=acme.pk, destroyed_at=None).exists()
    assert not large.raw_file.exists()
    keys.forget()
    assert Message._base_manager.get(pk=elsewhere.pk).new_text == "Another company's."
    assert replay(ledger.entries_after(0)).rows == 0


def test_columns_and_files_are_erased_again_alone(acme: Organization, contact: Contact, mailbox: Mailbox) -> None:
    large = make_inbound_email(mailbox, b"Subject: large\r\n\r\n" + b"x" * 300_000)
    ledger.append("field", [contact.pk], place="tickets.Contact.name", organization_id=acme.pk)
    ledger.append("file", [large.pk], place="mailbox.InboundEmail.raw_file", organization_id=acme.pk)

    assert replay(ledger.entries_after(0)).left == []
    with organization_scope(acme):
        assert Contact.objects.get(pk=contact.pk).name == ""
    assert not large.raw_file.exists()


def test_a_mailbox_goes_with_its_key_and_the_count_says_so(
    acme: Organization, ticket: Ticket, mailbox: Mailbox
) -> None:
    ledger.append("mailbox", [mailbox.pk], organization_id=acme.pk)

    assert replay(ledger.entries_after(0)).rows == 3  # the mailbox, its ticket, its message
    assert not Ticket._base_manager.filter(pk=ticket.pk).exists()
    with pytest.raises(KeyDestroyed):
        keys.current(Kind.MAILBOX, mailbox.pk)
