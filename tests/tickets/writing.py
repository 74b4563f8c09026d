"""What the composer's tests share: a ticket with a question of Carol's, and ways to read what was sent."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from django.urls import reverse

from tests.mails import arrive
from tickets.models import Message, Ticket

CAROL = "carol@customer.example"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def ask(mailbox, **mail):
    """Let Carol's question arrive and return it."""
    return arrive(mailbox, **{"sender": f"Carol Customer <{CAROL}>", "text": "Is it open?", **mail})


def url(name: str, ticket: Ticket, **more) -> str:
    """Return an address of a ticket at Acme."""
    return reverse(f"tickets:{name}", kwargs={"organization": "acme", "number": ticket.number, **more})


def answers(ticket: Ticket) -> list[Message]:
    """Return what was sent in a ticket, oldest first."""
    return list(ticket.messages.filter(direction=Message.Direction.OUTBOUND).select_related("outbound"))


def mail_of(message: Message) -> EmailMessage:
    """Return the mail as it waits in the outbox."""
    return message_from_bytes(message.outbound.raw(), policy=policy.default)
