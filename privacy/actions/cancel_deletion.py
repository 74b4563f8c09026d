"""A deletion is undone, as long as nothing was deleted."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy import clock
from privacy.actions.request_deletion import GRACE, TERM, request_mailbox_deletion
from privacy.models import DeletionJob

Scope, Cause, State = DeletionJob.Scope, DeletionJob.Cause, DeletionJob.State


def cancel_closure(job: DeletionJob, *, by: Membership) -> None:
    """Open the account again as it was; its mailboxes stay disconnected until the same accounts consent again.

    The deletion of each mailbox goes on from when it was disconnected, with seven days to bring it back.
    """
    with organization_scope(job.organization_id):
        _cancel(job, by=by)
        Organization.objects.filter(pk=job.target_id).update(closed_at=None)
        now = clock.now()
        for mailbox in Mailbox.objects.filter(organization=job.target_id, state=Mailbox.State.DISCONNECTED):
            its = request_mailbox_deletion(mailbox, by=by)
            if its.can_be_undone:
                its.run_after = min(now + GRACE, its.requested_at + TERM)
                its.save(update_fields=["run_after"])


@transaction.atomic
def cancel_mailbox_deletion(mailbox: Mailbox, *, by: Membership | None) -> None:
    """The same account has consented again: what was to be deleted stays. Without a job there is nothing to do."""
    job = _job_of(mailbox)
    if job is not None:
        _cancel(job, by=by)


@transaction.atomic
def record_no_withdrawal(job: DeletionJob, *, by: Membership) -> None:
    """An admin says that nobody withdrew the permission: the clock stops, and the mailbox waits to be reconnected."""
    if job.cause != Cause.REVOKED:
        raise ActionRefused(_("This deletion was asked for here, not at the provider."))
    _cancel(job, by=by)


@transaction.atomic
def cancel_contact_deletion(job: DeletionJob, *, by: Membership | None) -> None:
    """Undo the deletion of a contact."""
    _cancel(job, by=by)


def _job_of(mailbox: Mailbox) -> DeletionJob | None:
    return DeletionJob.objects.unfinished().filter(scope=Scope.MAILBOX, target_id=mailbox.pk).first()


def _cancel(job: DeletionJob, *, by: Membership | None) -> None:
    held = DeletionJob.objects.select_for_update().get(pk=job.pk)
    if held.state == State.CANCELLED:
        return
    if not held.can_be_undone:
        raise ActionRefused(_("This deletion has begun and cannot be undone."))
    held.state, held.cancelled_at = State.CANCELLED, clock.now()
    held.cancelled_by_id = by.pk if by else None
    held.save(update_fields=["state", "cancelled_at", "cancelled_by_id"])
