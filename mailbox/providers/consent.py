"""The way through a provider's consent page, as both providers have it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Consent:
    """Where the admin agrees, and what must be kept, sealed, until the way back."""

    url: str
    kept: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted: the credentials to keep, and the provider's names of the permissions."""

    credentials: dict[str, Any]
    scopes: list[str]
