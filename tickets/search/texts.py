"""The texts behind places of the index: decrypted, each with the name of what it is."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet, prefetch_related_objects

from accounts.columns import all_but
from accounts.models import User
from accounts.prepared import padded, prepared
from tickets.models import Message, Note, Ticket
from tickets.search.asking import Place
from tickets.search.documents import MESSAGE, NOTE, TICKET

_UNSHOWN = all_but(User, "id", "name", "email", within="author__user")  # of whoever wrote it
_Row = TypeVar("_Row", bound=models.Model)


@dataclass
class Texts:
    """The rows that places name, by id; each is read once."""

    messages: dict[UUID, Message] = field(default_factory=dict)
    notes: dict[UUID, Note] = field(default_factory=dict)
    tickets: dict[UUID, Ticket] = field(default_factory=dict)

    @classmethod
    def behind(cls, places: Collection[Place]) -> "Texts":
        """Read what these places name, with three queries at most besides those for files and contacts."""
        texts = cls(
            _by_id(_messages, places, MESSAGE),
            _by_id(_notes, places, NOTE),
            _by_id(_tickets, places, TICKET),
        )
        with_files = [message for message in texts.messages.values() if message.attachment_count]
        prefetch_related_objects(with_files, "attachments")
        return texts

    def all_of(self, place: Place) -> list[str]:
        """Return every text in which what the place was found by may stand."""
        if message := self.messages.get(place.id):
            people = [
                part
                for header in ("from", "to", "cc", "bcc", "reply_to", "forwarded_by")
                for person in message.people(header)
                for part in person
            ]
            texts = [message.new_text, message.whole_text or "", str(message.headers.get("subject") or "")]
            return [*texts, *file_names(message), *people]
        if note := self.notes.get(place.id):
            return [note.text]
        if ticket := self.tickets.get(place.id):
            return [ticket.subject, ticket.contact.name]
        return []  # gone since


def file_names(message: Message) -> list[str]:
    """Return the names of a message's files; of one without files at no cost."""
    files = message.attachments.all() if message.attachment_count else ()
    return [one.name for one in files if not one.is_removed]


def _messages(*ids: UUID) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=ids).select_related("author__user").defer("html", *_UNSHOWN)


def _notes(*ids: UUID) -> QuerySet[Note]:
    return Note.objects.filter(pk__in=ids).select_related("author__user").defer(*_UNSHOWN)


def _tickets(*ids: UUID) -> QuerySet[Ticket]:
    return Ticket.objects.filter(pk__in=ids).select_related("contact")


def _by_id(rows: Callable[..., QuerySet[_Row]], places: Iterable[Place], kind: int) -> dict[UUID, _Row]:
    ids = [place.id for place in places if place.kind == kind]
    return {row.pk: row for row in prepared(("texts", kind), padded(ids), rows)} if ids else {}
