"""The chain over the log: how an event reads, how a hash follows from the one before, what signs a checkpoint."""

import hashlib
import hmac
from uuid import UUID

from accounts.sealing.errors import KeyMissing
from accounts.sealing.keys import Kind, keys, make_key

START = bytes(32)  # the hash before the first
# An event as bytes, the same whatever the settings of a session: nothing in it depends on zone or style.
EVENT_AS_BYTES = """convert_to(concat('1|', e.id, '|', e.organization_id, '|',
    (extract(epoch FROM e.at) * 1000000)::bigint, '|', e.user_id, '|', e.verb, '|', e.page, '|',
    e.purpose, '|', e.grant_id, '|', e.object_id, '|', array_to_string(e.object_ids, ','), '|',
    e.amount, '|', encode(e.ip, 'hex')), 'UTF8')"""
_SIGNER = UUID(int=1)  # whose key of the vault signs: nobody's in particular, and rotated with the root key


def digest_of(event: bytes) -> bytes:
    """Return the digest of an event."""
    return hashlib.sha256(event).digest()


def follows(before: bytes, number: int, event_id: bytes, digest: bytes) -> bytes:
    """Return the hash of a seal that stands after `before`."""
    return hashlib.sha256(before + number.to_bytes(8, "big") + event_id + digest).digest()


def signature_of(kind: str, organization_id: UUID, number: int, head: bytes) -> bytes:
    """Return what only who holds the vault's key can write under a head: of a checkpoint, or of an anchor."""
    try:
        key = keys.current(Kind.DIGEST, _SIGNER)
    except KeyMissing:
        key = make_key(Kind.DIGEST, _SIGNER)
    said = f"{kind}|{organization_id}|{number}|".encode() + head
    return hmac.new(key.subkey("access log"), said, hashlib.sha256).digest()


def is_signed(signature: bytes, kind: str, organization_id: UUID, number: int, head: bytes) -> bool:
    """Return whether a signature is ours."""
    return hmac.compare_digest(signature, signature_of(kind, organization_id, number, head))
