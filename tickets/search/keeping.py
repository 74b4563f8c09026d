"""Keeping the index: written with what it finds, in the same transaction."""

from collections.abc import Collection, Iterable
from contextlib import nullcontext
from itertools import groupby
from uuid import UUID

from django.db.models import Min

from accounts.bulk import execute
from accounts.sealing.digests import fold_address
from accounts.tenancy import organization_scope
from accounts.tenancy.scope import current_organization_id
from mailbox.models import Mailbox
from tickets.models import Attachment, ContactAddress, Message, Note, Ticket
from tickets.search.codes import writing_codes
from tickets.search.documents import Document, lexemes
from tickets.search.sources import message_document, note_document, ticket_document
from tickets.search.words import VERSION

MOST_OF_A_CONTACT = 2_000  # heads of tickets that are written at once because of a name; older ones keep the old name
_KEEP = """
SELECT deskhero_search_keep(%b::uuid[], %b::smallint[], %b::uuid[], %b::uuid[], %b::timestamptz[], %b::smallint[],
    %b::smallint, %b::text[])
"""


def keep(documents: Iterable[Document]) -> int:
    """Write the rows of these documents of one organization, in one statement, and return how many.

    A document that has a row gets a new one. Where no scope is open, that of their organization is, for this statement.
    """
    rows = []
    for document in documents:
        codes = writing_codes(document.mailbox_id)
        rows.append((document, codes.version, lexemes(document, codes)))
    if not rows:
        return 0
    scope = nullcontext() if current_organization_id() else organization_scope(rows[0][0].organization_id)
    with scope:
        execute(
            _KEEP,
            [
                [document.id for document, _, _ in rows],
                [document.kind for document, _, _ in rows],
                [document.ticket_id for document, _, _ in rows],
                [document.mailbox_id for document, _, _ in rows],
                [document.at for document, _, _ in rows],
                [version for _, version, _ in rows],
                VERSION,
                [written for _, _, written in rows],
            ],
        )
    return len(rows)


def keep_filed(
    tickets: Collection[Ticket], messages: Collection[Message], files: Iterable[Attachment], own: Iterable[str]
) -> None:
    """Keep a batch of filed mail: new tickets, messages, and the names of their files; `own` are our addresses."""
    ours = {fold_address(one) for one in own}
    names = _names(files)
    first: dict[UUID, Message] = {}
    for message in messages:
        first.setdefault(message.ticket_id, message)
    new = {ticket.pk for ticket in tickets}
    documents = [ticket_document(ticket, _writer(first.get(ticket.pk))) for ticket in tickets]
    for message in messages:
        opens = message.ticket_id in new and first[message.ticket_id] is message
        documents.append(message_document(message, ours, names.get(message.pk, ()), opens=opens))
    keep(documents)


def keep_messages(messages: Collection[Message]) -> None:
    """Keep messages that are in the database, with the names of their files: for those written or moved by hand."""
    ids = [message.pk for message in messages]
    names = _names(Attachment.objects.filter(message__in=ids).order_by("position"))
    mailboxes = Mailbox.objects.in_bulk({message.mailbox_id for message in messages})
    ours = {pk: {fold_address(one) for one in mailbox.addresses} for pk, mailbox in mailboxes.items()}
    began = Message.objects.filter(ticket__in={message.ticket_id for message in messages}).values_list("ticket_id")
    first = dict(began.annotate(at=Min("at")).order_by())
    keep(
        message_document(
            message,
            ours[message.mailbox_id],
            names.get(message.pk, ()),
            opens=message.at <= first[message.ticket_id],
        )
        for message in messages
    )


def keep_notes(notes: Iterable[Note]) -> None:
    """Keep notes."""
    keep(note_document(note) for note in notes)


def keep_tickets(tickets: Iterable[Ticket]) -> None:
    """Keep the heads of tickets: after a subject or a contact changed, or where one was opened by hand."""
    tickets = list(tickets)
    known = ContactAddress.objects.filter(contact__in={ticket.contact_id for ticket in tickets})
    by_contact = groupby(known.order_by("contact", "pk"), key=lambda one: one.contact_id)
    addresses = {contact: [one.address for one in group] for contact, group in by_contact}
    keep(ticket_document(ticket, addresses.get(ticket.contact_id, ())) for ticket in tickets)


def keep_tickets_of(contacts: Collection[UUID]) -> None:
    """Keep the heads of these contacts' newest tickets: after a contact is called something else."""
    newest = Ticket.objects.filter(contact__in=contacts).select_related("contact").order_by("-last_activity_at")
    keep_tickets(newest[:MOST_OF_A_CONTACT])


def _names(files: Iterable[Attachment]) -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = {}
    for one in files:
        if not (one.is_inline or one.is_removed):  # pictures of a signature have the same names everywhere
            names.setdefault(one.message_id, []).append(one.name)
    return names


def _writer(message: Message | None) -> list[str]:
    people = message.people("to" if message.is_outbound else "from") if message else []
    return [address for _name, address in people[:1]]
