"""Mail nobody wants: kept as spam from now on, and wanted again."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from tickets.contacts.history import Verb, record_change
from tickets.models import Contact, ContactAddress


@transaction.atomic
def block_contact(contact: Contact, *, by: Membership) -> None:
    """Keep what comes from this contact as spam, by whichever address; blocking twice changes nothing."""
    contact.lock()
    if contact.blocked_at is None:
        contact.blocked_at = timezone.now()
        contact.save(update_fields=["blocked_at"])
        record_change(contact, Verb.BLOCKED, by=by)


@transaction.atomic
def unblock_contact(contact: Contact, *, by: Membership) -> None:
    """Let mail of this contact open tickets again, but of addresses that are blocked by themselves."""
    contact.lock()
    if contact.blocked_at is not None:
        contact.blocked_at = None
        contact.save(update_fields=["blocked_at"])
        record_change(contact, Verb.UNBLOCKED, by=by)


@transaction.atomic
def block_address(contact: Contact, *, address: ContactAddress, by: Membership) -> None:
    """Keep what comes from this address as spam; blocking twice changes nothing."""
    address.lock()
    if address.blocked_at is None:
        address.blocked_at = timezone.now()
        address.save(update_fields=["blocked_at"])
        record_change(contact, Verb.BLOCKED, by=by, after=address.address)


@transaction.atomic
def unblock_address(contact: Contact, *, address: ContactAddress, by: Membership) -> None:
    """Let mail from this address open tickets again, unless its contact is blocked."""
    address.lock()
    if address.blocked_at is not None:
        address.blocked_at = None
        address.save(update_fields=["blocked_at"])
        record_change(contact, Verb.UNBLOCKED, by=by, after=address.address)
