"""A new permission for a mailbox that is here already."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.actions.connect_mailbox import record_authorization
from mailbox.models import Mailbox, OutboundEmail
from mailbox.providers.consent import Grant
from mailbox.signals import mailbox_changed, mailbox_connected
from mailbox.tasks import deliver, sync_mailbox


@transaction.atomic
def reconnect_mailbox(mailbox: Mailbox, *, grant: Grant, by: Membership) -> None:
    """Take the new permission and go on where the mailbox stopped: same row, same bookmark, waiting answers leave.

    A mailbox that was disconnected comes back with all its tickets, as long as its deletion has not begun.
    """
    mailbox.lock()
    if mailbox.is_disconnected and not mailbox.can_come_back:
        raise ActionRefused(_("The deletion of this mailbox has begun. Connect it anew."))
    mailbox.credentials = grant.credentials
    mailbox.credentials_version += 1
    mailbox.state, mailbox.disconnected_at = Mailbox.State.ACTIVE, None
    mailbox.trouble, mailbox.trouble_code, mailbox.trouble_since, mailbox.not_before = "", "", None, None
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError:
        raise ActionRefused(_("This mailbox is connected already.")) from None
    record_authorization(mailbox, grant, by=by)
    mailbox_changed.send(sender=Mailbox, mailbox=mailbox)
    mailbox_connected.send(sender=Mailbox, mailbox=mailbox, by=by)
    sync_mailbox.delay_on_commit(str(mailbox.organization_id), str(mailbox.pk))
    for email_id in OutboundEmail.objects.unsent().filter(mailbox=mailbox).order_by("pk").values_list("pk", flat=True):
        deliver.delay_on_commit(str(mailbox.organization_id), str(email_id))
