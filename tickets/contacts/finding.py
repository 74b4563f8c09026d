"""Finding contacts: a page of all, newest first, or of those that an address, a domain or beginnings of words name."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership
from accounts.sealing.digests import address_digest
from tickets.contacts.access import contacts_for
from tickets.contacts.codes import code_of, plain_words, words_of
from tickets.contacts.domains import domain_digest
from tickets.models import Contact, ContactAddress, ContactCode

PAGE = 50
OPENED = 2000  # contacts looked at for one page: beyond it the page says that there may be more
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ADDRESSES = Prefetch("addresses", ContactAddress.objects.order_by("-is_primary", "pk"))


def page_of(me: Membership, wanted: str, before: UUID | None, count: int = PAGE) -> list[Contact]:
    """Return the next contacts the member may see, one more than a page where there are more.

    `wanted` may be a whole address, @domain, or words: then each of them begins a word of the name or an address.
    """
    found = contacts_for(me).select_related("company").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    wanted = wanted.strip()
    if not wanted:
        return with_addresses(found[: count + 1])
    if _ADDRESS.fullmatch(wanted):
        digest = address_digest(me.organization_id, wanted)
        return with_addresses(found.filter(addresses__digest=digest)[: count + 1])
    if wanted.startswith("@") and " " not in wanted:
        same = ContactAddress.objects.filter(domain_digest=domain_digest(me.organization_id, wanted[1:]))
        return with_addresses(found.filter(pk__in=same.values("contact"))[: count + 1])
    return _by_words(found, me.organization_id, _asked(wanted), count)


def contact_at(me: Membership, address: str) -> Contact | None:
    """Return the contact that has this address, if the member may see it."""
    return contacts_for(me).filter(addresses__digest=address_digest(me.organization_id, address)).first()


def with_addresses(contacts: QuerySet[Contact]) -> list[Contact]:
    """Return contacts with their addresses, the main one first; two statements."""
    return list(contacts.prefetch_related(_ADDRESSES))


def addresses_of(contact: Contact) -> list[ContactAddress]:
    """Return the addresses of a contact, the main one first."""
    return list(contact.addresses.order_by("-is_primary", "pk"))


def name_of(contact: Contact, addresses: Iterable[ContactAddress]) -> str:
    """Return what a contact is called: by name, else by the main address; nothing where there is neither."""
    return contact.name or next((one.address for one in addresses), "")


def _asked(wanted: str) -> list[str]:
    """Return the words of a question; a last label of a domain finds nobody and is left out."""
    local, at, domain = wanted.partition("@")
    if at:
        wanted = f"{local} {domain.rpartition('.')[0] or domain}"
    return plain_words(wanted)[:8]


def _by_words(found: QuerySet[Contact], organization_id: UUID, words: list[str], count: int) -> list[Contact]:
    if not words:
        return []
    for word in words:
        codes = ContactCode.objects.filter(code=code_of(organization_id, word))
        found = found.filter(pk__in=codes.values("contact"))
    hits: list[Contact] = []
    last: UUID | None = None
    for _ in range(OPENED // 200):
        batch = with_addresses((found if last is None else found.filter(pk__lt=last))[:200])
        hits += [one for one in batch if _matches(one, words)]
        if len(batch) < 200 or len(hits) > count:
            break
        last = batch[-1].pk
    return hits[: count + 1]


def _matches(contact: Contact, words: list[str]) -> bool:
    own = words_of(contact.name, [one.address for one in contact.addresses.all()])
    return all(any(one.startswith(word) for one in own) for word in words)
