"""A contact made by hand: somebody to write to who never wrote."""

from django.db import transaction

from accounts.models import Membership, Organization
from tickets.actions.contacts.addresses import check_address, save_address
from tickets.contacts.codes import recode
from tickets.contacts.domains import companies_by_domain, domain_of, new_address
from tickets.contacts.history import Verb, record_change
from tickets.models import Contact


@transaction.atomic
def make_contact(organization: Organization, *, name: str, address: str, by: Membership) -> Contact:
    """Add a contact with one address; its company is found by the domain. AddressTaken where there is one already."""
    digest = check_address(organization.pk, address, by=by)
    domain = domain_of(address)
    contact = Contact.objects.create(
        organization=organization,
        name=" ".join(name.split()),
        is_name_chosen=bool(name.strip()),
        company_id=companies_by_domain(organization.pk, [domain]).get(domain),
    )
    row = new_address(organization.pk, address.strip(), digest)
    row.contact = contact
    save_address(row)
    recode([contact])
    record_change(contact, Verb.MADE, by=by)
    return contact
