"""What follows from news of the apps below: mailboxes that leave and come back, what is suppressed, new root keys."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.models import Membership
from accounts.signals import root_key_rotated, suppressed
from mailbox.models import Mailbox, MailboxAuthorization
from mailbox.signals import mailbox_changed, mailbox_connected, mailbox_disconnected
from privacy import clock
from privacy.actions.cancel_deletion import cancel_mailbox_deletion
from privacy.actions.export import end_exports
from privacy.actions.issue_certificate import publish_key
from privacy.actions.request_deletion import is_closing, request_mailbox_deletion
from privacy.backups import keyring
from privacy.ledger import append
from privacy.ledger.ledger import renew
from privacy.models import DeletionJob


@receiver(mailbox_disconnected)
def begin_the_clock(mailbox: Mailbox, by: Membership | None, **kwargs: Any) -> None:
    """End the exports that hold it and let it be deleted; the mailboxes of an account that is closing go with that."""
    end_exports(mailbox.organization_id)
    if not is_closing(mailbox.organization_id):
        request_mailbox_deletion(mailbox, by=by)


@receiver(mailbox_connected)
def stop_the_clock(mailbox: Mailbox, by: Membership, **kwargs: Any) -> None:
    """The same account has consented again: nothing is deleted."""
    cancel_mailbox_deletion(mailbox, by=by)


@receiver(mailbox_changed)
def begin_the_clock_of_a_lost_permission(mailbox: Mailbox, **kwargs: Any) -> None:
    """Count from the moment we first see that the permission was taken back, once for each permission."""
    if mailbox.state != Mailbox.State.RECONNECT or mailbox.trouble != Mailbox.Trouble.REVOKED:
        return
    given = MailboxAuthorization.objects.filter(mailbox=mailbox).order_by("-at").values_list("at", flat=True).first()
    counted = DeletionJob.objects.filter(target_id=mailbox.pk, cause=DeletionJob.Cause.REVOKED)
    if not counted.filter(requested_at__gte=given or mailbox.connected_at).exists():
        request_mailbox_deletion(mailbox, by=None, cause=DeletionJob.Cause.REVOKED, at=clock.now())


@receiver(suppressed)
def keep_suppression_outside(
    organization_id: UUID, kind: str, digests: Collection[bytes], job_id: UUID | None, **kwargs: Any
) -> None:
    """Write the list into the ledger too: a restored backup would not know it."""
    ids = [UUID(bytes=bytes(one)) for one in digests]
    append("suppression", ids, place=str(kind), job_id=job_id, organization_id=organization_id)


@receiver(root_key_rotated)
def renew_what_hangs_on_the_root_key(**kwargs: Any) -> None:
    """Make the codes of the ledger anew, wrap the ring, and let the old signing key introduce the new one.

    All three need the old root key, which is taken away next.
    """
    renew()
    keyring.rewrap()
    publish_key()
