"""The signing key: Ed25519, derived from the root key, so that there is no second secret to lose (docs/adr/0017).

A new root key brings a new signing key. The public ones are kept for good and published, each vouched for by the one
before it, so that what an old key signed stays verifiable.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from accounts.sealing.keys import Key, root_keys

ALGORITHM = "Ed25519"
_LABEL = "certificates"
_VOUCHES = b"deskhero certificate key\n"  # no certificate begins so: a signature for one is none for the other


@dataclass(frozen=True)
class PublicKey:
    """Half a key: enough to verify, and known to everybody."""

    raw: bytes

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the key from its base64; ValueError where that is none."""
        raw = base64.b64decode(text, validate=True)
        if len(raw) != 32:
            raise ValueError("An Ed25519 public key has 32 bytes.")
        return cls(raw)

    @property
    def text(self) -> str:
        """Return the key in base64."""
        return base64.b64encode(self.raw).decode()

    @property
    def fingerprint(self) -> str:
        """Return the short name by which people compare and pin keys: 128 bits of its SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:32]

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Return whether the owner of the key signed exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def vouches_for(self, other: "PublicKey", signature: bytes) -> bool:
        """Return whether the owner of this key introduced the other."""
        return self.verifies(signature, _VOUCHES + other.raw)


class SigningKey:
    """The key that signs certificates; it never leaves the process and has no text form."""

    def __init__(self, root: Key) -> None:
        """Derive it from a root key: the same root key gives the same signing key on every machine."""
        self._private = Ed25519PrivateKey.from_private_bytes(root.subkey(_LABEL))
        self.public = PublicKey(self._private.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._private.sign(data)

    def vouch_for(self, other: PublicKey) -> bytes:
        """Return the signature with which this key introduces its successor."""
        return self._private.sign(_VOUCHES + other.raw)


def signing_keys() -> list[SigningKey]:
    """Return the key that signs now, and while the root key rotates the one before it."""
    return [SigningKey(root) for root in root_keys()]
