"""What these tests do to a mailbox and read from it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.ids import uuid7
from accounts.tenancy import organization_scope
from mailbox.actions.deliver_email import Outcome, deliver_email
from mailbox.actions.queue_email import queue_email
from mailbox.actions.sync_mailbox import sync_mailbox
from mailbox.bodies import Body
from mailbox.compose import compose
from mailbox.models import InboundEmail, Mailbox, OutboundEmail


def sync(mailbox: Mailbox) -> int:
    """Run one sync now, whatever back-off there is, and return how many mails it stored."""
    return sync_mailbox(mailbox.organization_id, mailbox.pk, at_once=True).stored


def fresh(mailbox: Mailbox) -> Mailbox:
    """The mailbox as the database has it."""
    with organization_scope(mailbox.organization_id):
        return Mailbox.objects.get(pk=mailbox.pk)


def subjects(mailbox: Mailbox) -> list[str]:
    """The subjects of what is stored, in the order it was stored."""
    with organization_scope(mailbox.organization_id):
        raws = [email.raw() for email in InboundEmail.objects.filter(mailbox=mailbox).order_by("pk")]
    return [raw.replace(b"\r\n", b"\n").partition(b"Subject: ")[2].partition(b"\n")[0].decode() for raw in raws]


def queue(
    mailbox: Mailbox,
    *,
    conversation: UUID | None = None,
    text: str = "We come tomorrow.",
    thread_id: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    delay: int = 0,
    **more: Any,
) -> OutboundEmail:
    """Put an answer to Carol into the outbox; nothing is sent yet."""
    email_id = uuid7()
    with organization_scope(mailbox.organization_id):
        raw = compose(
            email_id=email_id,
            mailbox=mailbox,
            sender_name="Alice Agent",
            attachments=files,
            **{
                "subject": "Re: The door does not close",
                "to": [("Carol Customer", "carol@customer.example")],
                "body": Body(text),
                **more,
            },
        )
        return queue_email(
            mailbox,
            email_id=email_id,
            raw=raw,
            conversation=conversation or uuid7(),
            provider_thread_id=thread_id,
            delay=delay,
        )


def deliver(email: OutboundEmail, *, soon: bool = True) -> Outcome:
    """Send it now; `soon` lets a waiting one have waited long enough."""
    if soon:
        with organization_scope(email.organization_id):
            OutboundEmail.objects.filter(pk=email.pk).update(not_before=None)
    return deliver_email(email.organization_id, email.pk)


def let_time_pass(email: OutboundEmail, seconds: float = 600) -> None:
    """Move the claim into the past, as if that much time had gone by."""
    with organization_scope(email.organization_id):
        OutboundEmail.objects.filter(pk=email.pk).update(
            not_before=None, claimed_at=timezone.now() - timedelta(seconds=seconds)
        )


def in_outbox(email: OutboundEmail) -> OutboundEmail:
    """The mail as the database has it."""
    with organization_scope(email.organization_id):
        return OutboundEmail.objects.get(pk=email.pk)
