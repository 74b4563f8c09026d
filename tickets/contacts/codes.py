"""Keyed codes: a contact is found by the beginning of a word in its name or addresses, and nothing of it is readable.

A code stands for the first three letters of a word. What is found by codes is opened, and its words are compared whole.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from accounts.sealing.digests import digest
from tickets.models import Contact, ContactAddress, ContactCode

LETTERS = 3
SIZE = 8
MAX_WORDS = 16  # of one contact
_WORD = re.compile(r"[^\W_]+")
_IDEOGRAPH = "\u2e80"  # from here on one character says what three letters do


def words_of(name: str, addresses: Iterable[str]) -> list[str]:
    """Return the words a contact is found by: of its name, and of its addresses but their last label."""
    texts = [name]
    for address in addresses:
        local, _at, domain = address.rpartition("@")
        texts += [local, domain.rpartition(".")[0] or domain]
    return list(dict.fromkeys(word for text in texts for word in plain_words(text)))[:MAX_WORDS]


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case, width and accents."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(letter for letter in spread if not unicodedata.combining(letter)))


def code_of(organization_id: UUID, word: str) -> bytes:
    """Return the code of a word: of its first letters."""
    first = word[:1] if word[:1] >= _IDEOGRAPH else word[:LETTERS]
    return digest(organization_id, "contact prefix", first)[:SIZE]


def new_codes(contact: Contact, addresses: Iterable[str]) -> list[ContactCode]:
    """Return the codes of a contact that has none yet, not saved."""
    organization_id = contact.organization_id
    codes = {code_of(organization_id, word) for word in words_of(contact.name, addresses)}
    return [ContactCode(organization_id=organization_id, contact_id=contact.pk, code=code) for code in sorted(codes)]


def recode(contacts: Collection[Contact]) -> None:
    """Bring the codes of these contacts in line with their names and addresses."""
    pks = [contact.pk for contact in contacts]
    addresses: dict[UUID, list[str]] = {pk: [] for pk in pks}
    for one in ContactAddress.objects.filter(contact__in=pks).order_by("pk"):
        addresses[one.contact_id].append(one.address)
    ContactCode.objects.filter(contact__in=pks).delete()
    ContactCode.objects.bulk_create(code for one in contacts for code in new_codes(one, addresses[one.pk]))


def code_added(contacts: Mapping[Contact, str]) -> None:
    """Add what one more text, a name or an address, lets these contacts be found by; what is there stays."""
    new = [
        ContactCode(organization_id=one.organization_id, contact=one, code=code_of(one.organization_id, word))
        for one, text in contacts.items()
        for word in (words_of("", [text]) if "@" in text else words_of(text, []))
    ]
    ContactCode.objects.bulk_create(new, ignore_conflicts=True)
