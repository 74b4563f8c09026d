"""From rows to documents: a ticket's head, a mail and a note as the index takes them."""

from collections.abc import Collection, Iterable, Sequence

from accounts.sealing.digests import fold_address
from tickets.models import Message, Note, Ticket
from tickets.search.documents import MESSAGE, NOTE, TICKET, Document
from tickets.search.people import Person


def ticket_document(ticket: Ticket, addresses: Iterable[str]) -> Document:
    """Return the head of a ticket: its number, its subject and its contact with these addresses."""
    return Document(
        ticket.pk,
        TICKET,
        ticket.pk,
        ticket.organization_id,
        ticket.mailbox_id,
        ticket.last_activity_at,
        subject=ticket.subject,
        number=ticket.number,
        contact=ticket.contact.name,
        addresses=tuple(addresses),
    )


def message_document(
    message: Message, own: Collection[str], files: Iterable[str] = (), *, opens: bool = False
) -> Document:
    """Return a mail: what is new in it, or all of it where it opens its ticket and its quotes stand nowhere else.

    `own` are our addresses. One of them is in every mail, so only from: and to: find it; so are the names of those who
    answer, which plain words do not find either.
    """
    writers = message.people("from") + message.people("forwarded_by")
    readers = message.people("to") + message.people("cc") + message.people("bcc")
    outside = readers if message.is_outbound else [*writers, *readers, *message.people("reply_to")]
    return Document(
        message.pk,
        MESSAGE,
        message.ticket_id,
        message.organization_id,
        message.mailbox_id,
        message.at,
        text=(message.whole_text if opens else None) or message.new_text,
        subject=str(message.headers.get("subject") or ""),
        files=tuple(files),
        people=_others(outside, own),
        written_by=tuple(writers),
        sent_to=tuple(readers),
    )


def note_document(note: Note) -> Document:
    """Return a note."""
    return Document(note.pk, NOTE, note.ticket_id, note.organization_id, note.mailbox_id, note.at, text=note.text)


def _others(people: Sequence[Person], own: Collection[str]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(person for person in people if fold_address(person[1]) not in own))
