"""Keyed digests: find an address or a Message-ID without storing it."""

import hmac
import unicodedata
from uuid import UUID

from accounts.sealing.keys import Kind, keys

SIZE = 16


def digest(organization_id: UUID, kind: str, text: str) -> bytes:
    """Return 16 bytes that stand for this text within this organization; equal texts give equal bytes.

    `kind` ("address", "message-id", ...) keeps uses apart: the same text as two kinds gives two digests.
    """
    key = keys.current(Kind.DIGEST, organization_id).subkey(kind)
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:SIZE]


def address_digest(organization_id: UUID, address: str) -> bytes:
    """Return the digest of an e-mail address, whatever its case, width and surrounding blanks."""
    return digest(organization_id, "address", fold_address(address))


def message_id_digest(organization_id: UUID, message_id: str) -> bytes:
    """Return the digest of a Message-ID, without its angle brackets; ids are case-sensitive (RFC 5322, 3.6.4)."""
    return digest(organization_id, "message-id", message_id.strip().strip("<>").strip())


def fold_address(address: str) -> str:
    """Return the form in which two spellings of an address are the same."""
    if address.isascii():  # almost all of them: then nothing is left to normalize
        return address.strip().lower()
    return unicodedata.normalize("NFKC", address).strip().casefold()


def name_digest(organization_id: UUID, kind: str, name: str) -> bytes:
    """Return the digest of a name people gave ("team", "tag"), whatever its case, width and blanks."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return digest(organization_id, f"{kind} name", folded)
