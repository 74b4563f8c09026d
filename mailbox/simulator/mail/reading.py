"""Read enough of a mail to list it; whatever it holds, reading does not fail."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

MESSAGE_ID = re.compile(r"<[^<>\s]+>")
READ_WHOLE_BELOW = 1_000_000


@dataclass
class Summary:
    """What the lists show of a mail."""

    message_id: str = ""
    references: list[str] = field(default_factory=list)
    subject: str = ""
    sender: tuple[str, str] = ("", "")
    recipients: dict[str, list[list[str]]] = field(default_factory=dict)
    date: datetime | None = None
    snippet: str = ""
    has_attachments: bool = False

    def recipient_addresses(self, *kinds: str) -> list[str]:
        """The addresses of these header kinds, once each, in lower case."""
        wanted = kinds or ("to", "cc", "bcc")
        return list(dict.fromkeys(pair[1].lower() for kind in wanted for pair in self.recipients.get(kind, [])))


def parse(raw: bytes) -> Message:
    """The mail as a tree of parts, by the lenient rules."""
    return message_from_bytes(raw, policy=policy.compat32)


def decoded(text: object) -> str:
    """A header's text with its encoded words read, as well as they can be."""
    source = str(text or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    source = re.sub(r"\r?\n[ \t]*", " ", source)
    try:
        pieces = decode_header(source)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in pieces
        ).strip()
    except (LookupError, ValueError):
        return source.strip()


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Name and address of everybody in a header; what is no address is left out."""
    values = [re.sub(r"\r?\n[ \t]*", " ", str(value)) for value in message.get_all(name, [])]
    return [(decoded(person), address) for person, address in getaddresses(values) if "@" in address]


def summarize(raw: bytes) -> Summary:
    """What a list shows of this mail; large mails are read by their headers only."""
    whole = len(raw) < READ_WHOLE_BELOW
    message = parse(raw) if whole else BytesParser(policy=policy.compat32).parsebytes(raw[:200_000], headersonly=True)
    summary = Summary()
    ids = MESSAGE_ID.findall(str(message.get("Message-ID", "")))
    summary.message_id = ids[0] if ids else ""
    earlier = MESSAGE_ID.findall(str(message.get("References", ""))) + MESSAGE_ID.findall(
        str(message.get("In-Reply-To", ""))
    )
    summary.references = list(dict.fromkeys(earlier))
    summary.subject = decoded(message.get("Subject"))
    senders = addresses(message, "From")
    summary.sender = senders[0] if senders else ("", "")
    summary.recipients = {kind: [list(pair) for pair in addresses(message, kind)] for kind in ("to", "cc", "bcc")}
    summary.date = date_of(message)
    if whole:
        summary.snippet = " ".join(text_of(message).split())[:160]
        summary.has_attachments = any(is_attachment(part) for part in leaves(message))
    else:
        summary.has_attachments = True
    return summary


def date_of(message: Message) -> datetime | None:
    """The Date header as an aware moment, or None."""
    try:
        date = parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def leaves(message: Message) -> list[Message]:
    """The parts that hold content, in order; an attached mail counts as one part."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        return [message]
    return [leaf for part in message.get_payload() if isinstance(part, Message) for leaf in leaves(part)]


def is_attachment(part: Message) -> bool:
    """Whether a part is a file rather than the text of the mail."""
    if part.get_content_type() in ("text/plain", "text/html"):
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return True


def content_of(part: Message) -> bytes:
    """The bytes of a part with its transfer encoding undone."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, Message) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def string_of(part: Message) -> str:
    """The text of a text part in whatever charset it claims."""
    content = content_of(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def body_of(message: Message, kind: str) -> str | None:
    """The first text/plain or text/html part that is not a file."""
    for part in leaves(message):
        if part.get_content_type() == f"text/{kind}" and not is_attachment(part):
            return string_of(part)
    return None


def text_of(message: Message) -> str:
    """The mail as plain text, from its HTML when it has no other."""
    plain = body_of(message, "plain")
    return plain if plain is not None else as_text(body_of(message, "html") or "")


def as_text(html: str) -> str:
    """HTML as readable text: good enough for a preview and for a quotation."""
    html = re.sub(r"(?is)<(script|style|head|title)\b.*?</\1\s*>", "", html)
    html = re.sub(r"(?i)<br\s*/?>|</(p|div|tr|li|h\d|blockquote)>", "\n", html)
    return re.sub(r"\n{3,}", "\n\n", unescape(re.sub(r"<[^>]*>", "", html))).strip()


def filename_of(part: Message, number: int) -> str:
    """The name a part gives itself, made safe for a download."""
    name = decoded(part.get_filename() or "")
    name = re.sub(r'[\x00-\x1f/\\"]+', "_", name).strip(". ")
    extension = {"message/rfc822": ".eml", "image/png": ".png", "image/jpeg": ".jpg"}.get(part.get_content_type(), "")
    return name or f"part-{number}{extension}"


def editable(raw: bytes) -> EmailMessage:
    """The mail as an EmailMessage, to add a file to a draft or change its text."""
    return message_from_bytes(raw, policy=policy.SMTP)
