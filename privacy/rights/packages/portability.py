"""What a contact brought along, for another program: JSON by a published schema, CSV, and the mails as mbox."""

import csv
import io
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import Any

from accounts.sealing.errors import SealingError
from mailbox.models import InboundEmail
from privacy.models import DataSubjectRequest
from privacy.rights.packages.archive import safe_name
from privacy.rights.packages.content import Content, decisions, person_of
from privacy.rights.packages.stored import LABEL as STORED
from privacy.rights.packages.stored import is_by, stored
from privacy.rights.subject import subject_of
from tickets.contacts.export import harmless
from tickets.mail import ParsedMail
from tickets.models import Attachment, Message

COLUMNS = ("id", "at", "ticket", "from", "to", "cc", "subject", "text", "files")


class Provided:
    """What the person provided, as far as it is given: profile and own mails, and nothing that others wrote."""

    def __init__(self, request: DataSubjectRequest) -> None:
        """Read who is meant and what was decided, once for every file that is made of it."""
        self.request, self.subject = request, subject_of(request)
        self.given, _left_out = decisions(request)

    def content(self) -> Content:
        """Return it as plain values."""
        files: list[tuple[str, Attachment]] = []
        names: set[str] = set()
        messages = [one for message in self._messages() if (one := _message(message, files, names))]
        messages += [_stored(email, mail) for email, mail in self._unfiled()]
        person = person_of(self.subject)
        data = {
            "schema": "deskhero-portability-1",
            "case": self.request.case_number,
            "organization": self.request.organization.name if self.request.organization else "",
            "person": {"names": person["names"], "addresses": [one["address"] for one in person["addresses"]]},
            "messages": messages,
        }
        return Content(data, files)

    def originals(self) -> Iterator[InboundEmail]:
        """Yield the person's mails as they came."""
        yield from (message.inbound for message in self._messages() if message.inbound is not None)
        yield from (email for email, _mail in self._unfiled())

    def _messages(self) -> Iterator[Message]:
        """Yield the mails in tickets, oldest first."""
        own = Message.objects.filter(pk__in=self.given["tickets.Message"], sender__in=self.subject.contact_ids)
        shown = own.select_related("ticket", "inbound").prefetch_related("attachments")
        yield from shown.order_by("at", "pk").iterator(chunk_size=200)

    def _unfiled(self) -> Iterator[tuple[InboundEmail, ParsedMail]]:
        """Yield those that are stored and in no ticket."""
        traces = self.subject.traces()
        yield from ((email, mail) for email, mail in stored(self.given[STORED]) if is_by(mail, traces))


def as_csv(data: dict[str, Any]) -> bytes:
    """Return the mails as a table that a spreadsheet opens and that runs nothing there."""
    out = io.StringIO(newline="")
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write(COLUMNS)
    for message in data["messages"]:
        files = "; ".join(file["path"] for file in message["files"])
        values = {**message, "to": "; ".join(message["to"]), "cc": "; ".join(message["cc"]), "files": files}
        write([harmless(str(values[name])) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def as_mbox(emails: Iterable[InboundEmail]) -> Iterator[bytes]:
    """Yield the originals of these mails in one file (mboxrd: lines that begin like a mail are marked)."""
    for email in emails:
        try:
            raw = email.raw()
        except (SealingError, FileNotFoundError):
            continue
        yield f"From - {format_datetime(email.received_at)}\n".encode()
        for line in raw.replace(b"\r\n", b"\n").split(b"\n"):
            yield (b">" + line if line.lstrip(b">").startswith(b"From ") else line) + b"\n"
        yield b"\n"


def _stored(email: InboundEmail, mail: ParsedMail) -> dict[str, Any]:
    return {
        "id": str(email.pk),
        "at": email.received_at.isoformat(),
        "ticket": None,
        "from": mail.from_.email if mail.from_ else "",
        "to": [one.email for one in mail.to],
        "cc": [one.email for one in mail.cc],
        "subject": mail.subject,
        "text": mail.text,
        "files": [],  # they are in the original, in the mbox
    }


def _message(message: Message, files: list[tuple[str, Attachment]], names: set[str]) -> dict[str, Any] | None:
    try:
        headers = {name: [address or who for who, address in message.people(name)] for name in ("from", "to", "cc")}
        subject, text = str(message.headers.get("subject", "")), message.new_text
    except SealingError:
        return None
    shown = []
    for attachment in sorted(message.attachments.all(), key=lambda one: one.position):
        if attachment.file.exists():
            path = f"files/{message.ticket.number}/{safe_name(attachment.name, names)}"
            files.append((path, attachment))
            shown.append(
                {"name": attachment.name, "type": attachment.content_type, "size": attachment.size, "path": path}
            )
    return {
        "id": str(message.pk),
        "at": message.at.isoformat(),
        "ticket": message.ticket.number,
        "from": next(iter(headers["from"]), ""),
        "to": headers["to"],
        "cc": headers["cc"],
        "subject": subject,
        "text": text,
        "files": shown,
    }
