"""What a contact is called, and where the person works."""

from django.db import transaction

from accounts.models import Membership
from tickets.actions.contacts.company import company_named
from tickets.contacts.codes import recode
from tickets.contacts.history import Verb, record_change
from tickets.models import Contact


@transaction.atomic
def edit_contact(contact: Contact, *, name: str, company: str, by: Membership) -> None:
    """Save name and company as a person wrote them: later mail changes neither.

    A company of a new name is made; no name means no company, whatever the domain says.
    """
    contact.lock()
    name = " ".join(name.split())
    if name != contact.name:
        before, contact.name, contact.is_name_chosen = contact.name, name, True
        contact.save(update_fields=["name", "is_name_chosen"])
        recode([contact])
        record_change(contact, Verb.RENAMED, by=by, before=before, after=name)
    was = contact.company
    wanted = " ".join(company.split())
    if wanted == (was.name if was else ""):
        return
    contact.company = company_named(wanted, by=by) if wanted else None
    contact.is_company_chosen = True
    contact.save(update_fields=["company", "is_company_chosen"])
    record_change(contact, Verb.COMPANY_CHANGED, by=by, before=was.name if was else "", after=wanted)
