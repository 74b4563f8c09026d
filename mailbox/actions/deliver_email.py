"""Sending: claimed first, looked for after an unclear result, never sent twice as far as the provider lets us know."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.actions.note_health import note_failure
from mailbox.compose import own_message_id
from mailbox.models import Mailbox, OutboundEmail
from mailbox.providers import provider_for
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    CursorExpired,
    MailProvider,
    MailProviderError,
    ProviderError,
    SentEmail,
    TemporaryProviderError,
    UnclearResult,
)
from mailbox.signals import mail_failed, mail_left

LEASE = timedelta(minutes=5)  # longer than the task's time limit: whoever held a claim that old is gone
FIRST_LOOK = timedelta(seconds=10)  # the copy in Sent may take a moment to appear
LOOK_AGAIN = timedelta(seconds=30)
NOT_THERE_AFTER = timedelta(seconds=90)  # a mail not found in Sent by then did not leave
MAX_ATTEMPTS = 30  # some hours, with the waits between
MAX_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to ring for: the next mail of the conversation, and this one again in so many seconds."""

    next_id: UUID | None = None
    again_in: float | None = None


def due_emails() -> Iterator[UUID]:
    """Yield what waits in the open scope and may be worked on now, oldest first."""
    now = timezone.now()
    due = OutboundEmail.objects.unsent().filter(mailbox__state=Mailbox.State.ACTIVE)
    due = due.filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("pk")
    yield from due.values_list("pk", flat=True)[:500]


def deliver_email(organization_id: UUID, email_id: UUID) -> Outcome:
    """Send one queued mail, or find that it has left; one that another worker holds, or that must wait, is left."""
    claimed = _claim(organization_id, email_id)
    if isinstance(claimed, Outcome):
        return claimed
    email, is_unclear = claimed
    try:
        with closing(provider_for(email.mailbox)) as provider:
            sent = provider.sent(email) if is_unclear else None
            if sent is None and is_unclear:
                if email.claimed_at and timezone.now() - email.claimed_at < NOT_THERE_AFTER:
                    return _wait(email, LOOK_AGAIN)
                is_unclear = False
            if sent is None:
                sent = _send(provider, email)
    except MailProviderError as error:
        return _did_not_work(email, error, is_unclear=is_unclear or isinstance(error, UnclearResult))
    return _settle(email, sent)


def fail_email(email: OutboundEmail, failure: str, code: str = "") -> None:
    """Mark a mail, whose row the caller holds, as not sent; somebody is told, and may try again."""
    email.state, email.failure, email.failure_code = OutboundEmail.State.FAILED, failure, code[:64]
    email.not_before = None
    email.save(update_fields=["state", "failure", "failure_code", "not_before"])
    mail_failed.send(sender=OutboundEmail, email=email)


def _claim(organization_id: UUID, email_id: UUID) -> tuple[OutboundEmail, bool] | Outcome:
    now = timezone.now()
    with organization_scope(organization_id):
        emails = OutboundEmail.objects.unsent().select_for_update(of=("self",)).select_related("mailbox")
        email = emails.filter(pk=email_id).first()
        if email is None:
            return Outcome()
        if email.not_before and email.not_before > now:
            return Outcome(again_in=(email.not_before - now).total_seconds())
        if email.mailbox.is_disconnected:
            fail_email(email, OutboundEmail.Failure.DISCONNECTED)
            return Outcome()
        if not email.mailbox.is_active or _has_predecessor(email):
            return Outcome()  # a reconnect, or the mail before it, rings
        is_unclear = email.claimed_at is not None
        email.state, email.attempts = OutboundEmail.State.SENDING, email.attempts + 1
        email.claimed_at, email.not_before = email.claimed_at or now, now + LEASE
        email.save(update_fields=["state", "attempts", "claimed_at", "not_before"])
        return email, is_unclear


def _has_predecessor(email: OutboundEmail) -> bool:
    return OutboundEmail.objects.unsent().filter(conversation=email.conversation, pk__lt=email.pk).exists()


