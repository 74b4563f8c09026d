"""An answer: a message of the ticket, and a mail in the outbox."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.bodies import Body
from mailbox.signatures import signature_of
from tickets.actions.attach import NewFile
from tickets.actions.merged import refuse_if_merged
from tickets.actions.see import see
from tickets.answered import mail_to_answer
from tickets.filing.building import snippet_of
from tickets.history import record
from tickets.models import Event, Message, Ticket
from tickets.outgoing import Letter, put_into_outbox
from tickets.quoting import quote_of
from tickets.recipients import written_to
from tickets.seen import unseen
from tickets.sending import People, check_letter, people_to_send_to


class NewerMessages(ActionRefused):
    """Something came, or a colleague answered, since the agent looked: `messages` are what they have not seen."""

    def __init__(self, messages: Sequence[Message]) -> None:
        """Keep them, to be shown."""
        super().__init__(_("Not sent yet: something new stands in this ticket since you opened it."))
        self.messages = list(messages)


@transaction.atomic
def send_reply(
    ticket: Ticket,
    *,
    text: str,
    to: People,
    cc: People = (),
    bcc: People = (),
    attachments: Sequence[NewFile] = (),
    by: Membership,
    close: bool = False,
    answered: Message | None = None,
    sender_address: str = "",
    quotes: bool | None = None,
    html: str = "",
    seen: str = "",
    delay: int = 0,
) -> Message:
    """Answer from the ticket's mailbox to exactly these people, in the contact's thread.

    Below the text stand the mailbox's signature and the mail that is answered: `answered`, or the newest one that
    somebody wrote. `quotes` says otherwise than the mailbox; `sender_address` names another of its addresses than the
    one that mail was sent to; `html` is the text with its layout, cleaned. The answer is queued, not sent: the outbox
    sends it once, after `delay` seconds in which it can be taken back. The ticket then waits for the contact, or is
    closed. Where `seen` says what the agent had read and something newer is there, nothing is sent: NewerMessages.
    """
    mailbox = ticket.mailbox
    refuse_if_merged(ticket.lock())
    if newer := unseen(ticket, seen):
        raise NewerMessages(newer)
    answered = answered or mail_to_answer(ticket)
    sender = (mailbox.sender_name or by.display_name, sender_address or written_to(answered, mailbox.addresses))
    wants_quote = mailbox.quotes_history if quotes is None else quotes
    signature = signature_of(mailbox, agent=by.display_name, sender=sender[0])
    letter = Letter(
        sender=(sender[0], sender[1] or mailbox.address),
        to=people_to_send_to(to),
        cc=people_to_send_to(cc),
        bcc=people_to_send_to(bcc),
        body=Body(text, signature, quote_of(answered) if wants_quote else None, html),
        attachments=attachments,
    )
    check_letter(mailbox, letter)
    before = _before(ticket, answered, wants_quote)
    subject = "" if ticket.message_count else ticket.subject  # its first mail was taken back: this one begins it again
    message = put_into_outbox(ticket, letter, answered=answered, author=by, subject=subject, delay=delay, before=before)
    _move_ticket(ticket, message, by=by, close=close)
    see(ticket, by=by)
    return message


def _before(ticket: Ticket, answered: Message | None, quotes: bool) -> dict[str, Any]:
    """Return what taking the answer back restores."""
    return {
        "state": ticket.state,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else "",
        "assignee": str(ticket.assignee_id or ""),
        "answered": str(answered.pk) if answered else "",
        "quotes": quotes,
    }


def _move_ticket(ticket: Ticket, message: Message, *, by: Membership, close: bool) -> None:
    ticket.message_count += 1
    ticket.has_attachments |= message.attachment_count > 0
    ticket.last_activity_at = message.at
    ticket.snippet = snippet_of(message.new_text)
    ticket.assignee = ticket.assignee or by
    ticket.state = Ticket.State.CLOSED if close else Ticket.State.PENDING
    ticket.closed_at = message.at if close else None
    ticket.save(
        update_fields=[
            "message_count", "has_attachments", "last_activity_at", "snippet", "assignee", "state", "closed_at"
        ]
    )  # fmt: skip
    record(ticket, Event.Verb.ANSWERED, by=by)
    if close:
        record(ticket, Event.Verb.CLOSED, by=by)
