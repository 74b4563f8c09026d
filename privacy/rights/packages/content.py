"""The content of a contact's package, as plain values; files are named by id and read when they are packed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Min, Prefetch
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.sealing.digests import fold_address
from accounts.sealing.errors import SealingError
from mailbox.models import InboundEmail, Mailbox
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.finding.log import LABEL as LOG
from privacy.rights.finding.words import texts_of
from privacy.rights.others import same_person
from privacy.rights.packages.archive import safe_name
from privacy.rights.packages.log import looks_at
from privacy.rights.packages.masking import Masker, others_named
from privacy.rights.packages.stored import LABEL as STORED
from privacy.rights.packages.stored import shown, stored
from privacy.rights.subject import Subject, subject_of
from tickets.models import Attachment, Contact, ContactAddress, Message, Note, Ticket

Decision, Role = RequestFinding.Decision, RequestFinding.Role
SPECIAL = {"tickets.Message", "tickets.Ticket", "tickets.Note", "tickets.Attachment", STORED, LOG}
_FILES = Prefetch("attachments", Attachment.objects.order_by("position"))
OF_THE_CONTACT = {"tickets.Contact", "tickets.ContactAddress"}


@dataclass
class Content:
    """What goes into a package."""

    data: dict[str, Any]
    files: list[tuple[str, Attachment]] = field(default_factory=list)  # path in the archive, what is read
    originals: list[tuple[str, InboundEmail]] = field(default_factory=list)  # likewise: mails that are in no ticket


class Gatherer:
    """Collects what was decided to be given, ticket by ticket, masking others on the way."""

    def __init__(self, request: DataSubjectRequest) -> None:
        """Read the decisions."""
        self.request, self.subject = request, subject_of(request)
        mailboxes = Mailbox.objects.all()
        self.masker = Masker(self.subject.traces(), {fold_address(one) for box in mailboxes for one in box.addresses})
        self.given, self.left_out = decisions(request)
        self.files: list[tuple[str, Attachment]] = []
        self.originals: list[tuple[str, InboundEmail]] = []
        self.names: set[str] = set()

    def content(self) -> Content:
        """Return everything for a copy of the data."""
        data = {
            "schema": "deskhero-access-1",
            "case": self.request.case_number,
            "organization": self.request.organization.name if self.request.organization else "",
            "person": person_of(self.subject),
            "about_the_person": list(self._records()),
            "tickets": [self._ticket(ticket) for ticket in self._tickets()],
            "stored_mails": list(self._stored()),
            "access_log": self._log(),
            "requests": [_case(one) for one in [self.request, *same_person(self.request)]],
            "redactions": self.masker.redactions,
        }
        for finding in self.left_out:
            self.masker.note(where_of(finding), _("Left out"), finding.reason)
        return Content(data, self.files, self.originals)

    def _stored(self) -> Iterator[dict[str, Any]]:
        for email, mail in stored(self.given[STORED]):
            told = shown(email, mail, self.masker)
            if told["path"]:
                self.originals.append((told["path"], email))
            yield told

    def _log(self) -> list[dict[str, Any]]:
        """Return who looked at what is the person's; nothing where the log tells of none of it."""
        assert self.request.organization is not None  # noqa: S101 - the operator's queue has no contacts
        contacts = Contact.objects.filter(pk__in=self.subject.contact_ids)
        since = contacts.aggregate(first=Min("created_at"))["first"]
        return looks_at(self.given[LOG], self.request.organization, self.masker, since=since)

    def _tickets(self) -> list[Ticket]:
        messages = Message.objects.filter(pk__in=self.given["tickets.Message"]).values("ticket_id")
        notes = Note.objects.filter(pk__in=self.given["tickets.Note"]).values("ticket_id")
        own = Ticket.objects.filter(pk__in=self.given["tickets.Ticket"])
        return list(
            (own | Ticket.objects.filter(pk__in=messages) | Ticket.objects.filter(pk__in=notes)).order_by("number")
        )

    def _ticket(self, ticket: Ticket) -> dict[str, Any]:
        where = _("Ticket %(number)d") % {"number": ticket.number}
        is_own = ticket.contact_id in self.subject.contact_ids
        messages = list(ticket.messages.order_by("at", "pk").prefetch_related(_FILES))
        names = self._others_in(messages)
        notes = ticket.notes.filter(pk__in=self.given["tickets.Note"]).order_by("at")
        return {
            "number": ticket.number,
            "subject": self.masker.text(_read(lambda: ticket.subject), where, names),
            "is_the_persons": is_own,
            "state": ticket.state,
            "opened_at": ticket.created_at.isoformat(),
            "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
            "messages": [
                one
                for message in messages
                if message.pk in self.given["tickets.Message"] and (one := self._message(message, ticket, names))
            ],
            "notes": [
                {"at": note.at.isoformat(), "text": self.masker.text(_read(lambda note=note: note.text), where, names)}
                for note in notes
            ],
        }

    def _others_in(self, messages: list[Message]) -> set[str]:
        """Return the whole names of other people in a ticket, wherever they stand in it."""
        found: set[str] = set()
        for message in messages:
            try:
                found.update(others_named(message, self.masker))
            except SealingError:
                continue
        return found

    def _message(self, message: Message, ticket: Ticket, names: set[str]) -> dict[str, Any] | None:
        is_own = message.sender_id in self.subject.contact_ids
        where = _("Ticket %(number)d, mail of %(day)s") % {
            "number": ticket.number,
            "day": localtime(message.at).strftime("%Y-%m-%d %H:%M"),
        }
        try:
            shown = {header: self.masker.people(message.people(header), where) for header in ("from", "to", "cc")}
            text = message.new_text if is_own else self.masker.text(message.new_text, where, names)
            subject = message.headers.get("subject", "")
        except SealingError:
            return None
        return {
            "id": str(message.pk),
            "at": message.at.isoformat(),
            "direction": message.direction,
            "written_by_the_person": is_own,
            "from": shown["from"],
            "to": shown["to"],
            "cc": shown["cc"],
            "subject": self.masker.text(subject, where, names),
            "text": text,
            "files": list(self._files(message, ticket, where, is_own=is_own)),
        }

    def _files(self, message: Message, ticket: Ticket, where: str, *, is_own: bool) -> Iterator[dict[str, Any]]:
        for attachment in message.attachments.all():
            if not (is_own or message.is_outbound):
                self.masker.note(where, attachment.content_type, _("A file of somebody else's."))
                continue
            if not attachment.file.exists():
                continue
            path = f"files/{ticket.number}/{safe_name(attachment.name, self.names)}"
            self.files.append((path, attachment))
            yield {"name": attachment.name, "type": attachment.content_type, "size": attachment.size, "path": path}

    def _records(self) -> Iterator[dict[str, Any]]:
        for label, ids in sorted(self.given.items()):
            if label in SPECIAL or label in OF_THE_CONTACT:
                continue
            for row in apps.get_model(label)._base_manager.filter(pk__in=ids).order_by("pk"):
                texts = _read(lambda row=row: "\n".join(filter(None, texts_of(row))))
                if texts.strip():
                    kind = str(row._meta.verbose_name)
                    yield {"kind": kind, "text": self.masker.text(texts, kind)}


