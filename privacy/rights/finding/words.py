"""What names the person in words: in the texts of tickets that are within reach, and in what hangs on no ticket."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import models

from accounts.sealing.errors import SealingError
from accounts.sealing.fields import sealed_fields
from mailbox.models import InboundEmail, OutboundEmail
from privacy.rights.finding.notes import Note, Role
from privacy.rights.finding.references import leads_to_contact, ticket_path, walked
from privacy.rights.subject import Subject
from privacy.rights.traces import Traces
from tickets.mail import parse
from tickets.models import Attachment, ContactEvent, ContactNote, Message
from tickets.originals import beginning_of, peek, text_of
from tickets.subjects import plain_subject

HEADERS = ("from", "to", "cc", "bcc", "reply_to", "forwarded_by")
BEGINNING = 64 * 1024
APART = (Message, InboundEmail, OutboundEmail)  # read in their own way
_WHOSE = {"tickets.Ticket": "contact", "tickets.Attachment": "message__sender"}
# Of tables about other people only these hold free text that may name a third one.
FREE = (ContactNote, ContactEvent)


def in_tickets(tickets: Collection[UUID], subject: Subject, traces: Traces) -> Iterator[Note]:
    """Yield every place in these tickets that names or repeats the person, but the person's own mails."""
    for message in Message.objects.filter(ticket__in=tickets).exclude(sender__in=subject.contact_ids):
        yield from in_message(message, traces)
    for record in walked():
        path = ticket_path(record.model)
        if path and record.model not in APART and sealed_fields(record.model):
            rows = record.model._base_manager.filter(**{f"{path.removesuffix('_id')}__in": tickets})
            if whose := _WHOSE.get(record.label):  # of the person's own the inventory says enough
                rows = rows.exclude(**{f"{whose}__in": subject.contact_ids})
            yield from _in_rows(rows, record.label, traces, path, weak=True)


def in_message(message: Message, traces: Traces) -> Iterator[Note]:
    """Yield in which roles the person stands in somebody else's mail."""
    label, ticket = Message._meta.label, message.ticket_id
    try:
        is_named = any(
            traces.is_person(address, name) for header in HEADERS for name, address in message.people(header)
        )
        texts = [message.headers.get("subject", ""), message.new_text, message.whole_text or "", message.html or ""]
    except SealingError:  # its key was destroyed: nothing of it can be read any more
        return
    if is_named:
        yield Note(label, message.pk, Role.NAMED, ticket)
    if any(traces.is_quoted_in(text) for text in [plain_subject(texts[0]), *texts[1:3]]):
        yield Note(label, message.pk, Role.QUOTED, ticket)
    perhaps = next(filter(None, map(traces.perhaps_in, texts[:3])), "")
    is_addressed = is_to_person(message, traces)
    if any(map(traces.is_surely_in, texts)) or (perhaps and is_addressed):
        yield Note(label, message.pk, Role.MENTIONED, ticket)
    if perhaps and not is_addressed:
        yield Note(label, message.pk, Role.PERHAPS, ticket, perhaps)


def is_to_person(message: Message, traces: Traces) -> bool:
    """Return whether it is an answer of ours to the person: then "Dear Carol" is surely the person, too."""
    return message.is_outbound and any(traces.is_person(address) for _name, address in message.people("to"))


def elsewhere(traces: Traces) -> Iterator[Note]:
    """Yield what surely names the person in tables that hang on no ticket and on no other person."""
    for record in walked():
        about_others = any(leads_to_contact(record.model, path) for path in record.subjects)
        if ticket_path(record.model) or record.model in APART or (about_others and record.model not in FREE):
            continue
        if sealed_fields(record.model):
            yield from _in_rows(record.model._base_manager.all(), record.label, traces, "", weak=False)


def in_unfiled(emails: Iterable[InboundEmail], traces: Traces) -> Iterator[Note]:
    """Yield stored mails that became no message and are the person's, or name it: in headers, in text nobody read."""
    for email in emails:
        try:
            if role := _role(email, traces):
                yield Note(InboundEmail._meta.label, email.pk, role)
        except (SealingError, FileNotFoundError):
            continue


def _role(email: InboundEmail, traces: Traces) -> str:
    sender, subject = peek(email)
    said = [text_of(beginning_of(email, BEGINNING)), subject, str(sender or "")]
    if email.state != InboundEmail.State.SKIPPED:
        mail = parse(email.raw())
        if mail.from_ and traces.is_person(mail.from_.email, mail.from_.name):
            return Role.OWN
        said += [mail.text, mail.html or "", " ".join(map(str, [*mail.to, *mail.cc, *mail.reply_to]))]
    return Role.NAMED if any(map(traces.is_surely_in, said)) else ""


def _in_rows(rows: models.QuerySet[Any], label: str, traces: Traces, ticket: str, *, weak: bool) -> Iterator[Note]:
    if ticket:
        rows = rows.annotate(of_ticket=models.F(ticket.removesuffix("_id")))
    for row in rows.order_by("pk").iterator(chunk_size=200):
        try:
            text = "\n".join(texts_of(row))
        except SealingError:
            continue
        ticket_id = row.of_ticket if ticket else None
        if traces.is_surely_in(text):
            yield Note(label, row.pk, Role.FILE_NAME if isinstance(row, Attachment) else Role.MENTIONED, ticket_id)
        if weak and (perhaps := traces.perhaps_in(text)):
            yield Note(label, row.pk, Role.PERHAPS, ticket_id, perhaps)


def texts_of(row: models.Model) -> Iterator[str]:
    """Yield every sealed text of a row, texts inside JSON too."""
    for field in sealed_fields(type(row)):
        yield from _flat(getattr(row, field.attname))


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _flat(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner)
