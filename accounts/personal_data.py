"""PersonalData: what a model says about itself, so that nothing about a person is kept without a word on it.

Sealed fields need no word: their key says whose they are. Numbers, times, flags, ids, references and columns with a
fixed list of choices need none either. Every other column is readable text, and gives its reason here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class About(StrEnum):
    """Who the people are."""

    CONTACTS = "contacts"  # the people outside who write
    MEMBERS = "members"  # the people of a customer company
    BOTH = "contacts and members"
    NOBODY = "nobody"


# Reasons that several columns share.
KEYED = "keyed digest: found by exact match, says nothing without the organization's key"
HASHED = "SHA-256 of random bits that only a mail or a browser holds"
PROVIDER_ID = "the provider's own opaque id, needed to find the mail there"
PROVIDER_CODE = "one word of the provider's about a failure, never its sentence"


@dataclass(frozen=True)
class PersonalData:
    """Whom a model is about, why each readable column is not sealed, and which key seals its files."""

    about: About
    plain: Mapping[str, str] = field(default_factory=dict)  # column -> reason
    files: Mapping[str, str] = field(default_factory=dict)  # property that returns a SealedFile -> key
