"""The same mail, whichever way it came: trace headers, line ends and encodings differ, what it says does not."""

import hashlib
from uuid import UUID

from accounts.sealing.digests import digest, fold_address
from tickets.mail import ParsedMail


def content_digest(organization_id: UUID, mail: ParsedMail) -> bytes | None:
    """Return a keyed digest of sender, date, subject, text and files; None where that could not tell two mails apart.

    Without a Message-ID the date must do: two people may send the same words, not in the same second from one address.
    """
    if not mail.message_id and mail.date is None:
        return None
    parts = hashlib.sha256()
    for part in (
        fold_address(mail.from_.email) if mail.from_ else "",
        str(int(mail.date.timestamp())) if mail.date else "",
        " ".join(mail.subject.split()),
        " ".join(mail.text.split()),
        *(hashlib.sha256(attachment.content).hexdigest() for attachment in mail.attachments),
    ):
        parts.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest(organization_id, "content", parts.hexdigest())
