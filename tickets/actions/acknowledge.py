"""The automatic answer to a mail that opened a ticket: we have it, and this is its number."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mailbox.automatic_text import automatic_text
from mailbox.bodies import Body
from mailbox.models import InboundEmail, Mailbox
from mailbox.signatures import signature_of
from tickets.answering import AUTOMATIC, may_answer_automatically
from tickets.history import announce
from tickets.models import Message, Ticket
from tickets.outgoing import Letter, put_into_outbox
from tickets.recipients import written_to


def to_acknowledge(emails: Sequence[InboundEmail]) -> list[UUID]:
    """Return the messages of these freshly filed mails that came to a mailbox which answers by itself."""
    answering = Mailbox.objects.active().filter(acknowledges=True)
    found = Message.objects.filter(
        inbound__in=[one.pk for one in emails],
        direction=Message.Direction.INBOUND,
        may_autorespond=True,
        mailbox__in=answering,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def acknowledge(message: Message) -> Message | None:
    """Answer the mail that opened a ticket, once, if a machine may answer it and its mailbox wants that.

    The ticket stays as it is: its turn, its assignee, its place in the list. Mail from before the mailbox was connected
    is history, and so is a ticket that went on or was merged meanwhile.
    """
    ticket = message.ticket.lock()
    mailbox = Mailbox.objects.get(pk=ticket.mailbox_id)
    if not (mailbox.is_active and mailbox.acknowledges and (mailbox.acknowledgement or "").strip()):
        return None
    connected_at = mailbox.connected_at.replace(microsecond=0)  # Graph says when a mail came in whole seconds
    if message.at < connected_at or not _is_untouched(ticket, message):
        return None
    may, _why = may_answer_automatically(message)
    return _answer(ticket, mailbox, message) if may else None


def _is_untouched(ticket: Ticket, message: Message) -> bool:
    """Return whether the ticket waits for us with nothing but this mail in it, or more mails of the same sort."""
    if ticket.state != Ticket.State.OPEN:
        return False
    first = ticket.messages.order_by("at", "id").first()
    return first == message and not ticket.messages.filter(direction=Message.Direction.OUTBOUND).exists()


def _answer(ticket: Ticket, mailbox: Mailbox, message: Message) -> Message | None:
    """Queue the answer to who wrote: neither their name nor their words are repeated, for both may be made up."""
    name = mailbox.sender_name or ticket.organization.name
    said = mailbox.acknowledgement or ""
    text = automatic_text(said, ticket.organization, number=ticket.number, sender=name, at=timezone.now())
    if not text:  # it spoke of nothing but working hours, and there are none any more
        return None
    (_name, address) = message.people("from")[0]
    letter = Letter(
        sender=(name, written_to(message, mailbox.addresses) or mailbox.address),
        to=[("", address)],
        body=Body(text, signature_of(mailbox, agent="", sender=name)),
    )
    answer = put_into_outbox(ticket, letter, answered=message, kind=AUTOMATIC)
    announce(ticket)
    return answer
