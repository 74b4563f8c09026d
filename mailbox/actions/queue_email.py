"""Into the outbox."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from mailbox.models import Mailbox, OutboundEmail
from mailbox.tasks import deliver

# What the providers take: Gmail's upload limit, and what Microsoft 365 allows a mailbox unless its admin changed it.
MAX_BYTES = {Mailbox.Provider.GOOGLE: 36_700_160, Mailbox.Provider.MICROSOFT: 36_700_160}


@transaction.atomic
def queue_email(
    mailbox: Mailbox, *, email_id: UUID, raw: bytes, conversation: UUID, provider_thread_id: str = "", delay: int = 0
) -> OutboundEmail:
    """Save a composed mail under this id and send it once this commits; mails of a conversation keep their order.

    For `delay` seconds it only waits: so long it can be taken back.
    """
    if mailbox.is_disconnected:
        raise ActionRefused(_("This mailbox was disconnected, so no answer can leave from it."))
    if len(raw) > MAX_BYTES[Mailbox.Provider(mailbox.provider)]:
        raise ActionRefused(
            _("The answer with its files is larger than %(provider)s takes (35 MB).")
            % {"provider": mailbox.get_provider_display()}
        )
    email = OutboundEmail(
        id=email_id,
        organization_id=mailbox.organization_id,
        mailbox=mailbox,
        conversation=conversation,
        provider_thread_id=provider_thread_id,
    )
    email.keep_raw(raw)
    if delay:
        email.not_before = timezone.now() + timedelta(seconds=delay)
    email.save(force_insert=True)
    ring = partial(deliver.apply_async, [str(email.organization_id), str(email.pk)], countdown=delay or None)
    transaction.on_commit(ring)
    return email
