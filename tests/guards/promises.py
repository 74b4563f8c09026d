"""What an organization has of deletions and their proof: a row in each table, of a mailbox that is gone."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Membership, Organization
from accounts.sealing.keys import Kind
from accounts.tenancy import organization_scope
from privacy.actions.issue_certificate import issue_certificate
from privacy.certificates.names import new_closing_link, remember_name
from privacy.certificates.parts import note_keys
from privacy.models import (
    Approval,
    Certificate,
    DeletionCount,
    DeletionJob,
    DeletionStep,
    DeletionTarget,
    EarlyDecision,
    Export,
)


@dataclass
class Promises:
    """A deletion that was certified, and an export that nobody took."""

    job: DeletionJob
    certificate: Certificate
    export: Export


def verified_job(organization: Organization, owner: Membership) -> DeletionJob:
    """Return a job that is verified; in the organization's scope, or outside any."""
    now = timezone.now()
    owned = {"organization_id": organization.pk}
    job = DeletionJob.objects.create(
        scope=DeletionJob.Scope.MAILBOX,
        target_id=uuid7(),
        cause=DeletionJob.Cause.DISCONNECTED,
        state=DeletionJob.State.VERIFIED,
        requested_by_id=owner.pk,
        requested_at=now,
        run_after=now,
        due_at=now,
        verified_at=now,
        **owned,
    )
    owned |= {"job": job}  # type: ignore[dict-item]
    remember_name(job, f"gone@{organization.slug}.example")
    note_keys(job, Kind.ORGANIZATION, organization.pk)
    new_closing_link(job, organization.name)
    DeletionStep.objects.create(name="keys", **owned)
    DeletionTarget.objects.create(place="tickets.Contact", row_id=uuid7(), **owned)
    DeletionCount.objects.create(place="tickets.Message", before=3, deleted=3, after=0, **owned)
    EarlyDecision.objects.create(outcome="refuse", basis="law", reason="A law", decided_by_id=owner.user_id, **owned)
    Approval.objects.create(act=Approval.Act.RUN_NOW, asked_by_id=owner.user_id, **owned)
    return job


def certify(job: DeletionJob) -> Promises:
    """Return it with its certificate; outside any scope, since certificates are the installation's to write."""
    certificate = issue_certificate(job)
    with organization_scope(job.organization_id):
        export = Export.objects.create(organization_id=job.organization_id, state=Export.State.EXPIRED)
    return Promises(certificate.job, certificate, export)