def decisions(request: DataSubjectRequest) -> tuple[dict[str, set[UUID]], list[RequestFinding]]:
    """Return which rows are given, by table, and the findings that are left out; one no outweighs every yes."""
    given: dict[str, set[UUID]] = defaultdict(set)
    refused: dict[str, set[UUID]] = defaultdict(set)
    left_out = []
    for finding in request.requestfindings.order_by("pk").iterator(chunk_size=2000):
        if finding.decision == Decision.INCLUDE:
            given[finding.model].add(finding.row_id)
        elif finding.decision == Decision.EXCLUDE:
            refused[finding.model].add(finding.row_id)
            if finding.role != Role.FILE_NAME and finding.decided_at:
                left_out.append(finding)
    return defaultdict(set, {label: ids - refused[label] for label, ids in given.items()}), left_out


def person_of(subject: Subject) -> dict[str, Any]:
    """Return what is kept about the person itself."""
    contacts = Contact.objects.filter(pk__in=subject.contact_ids).select_related("company").order_by("pk")
    addresses = ContactAddress.objects.filter(contact__in=subject.contact_ids).order_by("pk")
    return {
        "names": [one.name for one in contacts if one.name],
        "addresses": [{"address": one.address, "known_since": one.created_at.isoformat()} for one in addresses],
        "companies": [one.company.name for one in contacts if one.company],
        "fields": [str(value) for one in contacts for value in (one.fields or {}).values()],
        "known_since": min((one.created_at.isoformat() for one in contacts), default=None),
    }


def where_of(finding: RequestFinding) -> str:
    """Return in words where a finding stands."""
    number = None
    if finding.ticket_id:
        number = Ticket.objects.filter(pk=finding.ticket_id).values_list("number", flat=True).first()
    kind = str(apps.get_model(finding.model)._meta.verbose_name)
    return _("Ticket %(number)d, %(kind)s") % {"number": number, "kind": kind} if number else kind


def _case(request: DataSubjectRequest) -> dict[str, Any]:
    return {
        "number": request.case_number,
        "right": request.right,
        "received_at": request.received_at.isoformat(),
        "closed_at": request.closed_at.isoformat() if request.closed_at else None,
        "outcome": request.outcome,
    }


def _read(value: Any) -> str:
    """Return a sealed text; nothing where its key was destroyed, for then nothing of it is kept."""
    try:
        return str(value() or "")
    except SealingError:
        return ""
