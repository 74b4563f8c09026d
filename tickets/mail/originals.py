"""The mail a report is about: its Message-ID, and to whom it went."""

import re
from collections.abc import Iterator

from tickets.mail.addresses import parse_addresses
from tickets.mail.identifiers import message_ids
from tickets.mail.model import ParsedMail
from tickets.mail.signs import Signs

_LOOKED_AT = 60_000  # bytes of a copy; its headers stand at its beginning
_ID = re.compile(
    r"^[ \t>]{0,4}(?:X-)?(?:CM-|MS-)?(?:Original-)?Message-ID:[ \t]{0,4}(?:\n[ \t>]{1,4})?([^\s]{1,500})",
    re.IGNORECASE | re.MULTILINE,
)
_TO = re.compile(r"^[ \t>]{0,4}To:([^\n]{0,1000}(?:\n[ \t][^\n]{1,1000}){0,20})", re.IGNORECASE | re.MULTILINE)
_COPIES = ("message/", "text/rfc822", "text/plain")
_NAMED_BY_HEADER = (
    "x-original-message-id", "x-cm-original-message-id", "original-message-id", "x-ms-exchange-parent-message-id",
)  # fmt: skip


def original_message_id(signs: Signs) -> str:
    """Return the Message-ID of the mail a report is about: from the copy it carries, else from what it refers to."""
    mail = signs.mail
    for text in copies(mail):
        if (found := _ID.search(text)) and (ids := message_ids(found[1])):
            return ids[0]
    for name in _NAMED_BY_HEADER:
        if ids := message_ids(signs.first(name)):
            return ids[0]
    if (found := _ID.search(mail.text[:_LOOKED_AT])) and (ids := message_ids(found[1])):
        return ids[0]
    return mail.in_reply_to or (mail.references[-1] if mail.references else "")


def original_recipients(mail: ParsedMail, *texts: str) -> list[str]:
    """Return whom the returned mail was addressed to, when its copy names just one."""
    for text in [*copies(mail), *texts]:
        found = _TO.search(text[:20_000])
        people = parse_addresses(" ".join(found[1].split())) if found else []
        if len(people) == 1:
            return [people[0].email.lower()]
    return []


def copies(mail: ParsedMail) -> Iterator[str]:
    """Yield the beginnings of the parts that may be a copy of another mail, or its headers."""
    for part in mail.attachments[:20]:
        if part.content_type.startswith(_COPIES) or part.name.lower().endswith((".eml", ".txt", ".hdr")):
            yield plain(part.content)


def plain(content: bytes) -> str:
    """Return the beginning of a part as text, with one kind of line end."""
    return content[:_LOOKED_AT].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
