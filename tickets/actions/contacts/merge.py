"""Two contacts that are one person, and taking that back exactly."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest
from accounts.sealing.errors import SealingError
from tickets.contacts.codes import recode
from tickets.contacts.finding import addresses_of, name_of
from tickets.contacts.history import Verb, record_change
from tickets.filing.turn import serialize_filing
from tickets.models import Contact, ContactAddress, ContactEvent, ContactMerge, ContactNote, Message, Ticket
from tickets.search.keeping import keep_tickets_of

# What goes over: rows and the column that says whose they are.
MOVED: dict[str, tuple[type[Model], str]] = {
    "tickets": (Ticket, "contact"),
    "mails": (Message, "sender"),
    "addresses": (ContactAddress, "contact"),
    "notes": (ContactNote, "contact"),
    "events": (ContactEvent, "contact"),
}
_KEPT = (
    "name",
    "is_name_chosen",
    "is_company_chosen",
    "fields",
)  # of the survivor, taken from the other where it has none


@transaction.atomic
def merge_contacts(contact: Contact, *, into: Contact, by: Membership) -> ContactMerge:
    """Make everything of a contact the other one's, and return what `unmerge_contacts` needs to take it back.

    The survivor keeps its name, company and main address, and gets those of the other where it has none. What was
    blocked stays blocked, and nothing more.
    """
    serialize_filing(contact.organization_id)
    _hold(contact, into)
    if contact.pk == into.pk or contact.organization_id != into.organization_id:
        raise ActionRefused(_("Choose another contact to merge with."))
    if contact.merged_into_id or into.merged_into_id:
        raise ActionRefused(_("One of the two was merged meanwhile. Look again."))
    if contact.restricted_at or into.restricted_at:
        raise ActionRefused(_("One of the two is restricted: its data is only stored."))
    name = name_of(contact, addresses_of(contact))
    moved: dict[str, Any] = {"survivor": {field: getattr(into, field) for field in _KEPT}}
    moved["survivor"]["company"] = str(into.company_id or "")
    moved["blocked"] = _keep_blocked(contact, into)
    moved["primary"] = _ids(contact.addresses.filter(is_primary=True))
    contact.addresses.filter(is_primary=True).update(is_primary=False)
    for what, (model, column) in MOVED.items():
        rows = model._default_manager.filter(**{column: contact})
        moved[what] = _ids(rows)
        rows.update(**{column: into})
    _fill(into, contact)
    contact.merged_into = into
    contact.save(update_fields=["merged_into"])
    recode([into, contact])
    keep_tickets_of([into.pk])
    merge = ContactMerge.objects.create(
        organization_id=into.organization_id, survivor=into, merged=contact, by=by, moved=moved
    )
    record_change(into, Verb.MERGED, by=by, after=name)
    return merge


@transaction.atomic
def unmerge_contacts(merge: ContactMerge, *, by: Membership) -> Contact:
    """Give a merged contact back exactly what it had, and return it.

    Mail that came since goes with the address it came from; whatever else came since stays with the survivor. Undoing
    twice changes nothing. A later merge of the survivor has to be undone first.
    """
    serialize_filing(merge.organization_id)
    merge.lock()
    contact, into = merge.merged, merge.survivor
    if merge.undone_at is not None:
        return contact
    _hold(contact, into)
    if into.merged_into_id:
        raise ActionRefused(_("This contact was merged again since. Undo that merge first."))
    moved = merge.moved
    contact.merged_into = None
    contact.save(update_fields=["merged_into"])
    for what, (model, column) in MOVED.items():
        rows = model._default_manager.filter(**{column: into, "pk__in": moved[what]})
        rows.update(**{column: contact})
    contact.addresses.filter(pk__in=moved["blocked"]).update(blocked_at=None)
    if contact.addresses.filter(pk__in=moved["primary"]).exists():
        contact.addresses.filter(is_primary=True).update(is_primary=False)  # chosen since, as one of the survivor's
        contact.addresses.filter(pk__in=moved["primary"]).update(is_primary=True)
    _give_newer(merge, contact, into)
    _give_up(into, contact, moved["survivor"])
    recode([into, contact])
    keep_tickets_of([into.pk, contact.pk])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    record_change(into, Verb.UNMERGED, by=by, after=name_of(contact, addresses_of(contact)))
    return contact


def _hold(*contacts: Contact) -> None:
    for one in sorted(contacts, key=lambda held: held.pk):  # in one order: two at once do not block one another
        one.lock()


def _ids(rows: QuerySet[Any]) -> list[str]:
    return [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]


def _keep_blocked(contact: Contact, into: Contact) -> list[str]:
    """Block the addresses of a blocked contact by themselves, where the survivor is not blocked as a whole."""
    if contact.blocked_at is None or into.blocked_at is not None:
        return []
    rows = contact.addresses.filter(blocked_at=None)
    ids = _ids(rows)
    rows.update(blocked_at=contact.blocked_at)
    return ids


def _fill(into: Contact, contact: Contact) -> None:
    """Take from the other what the survivor has not."""
    if not into.name and contact.name:
        into.name, into.is_name_chosen = contact.name, contact.is_name_chosen
    if into.company_id is None and not into.is_company_chosen:
        into.company_id, into.is_company_chosen = contact.company_id, contact.is_company_chosen
    into.fields = {**(contact.fields or {}), **(into.fields or {})} or None
    into.save(update_fields=["name", "is_name_chosen", "company", "is_company_chosen", "fields"])


def _give_newer(merge: ContactMerge, contact: Contact, into: Contact) -> None:
    """Move the mails since the merge that came from an address of the contact, and the tickets they opened."""
    own = {bytes(digest) for digest in contact.addresses.values_list("digest", flat=True)}
    newer = Message.objects.filter(sender=into, pk__gt=merge.pk).only("organization_id", "mailbox_id", "headers")
    theirs = [message.pk for message in newer.iterator(chunk_size=200) if _writer(message) in own]
    Message.objects.filter(pk__in=theirs).update(sender=contact)
    first = Message.objects.filter(ticket=OuterRef("pk"), sender__isnull=False).order_by("at", "pk").values("sender")
    opened = Ticket.objects.filter(contact=into, pk__gt=merge.pk).annotate(opener=Subquery(first[:1]))
    tickets = list(opened.filter(opener=contact.pk).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=tickets).update(contact=contact)


def _writer(message: Message) -> bytes:
    """Return the digest of who stands in From; nothing where that cannot be read any more."""
    try:
        people = message.people("from")
    except SealingError:
        return b""
    return address_digest(message.organization_id, people[0][1]) if people else b""


def _give_up(into: Contact, contact: Contact, before: dict[str, Any]) -> None:
    """Take from the survivor what it has from the other, unless a person changed it since."""
    if into.name == contact.name and into.name != before["name"]:
        into.name, into.is_name_chosen = before["name"], before["is_name_chosen"]
    company = UUID(before["company"]) if before["company"] else None
    if into.company_id == contact.company_id and into.company_id != company:
        into.company_id, into.is_company_chosen = company, before["is_company_chosen"]
    theirs, own = contact.fields or {}, before.get("fields") or {}
    kept = {key: value for key, value in (into.fields or {}).items() if key in own or value != theirs.get(key)}
    into.fields = kept or None
    into.save(update_fields=["name", "is_name_chosen", "company", "is_company_chosen", "fields"])
