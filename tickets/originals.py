"""A mail as it came, made readable without being trusted: its headers decoded, its bytes as text."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from mailbox.models import InboundEmail, OutboundEmail
from tickets.mail.headers import read_headers
from tickets.mail.limits import Notes
from tickets.mail.model import Address
from tickets.mail.parser import headers_only
from tickets.visible import named, reveal

SHOWN = 256 * 1024  # bytes of an original on a page; all of it is in the download
HEADERS_SHOWN = 300
VALUE_SHOWN = 2000  # characters of one header
PEEKED = 64 * 1024  # bytes that are read to say who wrote


@dataclass(frozen=True)
class Excerpt:
    """The beginning of an original: what its headers say, and what it looks like."""

    headers: list[tuple[SafeString, SafeString]]
    text: str
    is_cut: bool


def excerpt_of(email: InboundEmail | OutboundEmail) -> Excerpt:
    """Return the first quarter of a megabyte of an original; FileNotFoundError where it is gone."""
    raw = beginning_of(email, SHOWN)
    headers, _body = read_headers(raw, 0, len(raw), Notes(), root=True)
    shown = [(reveal(name), reveal(_short(value))) for name, value in headers.decoded()[:HEADERS_SHOWN]]
    return Excerpt(shown, text_of(raw), is_cut=email.size > len(raw))


def beginning_of(email: InboundEmail | OutboundEmail, size: int) -> bytes:
    """Return at most that many bytes; of a large original no more than its first piece is opened."""
    return next(chunks_of(email), b"")[:size]


def chunks_of(email: InboundEmail | OutboundEmail) -> Iterator[bytes]:
    """Yield an original in pieces, one at a time in memory."""
    return iter([email.raw_inline]) if email.raw_inline is not None else email.raw_file.read()


def text_of(raw: bytes) -> str:
    """Return bytes as text that can be read: what is no UTF-8 as numbers, what hides or turns by its name."""
    text = raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return named(text.removesuffix("\r").replace("\r", "[U+000D]"))


def peek(email: InboundEmail) -> tuple[Address | None, str]:
    """Return who wrote and about what, from the headers alone, for a mail that became no message."""
    mail = headers_only(beginning_of(email, PEEKED), Notes())
    return mail.from_, mail.subject


def _short(value: str) -> str:
    return value if len(value) <= VALUE_SHOWN else f"{value[:VALUE_SHOWN]}…"
