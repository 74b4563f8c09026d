"""Rows of a file become contacts: new ones, or what a known one lacks. Nothing a contact has is overwritten."""

from collections.abc import Sequence

from accounts.models import Membership
from tickets.actions.contacts.company import company_named
from tickets.contacts.checking import Checked
from tickets.contacts.codes import recode
from tickets.contacts.columns import Person
from tickets.contacts.domains import companies_by_domain, domain_of, new_address
from tickets.contacts.history import Verb
from tickets.models import Company, Contact, ContactEvent, ContactImport, ContactNote


class TakeIn:
    """Takes in a batch of rows that were looked through; counts what became of them."""

    def __init__(self, run: ContactImport, rows: Sequence[Checked]) -> None:
        """Take all of them in, inside the caller's transaction."""
        self.run, self.organization_id = run, run.organization_id
        self.added = self.changed = self.known = 0
        self.errors: list[list[object]] = []
        self._companies: dict[str, Company] = {}
        self._by_digest: dict[bytes, Contact] = {}  # of rows of this batch
        self._touched: dict[object, Contact] = {}
        self._known = Contact.objects.select_related("company").in_bulk({one.contact_id for one in rows} - {None})
        for one in rows:
            self._take(one)
        recode(list(self._touched.values()))

    def _take(self, row: Checked) -> None:
        if row.problem or row.person is None:
            self.errors.append([row.row, row.problem])
            return
        whose = {contact for digest in row.digests if (contact := self._by_digest.get(digest))}
        whose |= {self._known[row.contact_id]} if row.contact_id else set()
        if len(whose) > 1:
            self.errors.append([row.row, "two_contacts"])
            return
        contact = next(iter(whose), None)
        if contact is None:
            self.added += 1
            contact = self._new(row.person)
            self._fill(contact, row)
        elif self._fill(contact, row):
            self.changed += 1
        else:
            self.known += 1
        self._by_digest.update(dict.fromkeys(row.digests, contact))

    def _new(self, person: Person) -> Contact:
        domains = [domain_of(address) for address in person.addresses]
        found = companies_by_domain(self.organization_id, domains)
        company = next((found[domain] for domain in domains if domain in found), None)
        contact = Contact.objects.create(organization_id=self.organization_id, company_id=company)
        self._touched[contact.pk] = contact
        self._event(contact)
        return contact

    def _fill(self, contact: Contact, row: Checked) -> bool:
        """Give the contact what it lacks of the row, and return whether that was anything."""
        person = row.person or Person(row.row)
        had = {bytes(one) for one in contact.addresses.values_list("digest", flat=True)}
        lacking = {digest: address for digest, address in row.digests.items() if digest not in had}
        for digest, address in lacking.items():
            new = new_address(self.organization_id, address, digest)
            new.contact = contact
            new.save(force_insert=True)
        filled = [*lacking, *self._fill_fields(contact, person), *self._fill_note(contact, person)]
        if filled and contact.pk not in self._touched:
            self._touched[contact.pk] = contact
            self._event(contact)
        return bool(filled)

    def _fill_fields(self, contact: Contact, person: Person) -> list[str]:
        fields = []
        if person.name and not contact.name and not contact.is_name_chosen:
            contact.name, contact.is_name_chosen = person.name, True
            fields += ["name", "is_name_chosen"]
        # Who was taken out of the organization meanwhile names no companies any more.
        if person.company and self.run.by and contact.company_id is None and not contact.is_company_chosen:
            contact.company, contact.is_company_chosen = self._company(person.company, self.run.by), True
            fields += ["company", "is_company_chosen"]
        if fields:
            contact.save(update_fields=fields)
        return fields

    def _fill_note(self, contact: Contact, person: Person) -> list[str]:
        if not person.note or any(one.text == person.note for one in contact.notes.all()):
            return []
        ContactNote.objects.create(
            organization_id=self.organization_id, contact=contact, author=self.run.by, text=person.note
        )
        return ["note"]

    def _company(self, name: str, by: Membership) -> Company:
        key = name.casefold()
        if key not in self._companies:
            self._companies[key] = company_named(name, by=by)
        return self._companies[key]

    def _event(self, contact: Contact) -> None:
        ContactEvent.objects.create(
            organization_id=self.organization_id, contact=contact, verb=Verb.IMPORTED, by=self.run.by, details={}
        )
