"""A mailbox joins the desk."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest
from accounts.sealing.keys import Kind, make_key
from mailbox.models import Mailbox, MailboxAuthorization
from mailbox.providers.consent import Grant
from mailbox.signals import mailbox_changed, mailbox_connected
from mailbox.tasks import sync_mailbox


def connect_mailbox(provider: str, *, address: str, days: int, grant: Grant, by: Membership) -> Mailbox:
    """Save the mailbox with a key of its own and the record of what was granted, and queue its first sync."""
    mailbox = Mailbox(
        organization_id=by.organization_id,
        provider=provider,
        address=address,
        address_digest=address_digest(by.organization_id, address),
        credentials=grant.credentials,
        credentials_version=1,
        first_sync_days=days,
        connected_by=by,
    )
    make_key(Kind.MAILBOX, mailbox.pk, organization=by.organization_id)
    try:
        with transaction.atomic():
            mailbox.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(_("This mailbox is connected already.")) from None
    record_authorization(mailbox, grant, by=by)
    mailbox_changed.send(sender=Mailbox, mailbox=mailbox)
    mailbox_connected.send(sender=Mailbox, mailbox=mailbox, by=by)
    sync_mailbox.delay_on_commit(str(mailbox.organization_id), str(mailbox.pk))
    return mailbox


def record_authorization(mailbox: Mailbox, grant: Grant, *, by: Membership) -> None:
    """Keep what was granted, by whom and when; the one before it has ended."""
    end_authorization(mailbox)
    MailboxAuthorization.objects.create(
        organization_id=mailbox.organization_id, mailbox=mailbox, scopes=grant.scopes, by=by
    )


def end_authorization(mailbox: Mailbox) -> None:
    """Note that what was granted before no longer counts."""
    MailboxAuthorization.objects.filter(mailbox=mailbox, ended_at=None).update(ended_at=timezone.now())
