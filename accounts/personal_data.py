"""PersonalData: what a model says about itself, so that nothing about a person is kept without a word on it.

Sealed fields need no word: their key says whose they are. Numbers, times, flags, ids, references and columns with a
fixed list of choices need none either. Every other column is readable text, and gives its reason here. What follows
from references (which mailbox a row came through, which person it names, what deletes it) is read from them by
privacy.records; a model says only what no reference can say.
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


class Origin(StrEnum):
    """Where rows come from, and so with what they end."""

    MAILBOX = "mailbox"  # came through a mailbox, or was written about what did
    ACCOUNT = "account"  # the organization's own, and its people's
    USAGE = "usage"  # what the desk remembers of how people use it
    BILLING = "billing"  # what the law wants kept about a contract
    NONE = "none"  # the program's own, or proof of what it did


class Erased(StrEnum):
    """How rows end."""

    DELETED = "deleted"
    REDACTED = "redacted"  # what names a person is taken out; the row stays
    KEPT = "kept as proof"  # ids, times and counts: names nobody
    NEVER = "never: the same in every installation"


# Reasons that several columns share.
KEYED = "keyed digest: found by exact match, says nothing without the organization's key"
HASHED = "SHA-256 of random bits that only a mail or a browser holds"
PROVIDER_ID = "the provider's own opaque id, needed to find the mail there"
PROVIDER_CODE = "one word of the provider's about a failure, never its sentence"
DERIVED = "is made from what is exported, and says nothing more"
SECRET = "lets whoever has it in"  # noqa: S105 - a reason, no secret
FREE_TEXT = "people are named in its words only"


@dataclass(frozen=True)
class PersonalData:
    """Whom a model is about, why each readable column is not sealed, which key seals its files, and how it ends."""

    about: About
    plain: Mapping[str, str] = field(default_factory=dict)  # column -> reason
    files: Mapping[str, str] = field(default_factory=dict)  # property that returns a SealedFile -> key
    origin: Origin | None = None  # needed where no reference leads to a mailbox
    mailbox: str = ""  # column or path to the mailbox, where no reference of the model's own leads there
    subject: str = ""  # path to the person, or FREE_TEXT; needed where no reference leads to one
    digests: tuple[str, ...] = ()  # columns that hold keyed digests of people's addresses
    loose: Mapping[str, str] = field(default_factory=dict)  # id column that is no reference -> what it names
    kept: str = ""  # how long; needed where neither a mailbox, an account nor a person ends it
    erased: Erased | None = None  # DELETED, unless it is said
    unexported: str = ""  # why it is in no export
