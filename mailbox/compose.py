"""Composing: an answer as the bytes that leave, safe whatever people typed."""

import re
from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID

from django.utils import timezone

from accounts.errors import ActionRefused
from mailbox.addresses import CannotBeSentTo, host_of, one_line, sendable
from mailbox.bodies import Body
from mailbox.headers import OUTGOING, attached_as
from mailbox.message_ids import make_message_id
from mailbox.models import Mailbox

MARKER_HEADER = "X-Deskhero-Marker"
# Says in every dialect that a program wrote this and wants no answer: RFC 3834; Exchange, which takes Auto-Submitted
# out of what it sends; other helpdesks, so that it opens no ticket again; programs that look at Precedence alone.
AUTOMATIC = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "X-Autoreply": "yes",
    "Precedence": "bulk",
}
MAX_ID = 400
MAX_NAME, MAX_SUBJECT, MAX_FILE_NAME = 200, 900, 150  # characters
_BODY = OUTGOING.clone(max_line_length=76)  # lines of a body (RFC 2045, 6.7)
_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")  # printable ASCII without < and >
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")

Person = tuple[str, str]
File = tuple[str, str, bytes]
Picture = tuple[str, str, str, bytes]  # its Content-ID, and what a file is


def compose(
    *,
    email_id: UUID,
    mailbox: Mailbox,
    sender_name: str,
    to: Sequence[Person],
    subject: str,
    body: Body,
    cc: Sequence[Person] = (),
    bcc: Sequence[Person] = (),
    sender_address: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    attachments: Sequence[File] = (),
    pictures: Sequence[Picture] = (),
    automatic: bool = False,
) -> bytes:
    """Return the mail (RFC 5322, CRLF, 7-bit) that carries this OutboundEmail's Message-ID and marker.

    Nothing typed can add a header or a recipient: line ends, control characters and separators become blanks in names,
    subjects and file names; an address that has one is refused. The provider takes Bcc out before others get the mail.
    """
    mail = EmailMessage(policy=_BODY)
    mail["From"] = _address(sender_name, sender_address or mailbox.address)
    for header, people in {"To": to, "Cc": cc, "Bcc": bcc}.items():
        if people:
            mail[header] = [_address(name, address) for name, address in people]
    mail["Subject"] = one_line(subject)[:MAX_SUBJECT].rstrip()
    mail["Date"] = timezone.localtime()
    mail["Message-ID"] = own_message_id(mailbox, email_id)
    if answered := _ids([in_reply_to]):
        mail["In-Reply-To"] = answered[0]
    if chain := _ids(references):
        mail["References"] = " ".join(chain)
    mail[MARKER_HEADER] = email_id.hex
    for header, value in AUTOMATIC.items() if automatic else ():
        mail[header] = value
    mail.set_content(body.as_text(), charset="utf-8", cte="quoted-printable")
    mail.add_alternative(body.as_html(), subtype="html", charset="utf-8", cte="quoted-printable")
    _add_pictures(mail, pictures)
    for name, content_type, content in attachments:
        maintype, subtype = _type(content_type)
        mail.add_attachment(content, maintype=maintype, subtype=subtype)
        part = list(mail.iter_parts())[-1]
        part.replace_header("Content-Disposition", attached_as(file_name(name)))
    return mail.as_bytes(policy=OUTGOING)


def _add_pictures(mail: EmailMessage, pictures: Sequence[Picture]) -> None:
    """Lay the pictures of the text beside its HTML, where every mail program looks for them (RFC 2387)."""
    html = list(mail.iter_parts())[-1]
    for content_id, name, content_type, content in pictures:
        maintype, subtype = _type(content_type)
        html.add_related(content, maintype=maintype, subtype=subtype, cid=f"<{content_id}>", disposition="inline")
        part = list(html.iter_parts())[-1]
        part.replace_header("Content-Disposition", attached_as(file_name(name)).replace("attachment", "inline", 1))


def own_message_id(mailbox: Mailbox, email_id: UUID) -> str:
    """Return the Message-ID that compose() gives a mail of this id, with brackets."""
    return make_message_id(mailbox.organization_id, email_id, host_of(mailbox.address))


def file_name(name: str) -> str:
    """Return the name a file leaves with: on one line, never empty, its ending kept where it is cut.

    Nothing in it looks like an encoded word, which many programs would decode although they should not.
    """
    name = one_line(name).replace("=?", "=_") or "file"
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_FILE_NAME and stem and len(ending) < 12:
        return f"{stem[: MAX_FILE_NAME - len(ending) - 1].strip()}{dot}{ending}"
    return name[:MAX_FILE_NAME].strip()


def _address(name: str, address: str) -> Address:
    try:
        local, _, domain = sendable(address).rpartition("@")
        return Address(one_line(name)[:MAX_NAME].strip(), local, domain)
    except CannotBeSentTo as reason:
        raise ActionRefused(str(reason)) from None


def _ids(named: Iterable[str]) -> list[str]:
    """Ids in angle brackets, once each; what a header cannot carry as it is, is left out."""
    bare = [one.strip().strip("<>") for one in named]
    fit = [one for one in bare if len(one) <= MAX_ID and _ID.fullmatch(one) and "=?" not in one]
    return [f"<{one}>" for one in dict.fromkeys(fit)]


def _type(content_type: str) -> tuple[str, str]:
    plain = content_type.partition(";")[0].strip().lower()
    if not _TYPE.fullmatch(plain) or plain.startswith(("multipart/", "message/")):
        plain = "application/octet-stream"  # a mail as a file: base64 is not allowed under message/ (RFC 2046, 5.2.1)
    maintype, _, subtype = plain.partition("/")
    return maintype, subtype
