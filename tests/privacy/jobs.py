"""Deletion jobs in every state, as the engine leaves them; for tests of what is shown and certified."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.sealing.keys import Kind, destroy_key
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.certificates.names import remember_name
from privacy.certificates.parts import note_keys
from privacy.models import DeletionCount, DeletionJob

GRACE, PROMISED = timedelta(days=7), timedelta(days=30)


def make_job(
    organization: Organization,
    *,
    mailbox: Mailbox | None = None,
    by: Membership | None = None,
    asked_at: datetime | None = None,
    **fields: Any,
) -> DeletionJob:
    """Return a job in its grace: of the mailbox, or of the whole organization."""
    asked_at = asked_at or timezone.now()
    job = DeletionJob.objects.create(
        organization_id=organization.pk,
        scope=DeletionJob.Scope.MAILBOX if mailbox else DeletionJob.Scope.ORGANIZATION,
        target_id=mailbox.pk if mailbox else organization.pk,
        requested_by_id=by.pk if by else None,
        **{
            "cause": DeletionJob.Cause.DISCONNECTED if mailbox else DeletionJob.Cause.CLOSED,
            "requested_at": asked_at,
            "run_after": asked_at + GRACE,
            "due_at": asked_at + PROMISED,
            **fields,
        },
    )
    if mailbox:
        with organization_scope(organization):
            remember_name(job, mailbox.address)
    return job


def carry_out(job: DeletionJob, *, left: int = 0, held: int = 0) -> DeletionJob:
    """Leave the job as the engine does after its verification: keys really destroyed, places counted again."""
    key_owner: UUID = job.target_id
    note_keys(job, Kind.MAILBOX, key_owner)
    destroy_key(Kind.MAILBOX, key_owner)
    now = timezone.now()
    job.state, job.started_at, job.key_destroyed_at, job.verified_at = DeletionJob.State.VERIFIED, now, now, now
    job.save()
    counts = {"tickets.Message": (6214, held, held + left), "tickets.Ticket": (2871, 0, 0), "files": (1903, 0, 0)}
    for place, (before, kept, after) in counts.items():
        DeletionCount.objects.create(
            organization_id=job.organization_id,
            job=job,
            place=place,
            before=before,
            deleted=before - after,
            held=kept,
            after=after,
        )
    return job
