"""A new permission for a mailbox that is here already."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.actions.connect_mailbox import record_authorization
from mailbox.models import Mailbox, OutboundEmail
from mailbox.providers.consent import Grant
from mailbox.signals import mailbox_changed
from mailbox.tasks import deliver, sync_mailbox


@transaction.atomic
def reconnect_mailbox(mailbox: Mailbox, *, grant: Grant, by: Membership) -> None:
    """Take the new permission and go on where the mailbox stopped: same row, same bookmark, waiting answers leave."""
    mailbox.lock()
    if mailbox.is_disconnected:
        raise ActionRefused(_("This mailbox was disconnected meanwhile. Connect it anew."))
    mailbox.credentials = grant.credentials
    mailbox.credentials_version += 1
    mailbox.state = Mailbox.State.ACTIVE
    mailbox.trouble, mailbox.trouble_code, mailbox.trouble_since, mailbox.not_before = "", "", None, None
    mailbox.save()
    record_authorization(mailbox, grant, by=by)
    mailbox_changed.send(sender=Mailbox, mailbox=mailbox)
    sync_mailbox.delay_on_commit(str(mailbox.organization_id), str(mailbox.pk))
    for email_id in OutboundEmail.objects.unsent().filter(mailbox=mailbox).order_by("pk").values_list("pk", flat=True):
        deliver.delay_on_commit(str(mailbox.organization_id), str(email_id))
