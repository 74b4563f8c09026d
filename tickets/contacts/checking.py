"""Looking through rows of contacts before they are taken in: the same for the preview and for the run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.sealing.digests import address_digest
from mailbox.addresses import CannotBeSentTo, sendable
from mailbox.models import Mailbox
from tickets.contacts.columns import Person, person_in
from tickets.contacts.sheets import Row
from tickets.models import ContactAddress

REASONS = {
    "unreadable": _("The row cannot be read: a quotation mark that never ends, or a cell without end."),
    "too_long": _("A cell is longer than anything an address book has."),
    "no_address": _("There is no e-mail address in it."),
    "not_an_address": _("What stands for an e-mail address is none."),
    "ours": _("It is an address of one of your own mailboxes."),
    "two_contacts": _("Its addresses belong to two contacts. Merge those first."),
}


@dataclass
class Checked:
    """What would become of one row: its person with the digests of the addresses, or the word for what is wrong."""

    row: int
    problem: str = ""
    person: Person | None = None
    digests: dict[bytes, str] = field(default_factory=dict)  # digest -> address
    contact_id: UUID | None = None  # whose they are already


def checked(rows: Iterable[Row], columns: Mapping[str, str], organization_id: UUID) -> list[Checked]:
    """Look through rows; two statements, however many."""
    found = [_read(row, columns, organization_id) for row in rows]
    digests = {digest for one in found for digest in one.digests}
    owners = dict(_owners(digests))
    ours = {bytes(one) for one in Mailbox.objects.connected().values_list("address_digest", flat=True)}
    for one in found:
        if one.problem:
            continue
        whose = {owners[digest] for digest in one.digests if digest in owners}
        if ours & set(one.digests):
            one.problem = "ours"
        elif len(whose) > 1:
            one.problem = "two_contacts"
        one.contact_id = next(iter(whose), None)
    return found


def _owners(digests: set[bytes]) -> Iterable[tuple[bytes, UUID]]:
    for digest, contact in ContactAddress.objects.filter(digest__in=digests).values_list("digest", "contact_id"):
        yield bytes(digest), contact


def _read(row: Row, columns: Mapping[str, str], organization_id: UUID) -> Checked:
    if row.problem:
        return Checked(row.number, row.problem)
    person = person_in(row, columns)
    if not person.addresses:
        return Checked(row.number, "no_address", person)
    try:
        for address in person.addresses:
            sendable(address)
    except CannotBeSentTo:
        return Checked(row.number, "not_an_address", person)
    return Checked(row.number, "", person, {address_digest(organization_id, one): one for one in person.addresses})