def _send(provider: MailProvider, email: OutboundEmail) -> SentEmail:
    if not email.draft_id and (draft_id := provider.prepare(email)):
        email.draft_id = draft_id
        with organization_scope(email.organization_id):  # known before it leaves, so that it can be asked for
            OutboundEmail.objects.filter(pk=email.pk).update(draft_id=draft_id)
    with organization_scope(email.organization_id):
        email.claimed_at = timezone.now()
        OutboundEmail.objects.filter(pk=email.pk).update(claimed_at=email.claimed_at)
    return provider.send(email)


def _did_not_work(email: OutboundEmail, error: MailProviderError, *, is_unclear: bool) -> Outcome:
    if isinstance(error, AuthorizationExpired | ApplicationRefused):
        note_failure(email.mailbox, error)
        return _put_back(email, error, is_unclear=is_unclear, count=False)
    if isinstance(error, TemporaryProviderError | CursorExpired):
        if not isinstance(error, UnclearResult):
            note_failure(email.mailbox, error)
        return _put_back(email, error, is_unclear=is_unclear)
    with organization_scope(email.organization_id):
        row = email.lock()
        if row.state == OutboundEmail.State.SENDING:
            too_large = isinstance(error, ProviderError) and error.code == "too_large"
            fail_email(row, row.Failure.TOO_LARGE if too_large else row.Failure.REFUSED, error.code)
        return Outcome(next_id=_next_id(row))


def _put_back(email: OutboundEmail, error: MailProviderError, *, is_unclear: bool, count: bool = True) -> Outcome:
    """Queue it again; where it may have left, keep the claim, so that it is looked for first."""
    with organization_scope(email.organization_id):
        row = email.lock()
        if row.state != OutboundEmail.State.SENDING:
            return Outcome(next_id=_next_id(row))
        if row.attempts >= MAX_ATTEMPTS and count:
            fail_email(row, row.Failure.UNCLEAR if is_unclear else row.Failure.REFUSED, error.code)
            return Outcome(next_id=_next_id(row))
        wait = FIRST_LOOK if isinstance(error, UnclearResult) else _wait_before(row.attempts, error)
        row.not_before = timezone.now() + wait
        if not is_unclear:
            row.state, row.claimed_at = OutboundEmail.State.QUEUED, None
        if not count:
            row.attempts -= 1
        row.save(update_fields=["state", "claimed_at", "not_before", "attempts"])
        return Outcome(again_in=wait.total_seconds())


def _wait(email: OutboundEmail, wait: timedelta) -> Outcome:
    with organization_scope(email.organization_id):
        waiting = OutboundEmail.objects.filter(pk=email.pk, state=OutboundEmail.State.SENDING)
        waiting.update(not_before=timezone.now() + wait)
    return Outcome(again_in=wait.total_seconds())


def _wait_before(attempts: int, error: MailProviderError) -> timedelta:
    asked = error.retry_after if isinstance(error, TemporaryProviderError) else None
    if asked is not None:
        return timedelta(seconds=asked + 1)
    wait = min(timedelta(seconds=5) * 2 ** min(attempts, 12), MAX_WAIT)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 - jitter


def _settle(email: OutboundEmail, sent: SentEmail) -> Outcome:
    """Write down that it left: the truth, even where the mailbox was disconnected while it was on its way."""
    with organization_scope(email.organization_id):
        row = email.lock()
        row.state, row.sent_at = OutboundEmail.State.SENT, timezone.now()
        row.provider_id, row.not_before, row.failure, row.failure_code = sent.provider_id, None, "", ""
        row.provider_thread_id = sent.thread_id or row.provider_thread_id
        if sent.message_id and sent.message_id != own_message_id(row.mailbox, row.pk):
            row.provider_message_id = sent.message_id
        row.save()
        mail_left.send(sender=OutboundEmail, email=row)
        return Outcome(next_id=_next_id(row))


def _next_id(email: OutboundEmail) -> UUID | None:
    later = OutboundEmail.objects.unsent().filter(conversation=email.conversation, pk__gt=email.pk)
    return later.order_by("pk").values_list("pk", flat=True).first()
