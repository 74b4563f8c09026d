"""Message-IDs of ours: unique, and provably ours when they come back."""

import base64
import hmac
import re
from uuid import UUID

from accounts.sealing.digests import digest

_OURS = re.compile(r"([a-z2-7]{26})\.([a-z2-7]{16})@[^\s<>@]+")
_PROOF_SIZE = 10  # bytes: nobody can try 2**80 mails, and a short id survives programs that fold long lines


def make_message_id(organization_id: UUID, email_id: UUID, domain: str) -> str:
    """Return the Message-ID of an OutboundEmail, with brackets: its id and a keyed part nobody else can make."""
    return f"<{_text(email_id.bytes)}.{_proof(organization_id, email_id)}@{domain}>"


def email_id_of(organization_id: UUID, message_id: str) -> UUID | None:
    """Return whose Message-ID this is if the keyed part holds for this organization, else None."""
    match = _OURS.fullmatch(message_id.strip().strip("<>").strip().lower())
    if match is None:
        return None
    email_id = UUID(bytes=base64.b32decode(match[1].upper() + "======"))
    return email_id if hmac.compare_digest(match[2], _proof(organization_id, email_id)) else None


def _proof(organization_id: UUID, email_id: UUID) -> str:
    return _text(digest(organization_id, "reply-token", email_id.hex)[:_PROOF_SIZE])


def _text(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()
