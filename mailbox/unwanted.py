"""Mail that was erased here and is still at the provider: known before it is stored, and left where it is."""

import contextlib
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from accounts.sealing.digests import fold_address
from accounts.suppression import Mark, is_anything_suppressed, suppressed_among
from mailbox.models import Mailbox
from mailbox.providers.base import FetchedEmail

AUTHORS = ("From", "Sender", "Reply-To")
RECIPIENTS = ("To", "Cc", "Bcc")
HEAD = 256 * 1024  # bytes in which the headers are looked for


def unwanted(mailbox: Mailbox, batch: Sequence[FetchedEmail]) -> set[str]:
    """Return the provider ids of the mails that are not stored; asked in the organization's scope, at storing."""
    if not batch or not is_anything_suppressed():
        return set()
    ours = {fold_address(address) for address in mailbox.addresses}
    marks = [mark_of(mail, ours) for mail in batch]
    return suppressed_among(mailbox.organization_id, bytes(mailbox.address_digest), marks)


def mark_of(mail: FetchedEmail, ours: set[str]) -> Mark:
    """Return what one mail is known by: its ids, and whose it is. A mail of our own is its recipients'."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(mail.raw[:HEAD])
    message_id = str(headers.get("Message-ID", "") or "").strip()
    authors = set(_addresses(headers, AUTHORS))
    people = authors - ours
    if authors & ours:
        people |= set(_addresses(headers, RECIPIENTS)) - ours
    return Mark(mail.provider_id, mail.received_at, message_id, people)


def named_in(raw: bytes) -> set[str]:
    """Return the addresses in the headers of a mail that was not read otherwise."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEAD])
    return set(_addresses(headers, AUTHORS + RECIPIENTS))


def _addresses(headers: object, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        for value in headers.get_all(name, []):  # type: ignore[attr-defined]
            with contextlib.suppress(MessageError, ValueError):  # what nobody can read names nobody
                yield from (fold_address(address) for _name, address in getaddresses([str(value)]) if "@" in address)
