"""Identifiers: UUID version 7, made before a row is saved, sorted by time."""

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562, section 5.7); ids of one process sort by the moment they were made.

    The twelve bits behind the milliseconds hold their fraction (method 3 of section 6.2), the rest is random.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    value = milliseconds << 80
    value |= 0x7 << 76
    value |= (nanoseconds * 4096 // 1_000_000) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)


def id_or_none(text: str) -> uuid.UUID | None:
    """Return the id that a text from outside is; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
