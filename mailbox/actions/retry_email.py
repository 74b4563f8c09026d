"""Once more, because somebody asked."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.models import OutboundEmail
from mailbox.tasks import deliver


@transaction.atomic
def retry_email(email: OutboundEmail, *, by: Membership) -> bool:
    """Queue a mail that was not sent again, and return whether it was one: others are left alone.

    Where it may have left, it is looked for first.
    """
    email.lock()
    if email.state != OutboundEmail.State.FAILED:
        return False
    if email.mailbox.is_disconnected:
        raise ActionRefused(_("This mailbox was disconnected, so no answer can leave from it."))
    if email.failure != OutboundEmail.Failure.UNCLEAR:
        email.claimed_at = None
    email.state, email.failure, email.failure_code = OutboundEmail.State.QUEUED, "", ""
    email.attempts, email.not_before = 0, None
    email.save(update_fields=["state", "failure", "failure_code", "attempts", "not_before", "claimed_at"])
    deliver.delay_on_commit(str(email.organization_id), str(email.pk))
    return True
