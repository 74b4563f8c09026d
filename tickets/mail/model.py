"""What a mail says, as plain values: no database, no framework."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Address:
    """A person as a mail names them; `name` may be empty."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not running text; `inline` says that the HTML shows it in its place."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False
    disposition: str = ""  # as the sender declared it: inline, attachment or nothing

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """Everything Deskhero understands of one mail; what is missing is empty, never an exception."""

    from_: Address | None = None
    sender: Address | None = None
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    delivered_to: list[str] = field(default_factory=list)
    subject: str = ""
    message_id: str = ""  # with its angle brackets, or empty
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)  # oldest first
    date: datetime | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)  # in order, decoded
    content_type: str = "text/plain"
    report_type: str = ""
    text: str = ""  # the whole readable text
    html: str | None = None  # as it came, uncleaned
    reply_text: str = ""  # what is new
    quoted_lines: int = 0  # how many lines of `text` are folded away as quoted history
    attachments: list[Attachment] = field(default_factory=list)
    encrypted: str = ""  # "S/MIME" or "PGP" when the content can be read only with somebody's key
    language: str = ""  # two letters, when a few hundred characters made it likely
    error: str | None = None  # one line: what could not be understood

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def header_all(self, name: str) -> list[str]:
        """Return every header of that name, in order."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    def with_error(self, error: str) -> "ParsedMail":
        """Return the same mail with one more thing that could not be understood."""
        return replace(self, error=f"{self.error}; {error}" if self.error else error)


@dataclass(frozen=True, slots=True)
class BounceInfo:
    """What a delivery report says: who did not get which mail, and why."""

    recipients: list[str] = field(default_factory=list)
    status: str = ""  # the enhanced status code, such as 5.1.1
    diagnostic: str = ""
    permanent: bool = True
    message_id: str = ""  # of the mail the report is about


@dataclass(frozen=True, slots=True)
class Classification:
    """What sort of mail it is, why in words an agent can read, and whether a machine may answer it."""

    kind: str
    reason: str
    may_autorespond: bool
    bounce: BounceInfo | None = None
    automatic: bool = False  # a program sent it by itself, and it reports no failure


KINDS = (
    "human", "auto_reply", "out_of_office", "notice", "bounce", "delay", "receipt", "abuse", "list", "own", "loop",
    "spam",
)  # fmt: skip


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """Return a mail without its attachments' bytes, as plain JSON values."""
    return {
        "from_": _pair(mail.from_),
        "sender": _pair(mail.sender),
        "reply_to": [_pair(a) for a in mail.reply_to],
        "to": [_pair(a) for a in mail.to],
        "cc": [_pair(a) for a in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        **{name: getattr(mail, name) for name in _PLAIN},
    }


def from_json(values: dict[str, Any], attachments: list[Attachment]) -> ParsedMail:
    """Return the mail that `as_json` described."""
    people: dict[str, Any] = {name: [Address(*pair) for pair in values[name]] for name in ("reply_to", "to", "cc")}
    return ParsedMail(
        from_=Address(*values["from_"]) if values["from_"] else None,
        sender=Address(*values["sender"]) if values["sender"] else None,
        date=datetime.fromisoformat(values["date"]) if values["date"] else None,
        attachments=attachments,
        **people,
        **{name: values[name] for name in _PLAIN if name != "headers"},
        headers=[(name, value) for name, value in values["headers"]],
    )


_PLAIN = (
    "delivered_to", "subject", "message_id", "in_reply_to", "references", "headers", "content_type", "report_type",
    "text", "html", "reply_text", "quoted_lines", "encrypted", "language", "error",
)  # fmt: skip


def _pair(address: Address | None) -> list[str] | None:
    return [address.name, address.email] if address else None
