"""How one thing goes: a ticket with everything in it, a ticket's words and people, a mail's files, a contact.

Each is called in a savepoint after the ledger was written. Files of rows are not removed here, because a transaction
cannot bring them back: they are returned, and go once it has committed.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.sealing.files import SealedFile
from mailbox.models import InboundEmail, OutboundEmail
from tickets.models import Attachment, Contact, Draft, DraftFile, Event, Message, Note, ThreadKey, Ticket


@dataclass
class Gone:
    """What went: how many rows of each table, and the files that are to follow."""

    counts: Counter[str] = field(default_factory=Counter)
    files: list[SealedFile] = field(default_factory=list)

    def delete(self, rows: QuerySet) -> None:
        """Delete rows with what hangs on them, and count all of it."""
        self.counts.update(rows.delete()[1])


def with_merged(ticket: Ticket) -> list[UUID]:
    """Return a ticket and all that was merged into it, also by the way of others: one conversation."""
    found, new = [ticket.pk], [ticket.pk]
    while new:
        new = list(Ticket.objects.filter(merged_into__in=new).exclude(pk__in=found).values_list("pk", flat=True))
        found += new
    return found


def delete_ticket(ticket: Ticket) -> Gone:
    """Delete a ticket, and what was merged into it, with mails, originals, files, notes, drafts and history."""
    gone, ids = Gone(), with_merged(ticket)
    _empty(gone, ids)
    gone.delete(Ticket.objects.filter(pk__in=ids))
    return gone


def anonymise_ticket(ticket: Ticket, at: datetime) -> Gone:
    """Leave of a ticket its number, times, state, tags and history: nothing it says, and nobody who wrote.

    The words go too, because words name people. Whoever wrote is one and the same nobody in all such tickets, so that
    no two can be seen to be of one person.
    """
    gone, ids = Gone(), with_merged(ticket)
    _empty(gone, ids)
    gone.delete(Ticket.objects.filter(pk__in=ids).exclude(pk=ticket.pk))
    ticket.subject, ticket.snippet, ticket.fields, ticket.has_attachments = "", "", None, False
    ticket.contact, ticket.anonymised_at = _nobody(ticket.organization_id), at
    ticket.save(update_fields=["subject", "snippet", "fields", "has_attachments", "contact", "anonymised_at"])
    _say(ticket, Event.Verb.ANONYMISED, at)
    gone.counts["tickets.Ticket made anonymous"] += 1
    return gone


def remove_files(message: Message, at: datetime) -> Gone:
    """Take the files of a mail away, and its original, which holds them as well; a mark in the ticket says when."""
    gone = Gone()
    files = list(Attachment.objects.filter(message=message, removed_at=None))
    for one in files:
        gone.files.append(one.file)
        one.details, one.removed_at = {}, at
        one.save(update_fields=["details", "removed_at"])
    gone.counts["tickets.Attachment"] += len(files)
    originals: list[InboundEmail | OutboundEmail | None] = [message.inbound, message.outbound]
    for email in [one for one in originals if one is not None]:
        if email.raw_inline is None:
            gone.files.append(email.raw_file)
        email.raw_inline = None
        email.save(update_fields=["raw_inline"])
        gone.counts["originals"] += 1
    ticket = message.ticket
    left = Attachment.objects.filter(message__ticket=ticket, removed_at=None).exists()
    if ticket.has_attachments != left:
        ticket.has_attachments = left
        ticket.save(update_fields=["has_attachments"])
    if not Event.objects.filter(ticket=ticket, verb=Event.Verb.FILES_REMOVED, at=at).exists():
        _say(ticket, Event.Verb.FILES_REMOVED, at)
    return gone


def delete_contact(contact: Contact) -> Gone:
    """Delete a contact with its addresses, notes and history, and the contacts that were merged into it."""
    gone = Gone()
    gone.delete(Contact.objects.filter(pk=contact.pk))
    return gone


def _empty(gone: Gone, tickets: list[UUID]) -> None:
    """Delete what stands in these tickets but their history, tags and links."""
    messages = Message.objects.filter(ticket__in=tickets)
    inbound = InboundEmail.objects.filter(pk__in=list(messages.values_list("inbound", flat=True)))
    sent = list(messages.values_list("outbound", flat=True))
    outbound = OutboundEmail.objects.filter(Q(pk__in=sent) | Q(conversation__in=tickets))
    for emails in (inbound, outbound):
        gone.files.extend(one.raw_file for one in emails.filter(raw_inline__isnull=True))
    gone.files.extend(one.file for one in Attachment.objects.filter(message__in=messages, removed_at=None))
    gone.files.extend(one.file for one in DraftFile.objects.filter(draft__ticket__in=tickets))
    kept = [list(emails.values_list("pk", flat=True)) for emails in (inbound, outbound)]
    for model in (ThreadKey, Draft, Note):
        gone.delete(model._base_manager.filter(ticket__in=tickets))
    gone.delete(messages)
    gone.delete(InboundEmail.objects.filter(pk__in=kept[0]))
    gone.delete(OutboundEmail.objects.filter(pk__in=kept[1]))


def _nobody(organization_id: UUID) -> Contact:
    found = Contact.objects.filter(organization_id=organization_id, is_nobody=True).first()
    return found or Contact.objects.create(organization_id=organization_id, is_nobody=True, is_name_chosen=True)


def _say(ticket: Ticket, verb: str, at: datetime) -> None:
    Event.objects.create(organization_id=ticket.organization_id, ticket=ticket, verb=verb, at=at)
