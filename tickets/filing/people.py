"""Contacts as filing meets them: who is new, whose mail is kept as spam."""

from accounts.bulk import insert_many
from tickets.contacts.codes import code_added, new_codes
from tickets.contacts.domains import companies_by_domain, domain_of, new_address
from tickets.filing.incoming import Incoming
from tickets.models import Contact, ContactAddress, ContactCode

BLOCKED = "blocked"  # the sort of a mail whose sender is blocked: kept as spam
BLOCKED_REASON = "Its sender is blocked here. It is kept as spam, and nobody is told of it."


class NewPeople:
    """The contacts a batch makes: collected, then written with three statements; one more where a name is filled in."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.contacts: list[Contact] = []
        self.renamed: list[Contact] = []
        self.addresses: list[ContactAddress] = []

    def add(self, incoming: Incoming) -> Contact:
        """Return a new contact for the person the mail is with."""
        person = incoming.contact
        contact = Contact(organization_id=incoming.organization_id, name=person.name)
        if incoming.is_history:
            contact.created_at = incoming.at
        address = new_address(incoming.organization_id, person.email, incoming.contact_digest)
        address.contact = contact
        self.contacts.append(contact)
        self.addresses.append(address)
        return contact

    def learn_name(self, contact: Contact, name: str) -> None:
        """Take the name of who wrote, where nobody knows one and no colleague chose that there is none."""
        if not name or contact.name or contact.is_name_chosen:
            return
        contact.name = name
        if contact not in self.contacts:
            self.renamed.append(contact)

    def create(self) -> None:
        """Write the new ones, with the company of their domain and the codes they are found by."""
        if self.contacts:
            domains = {one.pk: domain_of(one.address) for one in self.addresses}
            companies = companies_by_domain(self.contacts[0].organization_id, domains.values())
            codes: list[ContactCode] = []
            for contact, address in zip(self.contacts, self.addresses, strict=True):
                contact.company_id = companies.get(domains[address.pk])
                codes += new_codes(contact, [address.address])
            insert_many(self.contacts)
            insert_many(self.addresses)
            insert_many(codes)
        if self.renamed:
            code_added({contact: contact.name for contact in self.renamed})


def is_blocked(incoming: Incoming, blocked: set[bytes]) -> bool:
    """Return whether the mail comes from somebody blocked; what a colleague passes on is wanted."""
    return incoming.contact_digest in blocked and not incoming.is_answer and incoming.forward is None
