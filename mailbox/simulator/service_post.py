"""The post box for mail the product sends by itself over SMTP."""

from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from asgiref.sync import sync_to_async

from mailbox.simulator.clock import now
from mailbox.simulator.mail.reading import decoded, parse, text_of
from mailbox.simulator.models import ServiceMail


class PostBox:
    """Takes every mail and keeps one row for each recipient."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Store the mail and say so."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        await sync_to_async(keep, thread_sensitive=False)(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return "250 Kept"


def keep(sender: str, recipients: list[str], raw: bytes) -> None:
    """Store a mail for each of its recipients."""
    message: Message = parse(raw)
    for recipient in recipients:
        ServiceMail.objects.create(
            at=now(),
            sender=sender[:320],
            recipient=recipient.lower()[:320],
            subject=decoded(message.get("Subject")),
            text=text_of(message),
            raw=raw,
        )


def post_box(port: int) -> Controller:
    """An SMTP server on loopback, not yet started."""
    return Controller(PostBox(), hostname="127.0.0.1", port=port, data_size_limit=50_000_000)
