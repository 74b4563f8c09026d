"""Erasing a person: the plan is approved, carried out as a DeletionJob, looked after, and then answered."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.find_person import refuse_unfinished
from privacy.actions.requests.identity import refuse_unproven
from privacy.models import DataSubjectRequest, DeletionJob, DeletionStep, RequestFinding, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.erasing.phases import Erasure
from privacy.rights.erasing.verify import left_over, look_once_more
from privacy.rights.history import Actor, Verb, record
from privacy.rights.others import conflicting

Right, Outcome, Decision = DataSubjectRequest.Right, DataSubjectRequest.Outcome, RequestFinding.Decision
BACKUPS_CAP = timedelta(days=330)  # no backup is older (docs/promises, 4.4.5-c)
STEP = "plan"
# What the plan has done by then; what is left of the order of steps is the certificate.
DONE_BY_PLAN = ("stop", "holds", "ledger", "keys", "rows", "files", "caches", "contacts", "vacuum", "verify")
LEFT = "Something of the person came in while it was erased; somebody has to look."


@transaction.atomic
def approve_plan(request: DataSubjectRequest, *, by: Actor) -> DeletionJob:
    """Approve the plan of an erasure and begin it. From here on nothing of the plan can be changed."""
    from privacy.request_tasks import erase_person

    request.lock()
    refuse_unproven(request)
    if request.right != Right.ERASURE or request.organization_id is None:
        raise ActionRefused(_("This case asks for something else."))
    if request.approved_at is not None:
        raise ActionRefused(_("The plan is approved already."))
    refuse_unfinished(request)
    if others := conflicting(request):
        raise ActionRefused(
            _("The same person also asks for something that could not be done afterwards: answer %(numbers)s first.")
            % {"numbers": ", ".join(one.case_number for one in others)}
        )
    now = timezone.now()
    job = DeletionJob.objects.create(
        organization_id=request.organization_id,
        scope=DeletionJob.Scope.CONTACT,
        target_id=request.contact_id or request.pk,
        cause=DeletionJob.Cause.REQUESTED,
        state=DeletionJob.State.PLANNED,
        requested_by_id=by.member.pk if by.member else None,
        requested_at=request.received_at,
        run_after=now,
        due_at=request.due_at,
        started_at=now,
        worked_at=now,
    )
    request.approved_at, request.approved_by, request.job_id = now, by.member, job.pk
    request.save(update_fields=["approved_at", "approved_by", "job_id"])
    record(request, Verb.APPROVED, by=by)
    record(request, Verb.STARTED)
    erase_person.delay_on_commit(str(request.organization_id), str(request.pk))
    return job


@transaction.atomic
def erase_some(request_id: UUID) -> bool:
    """Do one batch of an approved erasure; return whether more is left. Killed anywhere, it goes on from there."""
    held = DataSubjectRequest.objects.select_for_update(of=("self",), skip_locked=True)
    request = held.filter(pk=request_id, approved_at__isnull=False, closed_at=None).first()
    if request is None or request.job_id is None:
        return False
    job = DeletionJob.objects.select_for_update().get(pk=request.job_id)
    if job.is_finished:  # cancelled by hand
        return False
    erasure, step = Erasure(request, job), job.step(STEP)
    phases = erasure.phases()
    if step.done_count < len(phases):
        if not phases[step.done_count]():
            _advance(step, len(phases))
        job.worked_at = timezone.now()
        job.save(update_fields=["worked_at"])
        return True
    return _finish(request, job)


def _advance(step: DeletionStep, total: int) -> None:
    step.done_count, step.total_count = step.done_count + 1, total
    step.started_at = step.started_at or timezone.now()
    if step.done_count == total:
        step.finished_at = timezone.now()
    step.save(update_fields=["done_count", "total_count", "started_at", "finished_at"])


def _finish(request: DataSubjectRequest, job: DeletionJob) -> bool:
    """Look everything through once more; only where nothing is left it is called done."""
    left = left_over(request)
    if left:
        is_second_time, job.waits_for = job.waits_for == LEFT, LEFT
        job.save(update_fields=["waits_for"])
        if is_second_time:  # a person has to look
            return False
        look_once_more(request)
        DeletionStep.objects.filter(job=job, name=STEP).update(done_count=0, finished_at=None)
        return True
    now = timezone.now()
    job.state, job.verified_at, job.waits_for = DeletionJob.State.VERIFIED, now, ""
    job.save(update_fields=["state", "verified_at", "waits_for"])
    for name in DONE_BY_PLAN:
        step = job.step(name)
        step.started_at, step.finished_at = step.started_at or job.started_at, now
        step.save(update_fields=["started_at", "finished_at"])
    record(request, Verb.ERASED)
    kept = request.requestfindings.filter(decision__in=[Decision.KEEP, Decision.RESTRICT])
    reasons = dict.fromkeys(
        one.reason or _("It is under a legal hold.") for one in kept if one.reason or one.decision == Decision.RESTRICT
    )
    close_request(
        request,
        outcome=Outcome.PARTLY if reasons else Outcome.DONE,
        letter=RequestLetter.Kind.ERASURE,
        kept="\n".join(f"- {one}" for one in reasons),
        done_on=day_of(now),
        backups_until=day_of(now + BACKUPS_CAP),
    )
    return False
