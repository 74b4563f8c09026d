"""Handing a permission back to the provider."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.sealing.errors import KeyDestroyed
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox, MailboxAuthorization
from mailbox.providers import google_identity
from mailbox.providers.base import TemporaryProviderError

GIVE_UP_AFTER = timedelta(days=7)  # a permission that could not be handed back by then is dropped all the same


def unrevoked_mailboxes() -> Iterator[UUID]:
    """Yield the disconnected mailboxes of the open scope whose permission was not handed back yet."""
    waiting = Mailbox.objects.filter(state=Mailbox.State.DISCONNECTED, credentials__isnull=False)
    yield from waiting.order_by("pk").values_list("pk", flat=True)


def revoke_grant(organization_id: UUID, mailbox_id: UUID, *, now: datetime | None = None) -> None:
    """Hand the permission back and drop it; where the provider cannot be reached it stays for the next try."""
    now = now or timezone.now()
    with organization_scope(organization_id):
        mailbox = Mailbox.objects.filter(pk=mailbox_id, state=Mailbox.State.DISCONNECTED).first()
    if mailbox is None:
        return
    try:
        if not mailbox.credentials:
            return
        revoked = google_identity.revoke(mailbox.credentials)
    except TemporaryProviderError:
        if mailbox.disconnected_at and now - mailbox.disconnected_at < GIVE_UP_AFTER:
            return
        revoked = False
    except KeyDestroyed:  # nobody can read it any more
        revoked = False
    with organization_scope(organization_id):
        row = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        if not row.is_disconnected:  # it came back meanwhile, with a permission of its own
            return
        row.credentials = None
        row.save(update_fields=["credentials"])
        last = MailboxAuthorization.objects.filter(mailbox=row).order_by("-at").first()
        if last is not None:
            last.revoked_at_provider = revoked
            last.save(update_fields=["revoked_at_provider"])
