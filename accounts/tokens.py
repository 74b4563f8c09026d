"""Tokens of links: random, in the mail only; the database knows their hash."""

import hashlib
import secrets


def new_token() -> tuple[str, bytes]:
    """Return a token of 256 bits for a link, and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> bytes:
    """Return what the database stores of a token."""
    return hashlib.sha256(token.encode()).digest()
