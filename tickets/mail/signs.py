"""What the headers of a mail tell of the machine behind it, looked up once."""

import re
from functools import cached_property

from tickets.mail.model import ParsedMail

_DAEMON_NAME = re.compile(
    r"mail(?:er)?[-_ ]?daemon|\bmdaemon\b|mail (?:delivery|transport) (?:sub)?(?:system|service|agent)|"
    r"mail delivery|delivery (?:sub)?system|system administrator|mail administrator|microsoft ?(?:outlook|exchange)|"
    r"\bmail (?:system|server|router)\b|mail-dienst|postmaster",
    re.IGNORECASE,
)
_DAEMON_LOCAL = re.compile(
    r"(?:mail(?:er)?[-_.]?daemon|mdaemon|mail[-_.]?delivery|mail\.delivery\.system|ndr|microsoftexchange[0-9a-f]{6,40}|"
    r"mail[-_.]?(?:server|system))[-+_.\d]{0,20}$",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(r"post[-_.]?master[-+_.\d]{0,20}$", re.IGNORECASE)
_FORWARDED = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|pd|doorst|inoltra|fs|転送|转发|轉寄|пересл\w*)\s*:", re.IGNORECASE
)
_REPLIED = re.compile(
    r"\s*(?:re|aw|sv|antw?|odp|vá|vs|ynt|res|rif|r|答复|回复|回覆|ответ)\s*(?:\[\d{1,3}\])?\s*[:：]", re.IGNORECASE
)


class Signs:
    """A parsed mail with its headers by name, and the questions that several rules put to them."""

    def __init__(self, mail: ParsedMail) -> None:
        """Sort the headers; the first of a name comes first."""
        self.mail = mail
        self.values: dict[str, list[str]] = {}
        for name, value in mail.headers:
            self.values.setdefault(name.lower(), []).append(value)

    def first(self, name: str) -> str:
        """Return the first header of that lower-case name, or nothing."""
        values = self.values.get(name)
        return values[0].strip() if values else ""

    def word(self, name: str) -> str:
        """Return the first word of a header, in small letters and without its comments and parameters."""
        value = self.first(name)
        return value.partition(";")[0].partition("(")[0].strip().lower() if value else ""

    @cached_property
    def local_part(self) -> str:
        """Return what stands before the @ of who wrote."""
        return self.mail.from_.email.rpartition("@")[0].lower() if self.mail.from_ else ""

    @cached_property
    def is_daemon(self) -> bool:
        """Tell whether a mail server itself writes, by the name or the address it gives."""
        if _DAEMON_LOCAL.match(self.local_part):
            return True
        sender = self.first("from")[:500]
        return bool(_DAEMON_NAME.search(sender)) and (not self.is_postmaster or self.has_null_sender)

    @cached_property
    def is_postmaster(self) -> bool:
        """Tell whether a postmaster writes: a program, or the person who looks after one."""
        return bool(_POSTMASTER.match(self.local_part))

    @cached_property
    def has_null_sender(self) -> bool:
        """Tell whether the return path is empty or a daemon's, as reports have it."""
        return any(
            path.strip() in ("<>", "< >") or re.match(r"\s*<?mailer[-_]?daemon\b", path, re.IGNORECASE)
            for path in self.values.get("return-path", [])
        )

    @cached_property
    def is_machine(self) -> bool:
        """Tell whether something other than a person sent it, by its envelope or its sender."""
        return self.is_daemon or self.has_null_sender

    @cached_property
    def is_report(self) -> bool:
        """Tell whether it declares itself a report about the delivery of another mail."""
        report_type = self.mail.report_type
        return report_type == "delivery-status" or (self.mail.content_type == "multipart/report" and not report_type)

    @cached_property
    def is_forward(self) -> bool:
        """Tell whether a person passes on what somebody else wrote, by the subject."""
        return bool(_FORWARDED.match(self.mail.subject)) and not self.is_machine

    @cached_property
    def is_reply(self) -> bool:
        """Tell whether the subject begins as an answer of a person does."""
        return bool(_REPLIED.match(self.mail.subject))
