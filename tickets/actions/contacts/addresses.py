"""Addresses of a contact: each belongs to one."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest
from mailbox.addresses import CannotBeSentTo, sendable
from mailbox.models import Mailbox
from tickets.contacts.access import contacts_for
from tickets.contacts.codes import recode
from tickets.contacts.domains import companies_by_domain, domain_of, new_address
from tickets.contacts.history import Verb, record_change
from tickets.models import Contact, ContactAddress

MAX_ADDRESSES = 50  # of one contact


class AddressTaken(ActionRefused):
    """The address belongs to another contact, whom the member who asked may see: the two may be one person."""

    def __init__(self, contact: Contact) -> None:
        """Name whose it is."""
        super().__init__(_("This address belongs to another contact."))
        self.contact = contact


@transaction.atomic
def add_address(contact: Contact, *, address: str, by: Membership) -> ContactAddress:
    """Give a contact one more address; AddressTaken where it is another's, and nothing changes where it is its own."""
    contact.lock()
    digest = check_address(contact.organization_id, address, by=by, of=contact)
    own = contact.addresses.filter(digest=digest).first()
    if own is not None:
        return own
    if contact.addresses.count() >= MAX_ADDRESSES:
        raise ActionRefused(_("A contact can have %(count)d addresses at most.") % {"count": MAX_ADDRESSES})
    row = new_address(contact.organization_id, address.strip(), digest)
    row.contact = contact
    save_address(row)
    if contact.company_id is None and not contact.is_company_chosen:
        contact.company_id = companies_by_domain(contact.organization_id, [domain_of(address)]).get(domain_of(address))
        contact.save(update_fields=["company"])
    recode([contact])
    record_change(contact, Verb.ADDRESS_ADDED, by=by, after=row.address)
    return row


@transaction.atomic
def remove_address(contact: Contact, *, address: ContactAddress, by: Membership) -> None:
    """Take an address from a contact; its mails stay, and the next mail from it is a new contact's. Not the last."""
    contact.lock()
    if contact.addresses.count() < 2:
        raise ActionRefused(_("This is the only address of the contact. Add another one first."))
    was = address.address
    address.delete()
    recode([contact])
    record_change(contact, Verb.ADDRESS_REMOVED, by=by, before=was)


@transaction.atomic
def choose_primary(contact: Contact, *, address: ContactAddress, by: Membership) -> None:
    """Make an address of the contact the one that comes first; choosing it again changes nothing."""
    contact.lock()
    address.lock()
    if address.is_primary:
        return
    contact.addresses.filter(is_primary=True).update(is_primary=False)
    address.is_primary = True
    address.save(update_fields=["is_primary"])
    record_change(contact, Verb.PRIMARY_CHANGED, by=by, after=address.address)


def check_address(organization_id: object, address: str, *, by: Membership, of: Contact | None = None) -> bytes:
    """Return the digest of an address that a contact may have; AddressTaken or ActionRefused says why it may not.

    Whoever may not see whose it is gets the same sentence as for an address of a mailbox: neither name nor fact leaks.
    """
    try:
        sendable(address.strip())
    except CannotBeSentTo as reason:
        raise ActionRefused(str(reason)) from None
    digest = address_digest(by.organization_id, address)
    taken = ContactAddress.objects.filter(digest=digest)
    taken = taken.exclude(contact=of) if of else taken
    if other := contacts_for(by).filter(addresses__in=taken).first():
        raise AddressTaken(other)
    if taken.exists() or _is_ours(digest):
        raise _closed()
    return digest


def save_address(row: ContactAddress) -> None:
    """Save a new address; who was a moment quicker keeps it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(_("Somebody has just added this address. Look again.")) from None


def _is_ours(digest: bytes) -> bool:
    return Mailbox.objects.connected().filter(address_digest=digest).exists()


def _closed() -> ActionRefused:
    return ActionRefused(_("This address cannot be added here. An admin can say why."))
