"""The same mail by another way: kept, not filed again, and never silently."""

from mailbox.models import InboundEmail
from tickets.filing.incoming import Incoming
from tickets.filing.writing import Writing
from tickets.models import Event, Message

HERE = "The same mail is here already."
ELSEWHERE = "The same mail came through another mailbox too and is in its ticket."


def note_same_mail(incoming: Incoming, twin: Message, writing: Writing) -> None:
    """Keep the copy and, where it came through another mailbox, say so in the history of the ticket.

    The copy that came through the ticket's own mailbox is the one the message is known by, so that answers stay in the
    thread the provider has there.
    """
    email, other = incoming.email, twin.inbound
    if other is None or other.mailbox_id == email.mailbox_id:
        writing.settle(email, InboundEmail.State.SKIPPED, HERE)
        return
    stranger = email.mailbox_id
    if email.mailbox_id == twin.mailbox_id and not incoming.is_history:
        stranger = other.mailbox_id
        writing.settle(email, InboundEmail.State.FILED)
        writing.settle(other, InboundEmail.State.SKIPPED, ELSEWHERE)
        writing.adopt(twin, email)
    else:
        writing.settle(email, InboundEmail.State.SKIPPED, ELSEWHERE)
    if stranger != twin.mailbox_id:
        at = incoming.at if incoming.is_history else None
        writing.event(twin.ticket_id, twin.organization_id, Event.Verb.ALSO_CAME, at=at, mailbox_id=stranger)
