"""Who is meant: every contact, address and name of one person in one organization, and in no other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from accounts.sealing.digests import address_digest
from privacy.models import DataSubjectRequest
from privacy.rights.traces import Traces
from tickets.mail.text import html_to_text
from tickets.models import Contact, ContactAddress, Message
from tickets.subjects import plain_subject


@dataclass(frozen=True)
class Subject:
    """A person as an organization knows them. Names and addresses are for looking, never for logs."""

    organization_id: UUID
    contact_ids: frozenset[UUID]
    addresses: tuple[str, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)

    @property
    def digests(self) -> list[bytes]:
        """Return the digests of the addresses."""
        return [address_digest(self.organization_id, one) for one in self.addresses]

    def traces(self) -> Traces:
        """Return what is looked for in words, without the person's own lines."""
        return Traces(self.addresses, self.names)

    def traces_with_lines(self) -> Traces:
        """Return it with every line the person wrote, so that copies of them are known."""
        fields = ("organization_id", "mailbox_id", "headers", "new_text", "html")
        own = Message.objects.filter(sender__in=self.contact_ids).only(*fields)
        return self.traces().with_lines(said for one in own.iterator(chunk_size=500) for said in _said_in(one))


def _said_in(message: Message) -> Iterator[str]:
    yield message.new_text
    yield html_to_text(message.html or "")
    yield plain_subject(str(message.headers.get("subject", "")))


def subject_of(request: DataSubjectRequest) -> Subject:
    """Return who a case is about: the contact of any address named in it, what was merged with that, all addresses."""
    assert request.organization_id is not None  # noqa: S101 - the operator's queue has no contacts
    organization_id = request.organization_id
    digests = [address_digest(organization_id, one) for one in request.addresses]
    named = ContactAddress.objects.filter(digest__in=digests).values_list("contact_id", flat=True)
    ids = {*named, *([request.contact_id] if request.contact_id else [])}
    contacts = list(Contact.objects.filter(_family(ids)))
    everybody = {one.pk for one in contacts}
    rows = ContactAddress.objects.filter(contact__in=everybody)
    addresses = dict.fromkeys([*request.addresses, *(row.address for row in rows)])
    names = dict.fromkeys([request.name, *(one.name for one in contacts)])
    return Subject(organization_id, frozenset(everybody), tuple(addresses), tuple(name for name in names if name))


def _family(ids: set[UUID]) -> Q:
    """Name these contacts, what they were merged into, and what was merged into them."""
    known = set(ids)
    while True:
        pairs = Contact.objects.filter(Q(pk__in=known, merged_into__isnull=False) | Q(merged_into__in=known))
        found = {pk for pair in pairs.values_list("pk", "merged_into_id") for pk in pair if pk}
        if found <= known:
            return Q(pk__in=known)
        known |= found
