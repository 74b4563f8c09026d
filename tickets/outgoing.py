"""A mail of ours on its way: composed, put into the outbox, and written down as a message of its ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Membership
from accounts.sealing.digests import message_id_digest
from mailbox.actions.queue_email import queue_email
from mailbox.bodies import Body
from mailbox.compose import compose, own_message_id
from tickets.actions.attach import NewFile, attach_files
from tickets.answered import answer_subject, refers_to
from tickets.models import Message, ThreadKey, Ticket
from tickets.people import digests_of

Person = tuple[str, str]


@dataclass(frozen=True)
class Letter:
    """What leaves: from and to whom, and what it says."""

    sender: Person
    to: Sequence[Person]
    body: Body
    cc: Sequence[Person] = ()
    bcc: Sequence[Person] = ()
    attachments: Sequence[NewFile] = field(default=(), repr=False)  # the pictures in its text are among them

    @property
    def files(self) -> list[NewFile]:
        """Return what hangs on it."""
        return [one for one in self.attachments if not one.inline]

    @property
    def pictures(self) -> list[NewFile]:
        """Return what stands in its text."""
        return [one for one in self.attachments if one.inline]

    @property
    def everybody(self) -> list[Person]:
        """Return everybody who gets it."""
        return [*self.to, *self.cc, *self.bcc]


def put_into_outbox(
    ticket: Ticket,
    letter: Letter,
    *,
    answered: Message | None,
    author: Membership | None = None,
    kind: str = "human",
    subject: str = "",
    delay: int = 0,
    before: dict[str, Any] | None = None,
) -> Message:
    """Queue a mail in the thread of the one it answers and return its message; the ticket itself is left alone.

    What an agent wrote has an author; without one it is a machine's, and says so to the machines that read it. A mail
    with a subject of its own begins a thread. It can be taken back for `delay` seconds, to what was `before`. The
    caller holds the ticket.
    """
    mailbox, email_id = ticket.mailbox, uuid7()
    begins = bool(subject)
    in_reply_to, references = ("", []) if begins else refers_to(ticket, answered)
    subject = subject or answer_subject(ticket, answered)
    raw = compose(
        email_id=email_id,
        mailbox=mailbox,
        sender_name=letter.sender[0],
        sender_address=letter.sender[1],
        to=letter.to,
        cc=letter.cc,
        bcc=letter.bcc,
        subject=subject,
        body=letter.body,
        in_reply_to=in_reply_to,
        references=references,
        attachments=[(file.name, file.content_type, file.content) for file in letter.files],
        pictures=[(one.content_id, one.name, one.content_type, one.content) for one in letter.pictures],
        automatic=author is None,
    )
    thread_id = "" if begins else _provider_thread(ticket, answered)
    queue_email(mailbox, email_id=email_id, raw=raw, conversation=ticket.pk, provider_thread_id=thread_id, delay=delay)
    message_id = own_message_id(mailbox, email_id)
    whole = letter.body.as_text()
    message = Message.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        mailbox=mailbox,
        direction=Message.Direction.OUTBOUND,
        outbound_id=email_id,
        author=author,
        kind=kind,
        at=timezone.now(),
        headers={
            "from": [list(letter.sender)],
            "to": [list(person) for person in letter.to],
            "cc": [list(person) for person in letter.cc],
            "bcc": [list(person) for person in letter.bcc],
            "subject": subject,
            "message_id": message_id,
            "in_reply_to": in_reply_to,
            "references": references,
        },
        new_text=letter.body.text,
        html=letter.body.html or None,
        before=before if delay else None,
        whole_text=whole if whole.strip() != letter.body.text.strip() else None,
        message_id_digest=message_id_digest(ticket.organization_id, message_id),
        participants=digests_of(
            ticket.organization_id,
            [address for _name, address in letter.everybody],
            but=[bytes(mailbox.address_digest)],
        ),
        attachment_count=len(letter.files),
    )
    attach_files(message, letter.attachments)
    ThreadKey.objects.create(
        organization_id=ticket.organization_id, digest=message.message_id_digest, ticket=ticket, message=message
    )
    return message


def _provider_thread(ticket: Ticket, answered: Message | None) -> str:
    """Return the thread of the answered mail at the provider; a thread of another mailbox means nothing in this one."""
    email = answered.inbound if answered else None
    return email.provider_thread_id if email and email.mailbox_id == ticket.mailbox_id else ""
