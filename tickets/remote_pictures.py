"""Remote pictures shown once, through us: who may have which one fetched, sealed into its address.

The frame of a mail has no origin, so a browser sends no session with what it loads. The address of a picture carries
the permission instead: made when a member asks for the pictures of one mail, sealed with that mailbox's key, good for a
few minutes and for this one picture. Nobody can make one for another address, and none says what it leads to.
"""

import os
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.signing import BadSignature, TimestampSigner

from accounts.egress import EgressRefused, Limits, fetch
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys
from tickets.paper import picture_type

MOST = 100  # pictures of one mail
LIMITS = Limits(size=5 * 1024 * 1024, seconds=10.0, redirects=3)
GOOD_FOR = 5 * 60  # seconds of a picture's address
FRAME_WITHIN = 60  # seconds from asking until the frame is loaded; then it is an ordinary one again

_CLEAR = struct.Struct(">16s16sH")  # organization, mailbox, version of its key
_INNER = struct.Struct(">Q16s16s")  # until, member, message
_LABEL = "remote picture"


class NotPermitted(Exception):
    """The address of a picture is forged, altered, over, or its key is gone."""


@dataclass(frozen=True)
class RemotePicture:
    """One remote picture of one mail, and the member who asked for it."""

    organization_id: UUID
    mailbox_id: UUID
    message_id: UUID
    member_id: UUID
    url: str = field(repr=False)

    def token(self) -> str:
        """Return the sealed address; it differs every time and tells nothing but two ids."""
        key = keys.current(Kind.MAILBOX, self.mailbox_id)
        clear = _CLEAR.pack(self.organization_id.bytes, self.mailbox_id.bytes, key.version)
        inner = _INNER.pack(int(time.time()) + GOOD_FOR, self.member_id.bytes, self.message_id.bytes)
        nonce = os.urandom(12)
        sealed = key.cipher(_LABEL).encrypt(nonce, inner + self.url.encode(), clear)
        return _written(clear + nonce + sealed)

    @classmethod
    def of(cls, token: str) -> "RemotePicture":
        """Return what a token permits; NotPermitted where it permits nothing (any more)."""
        try:
            data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            if _written(data) != token:  # the last letter has bits that decoding ignores: one address, not several
                raise NotPermitted
            clear, nonce, sealed = data[: _CLEAR.size], data[_CLEAR.size : _CLEAR.size + 12], data[_CLEAR.size + 12 :]
            organization, mailbox, version = _CLEAR.unpack(clear)
            key = keys.version(Kind.MAILBOX, UUID(bytes=mailbox), version)
            opened = key.cipher(_LABEL).decrypt(nonce, sealed, clear)
        except (InvalidTag, NotBase64, SealingError, ValueError, struct.error):
            raise NotPermitted from None
        until, member, message = _INNER.unpack_from(opened)
        if until < time.time():
            raise NotPermitted
        url = opened[_INNER.size :].decode()
        return cls(UUID(bytes=organization), UUID(bytes=mailbox), UUID(bytes=message), UUID(bytes=member), url)


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def permit(message_id: UUID, member_id: UUID) -> str:
    """Return what the frame of a mail carries to be shown with its remote pictures: for this member, for a minute."""
    return _signer().sign(f"{message_id.hex}.{member_id.hex}")


def is_permitted(permission: str, message_id: UUID, member_id: UUID) -> bool:
    """Return whether this member has just asked for the pictures of this mail."""
    try:
        return _signer().unsign(permission, max_age=FRAME_WITHIN) == f"{message_id.hex}.{member_id.hex}"
    except BadSignature:
        return False


def load(picture: RemotePicture) -> tuple[str, bytes]:
    """Fetch a picture and return its type, by its bytes, with its content; EgressRefused for everything else."""
    answer = fetch(picture.url, LIMITS, accept="image/webp,image/png,image/jpeg,image/gif")
    if answer.status != 200:
        raise EgressRefused(f"status {answer.status}")
    kind = picture_type(answer.content)
    if kind is None:
        raise EgressRefused("no picture")
    return kind, answer.content


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="tickets.remote_pictures")
