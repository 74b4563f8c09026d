"""An act that destroys needs two people: one asks, another allows or declines."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import User
from privacy.models import Approval, DeletionJob


@transaction.atomic
def ask_approval(job: DeletionJob, *, act: str, by: User) -> Approval:
    """Ask for a second person; nothing happens to the job before somebody else says yes."""
    job = DeletionJob.objects.select_for_update().get(pk=job.pk)
    _check_still_possible(job)
    try:
        with transaction.atomic():
            return Approval.objects.create(organization_id=job.organization_id, job=job, act=act, asked_by_id=by.pk)
    except IntegrityError:
        raise ActionRefused("This was asked for already, and waits for a second person.") from None


@transaction.atomic
def approve(approval: Approval, *, by: User) -> None:
    """Allow it, and do it: the grace of the job ends now. Whoever asked cannot."""
    approval, job = _held(approval)
    if approval.asked_by_id == by.pk:
        raise ActionRefused("A second person has to approve what you asked for.")
    _check_still_possible(job)
    now = timezone.now()
    _decide(approval, Approval.State.APPROVED, by)
    job.run_after = min(job.run_after, now)
    job.save(update_fields=["run_after"])


@transaction.atomic
def decline(approval: Approval, *, by: User) -> None:
    """Decline it; the job goes on as promised."""
    approval, _job = _held(approval)
    if approval.asked_by_id == by.pk:
        raise ActionRefused("A second person has to decide on what you asked for.")
    _decide(approval, Approval.State.DECLINED, by)


def _held(approval: Approval) -> tuple[Approval, DeletionJob]:
    job = DeletionJob.objects.select_for_update().get(pk=approval.job_id)
    found = Approval.objects.select_for_update().get(pk=approval.pk)
    if found.state != Approval.State.WAITING:
        raise ActionRefused("This was decided already.")
    return found, job


def _decide(approval: Approval, state: str, by: User) -> None:
    approval.state, approval.decided_by_id, approval.decided_at = state, by.pk, timezone.now()
    approval.save(update_fields=["state", "decided_by_id", "decided_at"])


def _check_still_possible(job: DeletionJob) -> None:
    if not job.can_be_undone:
        raise ActionRefused("The grace of this job is over; it runs or is done.")
