"""Understanding mail: raw bytes in, plain values out. No database, and nothing raises on any input."""

from tickets.mail.classify import classify
from tickets.mail.guarded import parse
from tickets.mail.model import Address, Attachment, BounceInfo, Classification, ParsedMail

__all__ = ["Address", "Attachment", "BounceInfo", "Classification", "ParsedMail", "classify", "parse"]
