"""A deletion is asked for: of a mailbox, a whole organization, or a contact. The clock of 30 days begins."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Membership, Organization
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy import clock
from privacy.certificates.names import remember_name
from privacy.models import DeletionJob
from tickets.models import Contact

GRACE = timedelta(days=7)  # in which it can be undone
TERM = timedelta(days=30)  # promised: gone by then
AFTER_REVOKED = timedelta(days=29)  # taken back at the provider: admins may reconnect until then
Scope, Cause, State = DeletionJob.Scope, DeletionJob.Cause, DeletionJob.State


@transaction.atomic
def request_mailbox_deletion(
    mailbox: Mailbox, *, by: Membership | None, cause: str = Cause.DISCONNECTED, at: datetime | None = None
) -> DeletionJob:
    """Let everything of a mailbox be deleted, seven days from now; where that was asked for, the first clock goes on.

    `at` is when the clock began: never later than the moment the mailbox was disconnected. Where the permission was
    taken back at the provider, and an admin disconnects the mailbox now, the deletion comes as soon as for any other.
    """
    began = at or mailbox.disconnected_at or clock.now()
    wait = AFTER_REVOKED if cause == Cause.REVOKED else GRACE
    job, is_new = _requested(mailbox.organization_id, Scope.MAILBOX, mailbox.pk, cause, by, began, wait)
    if is_new:
        remember_name(job, mailbox.address)
    if not is_new and cause == Cause.DISCONNECTED and job.cause == Cause.REVOKED and job.state == State.GRACE:
        job.cause, job.requested_by_id = cause, by.pk if by else None
        job.run_after = min(job.run_after, clock.now() + GRACE)
        job.save(update_fields=["cause", "requested_by_id", "run_after"])
    return job


@transaction.atomic
def request_closure(organization: Organization, *, by: Membership | None) -> DeletionJob:
    """Close an account: nobody gets in, every mailbox is disconnected, and in seven days all of it is deleted.

    The mailboxes go with the account: they get no clocks of their own, and those that run already end with it.
    """
    now = clock.now()
    job, _is_new = _requested(organization.pk, Scope.ORGANIZATION, organization.pk, Cause.CLOSED, by, now, GRACE)
    Organization.objects.filter(pk=organization.pk, closed_at=None).update(closed_at=now)
    organization.refresh_from_db(fields=["closed_at"])
    for mailbox in Mailbox.objects.filter(organization=organization).connected().order_by("pk"):
        disconnect_mailbox(mailbox, by=by)
    waiting = DeletionJob.objects.filter(
        organization_id=organization.pk, state=State.GRACE, run_after__gt=job.run_after
    )
    waiting.exclude(pk=job.pk).update(run_after=job.run_after)
    return job


@transaction.atomic
def request_contact_deletion(
    contact: Contact, *, by: Membership | None, cause: str = Cause.REQUESTED, grace: timedelta = timedelta(0)
) -> DeletionJob:
    """Let a contact be deleted with its tickets and whatever else it wrote."""
    return _requested(contact.organization_id, Scope.CONTACT, contact.pk, cause, by, clock.now(), grace)[0]


def is_closing(organization_id: UUID) -> bool:
    """Return whether the account is being deleted, or waits for that."""
    jobs = DeletionJob.objects.unfinished().filter(organization_id=organization_id)
    return jobs.filter(scope=Scope.ORGANIZATION).exists()


def _requested(
    organization_id: UUID,
    scope: str,
    target_id: UUID,
    cause: str,
    by: Membership | None,
    began: datetime,
    wait: timedelta,
) -> tuple[DeletionJob, bool]:
    found = DeletionJob.objects.unfinished().select_for_update().filter(scope=scope, target_id=target_id).first()
    if found is not None:
        return found, False
    made = DeletionJob.objects.create(
        organization_id=organization_id,
        scope=scope,
        target_id=target_id,
        cause=cause,
        requested_by_id=by.pk if by else None,
        requested_at=began,
        run_after=began + wait,
        due_at=began + TERM,
    )
    return made, True
