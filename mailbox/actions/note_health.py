"""How a mailbox fares: since when it does not work, why, and when to try again."""

import logging
import random
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from mailbox.providers.base import (
    ApplicationRefused,
    AuthorizationExpired,
    MailProviderError,
    ProviderError,
    TemporaryProviderError,
)
from mailbox.signals import mailbox_changed

logger = logging.getLogger(__name__)

SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
FIELDS = ["state", "trouble", "trouble_since", "trouble_code", "not_before"]


def note_failure(mailbox: Mailbox, error: Exception) -> None:
    """Remember what failed and when to try again; only a refused permission asks for a reconnect.

    A refusal of credentials that have been replaced since changes nothing.
    """
    with organization_scope(mailbox.organization_id):
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if row.is_disconnected:
            return
        before = row.state, row.trouble
        if isinstance(error, AuthorizationExpired):
            if error.version not in {0, row.credentials_version}:
                return
            row.state, row.not_before = Mailbox.State.RECONNECT, None
        now = timezone.now()
        row.trouble = _trouble_of(error)
        row.trouble_since = row.trouble_since or now
        row.trouble_code = getattr(error, "code", "") or type(error).__name__[:64]
        if row.is_active:
            row.not_before = now + wait_after(error, now - row.trouble_since)
        row.save(update_fields=FIELDS)
        logger.warning("Mailbox %s: %s (%s)", row.pk, row.trouble, row.trouble_code)
        _tell(row, before)


def note_success(row: Mailbox, *, at: datetime) -> None:
    """Clear the trouble of an active mailbox whose row the caller holds; the caller saves HEALTHY."""
    before = row.state, row.trouble
    row.last_success_at = at
    if row.is_active:
        row.trouble, row.trouble_code, row.trouble_since, row.not_before = "", "", None, None
    _tell(row, before)


def wait_after(error: Exception, lasted: timedelta) -> timedelta:
    """Return how long to wait: what the provider asked for, else half as long as the trouble lasts already."""
    asked = error.retry_after if isinstance(error, TemporaryProviderError) else None
    if asked is not None:
        return timedelta(seconds=asked) + random.random() * timedelta(seconds=2)  # noqa: S311 - jitter
    return max(SHORTEST_WAIT, min(lasted / 2, LONGEST_WAIT)) * random.uniform(0.8, 1.2)  # noqa: S311


def _trouble_of(error: Exception) -> str:
    match error:
        case AuthorizationExpired():
            return Mailbox.Trouble.REVOKED
        case ApplicationRefused():
            return Mailbox.Trouble.APPLICATION
        case TemporaryProviderError(throttled=True):
            return Mailbox.Trouble.THROTTLED
        case TemporaryProviderError():
            return Mailbox.Trouble.UNREACHABLE
        case ProviderError() | MailProviderError():
            return Mailbox.Trouble.REFUSED
        case _:
            return Mailbox.Trouble.INTERNAL


def _tell(row: Mailbox, before: tuple[str, str]) -> None:
    if (row.state, row.trouble) != before:
        mailbox_changed.send(sender=Mailbox, mailbox=row)
