"""A mailbox leaves the desk."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from mailbox.actions.connect_mailbox import end_authorization
from mailbox.actions.deliver_email import fail_email
from mailbox.models import Mailbox, OutboundEmail
from mailbox.signals import mailbox_changed, mailbox_disconnected
from mailbox.tasks import revoke


@transaction.atomic
def disconnect_mailbox(mailbox: Mailbox, *, by: Membership | None) -> None:
    """Stop fetching and sending from this moment; answers that wait fail, visibly; doing it again changes nothing.

    Microsoft's tokens are dropped here and now, because Microsoft has no way to be told. Google's is kept, sealed,
    until Google has taken it back. The moment is stored: the deletion clock counts from it.
    """
    mailbox.lock()
    if mailbox.is_disconnected:
        return
    mailbox.state, mailbox.disconnected_at = Mailbox.State.DISCONNECTED, timezone.now()
    mailbox.epoch += 1
    mailbox.trouble, mailbox.trouble_code, mailbox.trouble_since, mailbox.not_before = "", "", None, None
    refresh_token = (mailbox.credentials or {}).get("refresh_token")
    mailbox.credentials = {"refresh_token": refresh_token} if refresh_token else None
    mailbox.credentials_version += 1
    mailbox.save()
    end_authorization(mailbox)
    for email in OutboundEmail.objects.unsent().filter(mailbox=mailbox).select_for_update().order_by("pk"):
        fail_email(email, OutboundEmail.Failure.DISCONNECTED)
    mailbox_changed.send(sender=Mailbox, mailbox=mailbox)
    mailbox_disconnected.send(sender=Mailbox, mailbox=mailbox, by=by)
    if mailbox.credentials:
        revoke.delay_on_commit(str(mailbox.organization_id), str(mailbox.pk))
