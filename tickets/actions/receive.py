"""Filing: stored mails become messages of tickets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from mailbox.models import InboundEmail
from tickets.filing.brake import Brake
from tickets.filing.building import build_message, files_of, snippet_of, state_of
from tickets.filing.incoming import NOBODY, Incoming
from tickets.filing.known import Known
from tickets.filing.ours import Ours
from tickets.filing.people import BLOCKED, BLOCKED_REASON, is_blocked
from tickets.filing.suspicion import SPAM, waits_under_spam
from tickets.filing.twins import note_same_mail
from tickets.filing.writing import Writing
from tickets.mail.reasons import is_gone
from tickets.models import Contact, Event, Message, Ticket
from tickets.subjects import without_forward
from tickets.threading import Place, find_place

__all__ = ["Filed", "file_incoming", "quarantine_email", "receive_email", "receive_emails", "snippet_of"]

# What a program wrote on its own: it joins its ticket quietly and never changes whose turn it is (L26).
QUIET = frozenset({"auto_reply", "out_of_office", "receipt", "delay", "loop", BLOCKED})


@dataclass(frozen=True)
class Filed:
    """What became of a mail: its message, or the message of the same mail that was here before."""

    incoming: Incoming
    message: Message | None
    opened: bool = False
    reopened: bool = False  # whether a person's mail made it our turn again


@transaction.atomic
def receive_emails(emails: Sequence[InboundEmail], ours: Ours | None = None) -> QuerySet[Message]:
    """File stored mails of one organization, in the order given, and return the query for their messages.

    A mail that was filed before gives its message again. One that is kept but not filed gives none: our own answer
    coming back, and the same mail by another way. Whatever a mail looks like, it ends filed, skipped with a reason, or
    in a ticket with its original attached. `ours` are our own addresses, for callers that know them.
    """
    if waiting := _hold_waiting(emails):
        ours = ours or Ours.of(waiting[0].organization_id)
        file_incoming([Incoming.read(email, ours) for email in waiting], Brake())
    return Message.objects.filter(inbound__in=[email.pk for email in emails]).order_by("pk")


def receive_email(email: InboundEmail) -> Message | None:
    """File one stored mail and return its message, if it has one; filing a filed one changes nothing."""
    return receive_emails([email]).first()


@transaction.atomic
def quarantine_email(email: InboundEmail, reason: str) -> Message | None:
    """Open a ticket that holds nothing but the original, for a mail whose filing fails again and again."""
    if _hold_waiting([email]):
        ours = Ours.of(email.organization_id)
        file_incoming([Incoming.unreadable(email, ours, reason)], Brake())
    return Message.objects.filter(inbound=email).first()


def _hold_waiting(emails: Sequence[InboundEmail]) -> list[InboundEmail]:
    """Hold the rows, and return those still to be filed, in their order; what is being deleted is not filed."""
    unfiled = InboundEmail.objects.unfiled().filter(mailbox__deletion_begun_at=None)
    rows = unfiled.select_for_update(of=("self",)).filter(pk__in=[email.pk for email in emails])
    waiting = set(rows.order_by("pk").values_list("pk", flat=True))
    return [email for email in emails if email.pk in waiting]


@transaction.atomic
def file_incoming(batch: Sequence[Incoming], brake: Brake) -> list[Filed]:
    """File mails that are stored and read, held by the caller, in their order; return what became of each."""
    known, writing = Known(batch, brake), Writing(batch[0].ours.addresses if batch else ())
    writing.is_history = all(incoming.is_history for incoming in batch)
    filed = []
    for incoming in batch:
        if (answer := known.own_answer(incoming)) or (incoming.own_email and not incoming.is_history):
            writing.settle(incoming.email, InboundEmail.State.SKIPPED, "This is our own answer, coming back.")
            filed.append(Filed(incoming, answer))
        elif restricted := known.restricted.get(incoming.contact_digest):
            writing.withhold(incoming.email, restricted)
            filed.append(Filed(incoming, None))
        elif (twin := known.twin_of(incoming)) and incoming.may_join(twin.mailbox_id):
            note_same_mail(incoming, twin, writing)
            filed.append(Filed(incoming, twin))
        else:
            done = _file_one(incoming, find_place(incoming, known), known, writing, brake)
            known.learn(incoming, done.message)  # type: ignore[arg-type]
            writing.settle(incoming.email, state_of(incoming), incoming.mail.error or "")
            filed.append(done)
    writing.write()
    return filed


def _file_one(incoming: Incoming, place: Place, known: Known, writing: Writing, brake: Brake) -> Filed:
    contact = _contact(incoming, known, writing)
    flood, ticket = _braked(incoming, contact, place, known, brake)
    mailbox_id = ticket.mailbox_id if ticket else incoming.home
    message = build_message(incoming, contact, mailbox_id=mailbox_id, flood=flood)
    if is_blocked(incoming, known.blocked):
        message.kind, message.kind_reason, message.may_autorespond = BLOCKED, BLOCKED_REASON, False
    if ticket is None:
        message.ticket, reopened = _open_ticket(place, contact, message, incoming, writing), False
    else:
        message.ticket, reopened = ticket, _continue_ticket(ticket, message, incoming, writing)
    writing.messages.append(message)
    writing.files(message, files_of(incoming))
    writing.thread_keys(incoming, message, known)
    if message.kind == "bounce" and place.is_proven and not incoming.is_history:
        _mark_bounced(incoming, place, known, writing)
    brake.learn(message)
    return Filed(incoming, message, opened=ticket is None, reopened=reopened)


def _contact(incoming: Incoming, known: Known, writing: Writing) -> Contact:
    """Return the contact the mail is with, made if it is new; a known contact keeps its name."""
    digest = incoming.contact_digest
    contact = known.contacts.get(digest)
    if contact is None:
        contact = known.contacts[digest] = writing.people.add(incoming)
    else:
        writing.people.learn_name(contact, incoming.contact.name)
    if digest in known.bounced and not incoming.is_answer and not incoming.is_history:
        writing.alive.add(digest)
    return contact


def _braked(
    incoming: Incoming, contact: Contact, place: Place, known: Known, brake: Brake
) -> tuple[str, Ticket | None]:
    """Return why the mail is too many, if it is, and the ticket it goes to: a flood goes on in one that is there.

    History is not held up: nobody is woken by it, and each of its mails keeps its place.
    """
    if incoming.is_answer or incoming.contact is NOBODY:
        return "", place.ticket
    mailbox_id = place.ticket.mailbox_id if place.ticket else incoming.home
    flood = brake.reason(contact, place.ticket.pk if place.ticket else None, mailbox_id, incoming.at)
    if not flood or place.ticket is not None or incoming.is_history:
        return flood, place.ticket
    return flood, known.ticket(brake.newest_ticket(contact, mailbox_id))


def _open_ticket(place: Place, contact: Contact, message: Message, incoming: Incoming, writing: Writing) -> Ticket:
    subject = incoming.mail.subject
    ticket = Ticket(
        organization_id=message.organization_id,
        mailbox_id=message.mailbox_id,
        contact=contact,
        subject=without_forward(subject) if incoming.forward else subject,
        snippet=snippet_of(message.new_text),
        state=Ticket.State.PENDING if message.is_outbound else Ticket.State.OPEN,
        message_count=1,
        has_attachments=message.attachment_count > 0,
        related_to=place.related_to,
        is_unverified=place.is_unverified,
        last_activity_at=message.at,
        waiting_since=message.at,
    )
    if message.kind == BLOCKED:
        ticket.state = Ticket.State.SPAM
    elif waits_under_spam(incoming, contact):
        ticket.state, ticket.suspicion = Ticket.State.SPAM, Ticket.Suspicion.NEW
    if incoming.is_history:
        ticket.created_at = message.at
    writing.new_tickets.append(ticket)
    return ticket


def _continue_ticket(ticket: Ticket, message: Message, incoming: Incoming, writing: Writing) -> bool:
    """Add a message to a ticket, and return whether a person's mail made it our turn again."""
    is_newest = not incoming.is_history or message.at >= ticket.last_activity_at
    is_newest &= message.kind != BLOCKED  # nobody wants it, so it moves nothing in a list
    ticket.message_count += 1
    ticket.has_attachments |= message.attachment_count > 0
    if is_newest:
        ticket.last_activity_at = max(ticket.last_activity_at, message.at)
        ticket.snippet = snippet_of(message.new_text)
    before = ticket.state
    if is_newest and message.kind not in QUIET:
        _turn(ticket, message)
    if message.kind == "bounce":
        writing.event(ticket.pk, ticket.organization_id, Event.Verb.BOUNCED, at=message.at)
    elif before in (Ticket.State.CLOSED, Ticket.State.SPAM) and ticket.state != before:
        writing.event(ticket.pk, ticket.organization_id, Event.Verb.REOPENED, at=message.at)
    elif before == Ticket.State.SNOOZED and ticket.state == Ticket.State.OPEN:
        writing.event(ticket.pk, ticket.organization_id, Event.Verb.WOKEN, at=message.at)
    if ticket not in writing.new_tickets:
        writing.changed_tickets[ticket.pk] = ticket
    return before != ticket.state == Ticket.State.OPEN and message.kind != "bounce"


def _turn(ticket: Ticket, message: Message) -> None:
    """Say whose turn it is now; an answer of ours leaves what is done as it is, and spam stays spam.

    What only the provider called spam is none any more once a mail comes that it does not call so, or we answer.
    """
    if ticket.is_spam:
        if not ticket.suspicion or message.kind == SPAM:
            return
        ticket.suspicion = ""
    if not message.is_outbound:
        if ticket.state != Ticket.State.OPEN:
            ticket.waiting_since = message.at
        ticket.state, ticket.closed_at, ticket.snoozed_until = Ticket.State.OPEN, None, None
    elif not ticket.is_closed:
        ticket.state = Ticket.State.PENDING


def _mark_bounced(incoming: Incoming, place: Place, known: Known, writing: Writing) -> None:
    """Remember which addresses take no mail; only those this ticket wrote to, so that no stranger can name others."""
    bounce = incoming.classification.bounce
    if bounce and is_gone(bounce) and place.ticket:
        digests: list[bytes] = [incoming.ours.digest(address) for address in bounce.recipients]
        writing.bounced.update(one for one in digests if known.takes_part(place.ticket, [one]))
