"""Canonical JSON: one way to write a value down, so that a signature over it holds wherever it is written again.

It is RFC 8785 for what certificates are made of: objects with ASCII names, lists, strings, whole numbers, true, false
and null. Fractions are refused, because two programs may write the same one differently.
"""

import hashlib
import json
from typing import Any

LARGEST = 2**53 - 1  # whole numbers that every JSON reader keeps exact


class NotCanonical(ValueError):
    """A value that has no canonical form here."""


def canonical(value: Any) -> bytes:
    """Return the bytes that are signed; the same value gives the same bytes, in whatever order it was built."""
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half of a character.") from None


def digest(data: bytes) -> str:
    """Return SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read(data: bytes | str) -> Any:
    """Return the value of a JSON text; NotCanonical where a name stands twice, since readers would differ on it."""
    try:
        return json.loads(data, object_pairs_hook=_without_doubles)
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise NotCanonical(f"This is not JSON: {type(error).__name__}.") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("A name stands twice in one object.")
    return found


def _check(value: Any) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical("A number is too large to be read alike everywhere.")
    elif isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if not (isinstance(name, str) and name.isascii()):
                raise NotCanonical("Names are ASCII.")
            _check(one)
    else:
        raise NotCanonical(f"{type(value).__name__} has no canonical form.")
