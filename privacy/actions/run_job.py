"""Running a deletion: the steps in their order, each in batches, from wherever the last run stopped."""

import logging
import time
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.tenancy import organization_scope
from mailbox.leases import only_one
from mailbox.models import Mailbox
from privacy import clock
from privacy.deletion.order import ORDER, step_named
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.turns import JobEnded
from privacy.models import DeletionJob, DeletionStep

logger = logging.getLogger(__name__)

REST = 0.25  # of the time a batch took, in which others have the database to themselves
Scope, State = DeletionJob.Scope, DeletionJob.State
BROKEN = "Something went wrong on our side ({}); it is tried again."


@dataclass(frozen=True)
class Ran:
    """What one run came to: whether more is to be done at once, or why it waits."""

    more: bool = False
    waits_for: str = ""


class _TimeIsUp(Exception):
    """The run has worked as long as it may; the next one goes on."""


def run_job(job_id: UUID, *, seconds: float | None = None) -> Ran:
    """Go on with a job until it ends, waits, or has worked for so long. Never two workers at one job.

    A step that waits or breaks is told in the job and tried again by the next run: no job stops another, and none is
    ever done before its last count says so.
    """
    until = None if seconds is None else time.monotonic() + seconds
    with only_one(job_id) as mine:
        job = DeletionJob.objects.filter(pk=job_id).first() if mine else None
        if job is None or not _begin(job):
            return Ran()
        try:
            _walk(job, until)
        except _TimeIsUp:
            return Ran(more=True)
        except StepWaits as waits:
            return _wait(job, str(waits))
        except JobEnded:
            return Ran()
        except Exception as error:
            logger.exception("Deletion %s broke off", job.pk)
            return _wait(job, BROKEN.format(type(error).__name__))
        return Ran()


def _begin(job: DeletionJob) -> bool:
    """Turn a job whose grace is over into a running one, and return whether there is work.

    The mailbox is held before the job, as whoever reconnects it does: it comes back, or its deletion begins.
    """
    with organization_scope(job.organization_id):
        mailbox = Mailbox.objects.select_for_update().filter(pk=job.mailbox_id).first() if job.mailbox_id else None
        held = DeletionJob.objects.select_for_update().get(pk=job.pk)
        if held.state == State.GRACE and held.run_after <= clock.now():
            held.state, held.started_at = State.RUNNING, clock.now()
            held.save(update_fields=["state", "started_at"])
            if mailbox is not None:
                mailbox.deletion_begun_at = clock.now()
                mailbox.save(update_fields=["deletion_begun_at"])
        job.refresh_from_db()
    return job.state in {State.RUNNING, State.VERIFIED}


def _walk(job: DeletionJob, until: float | None) -> None:
    for name in ORDER:
        step = job.step(name)
        if step.finished_at is not None:
            continue
        DeletionStep.objects.filter(pk=step.pk, started_at=None).update(started_at=clock.now())
        begun = time.monotonic()
        work = step_named(name)
        for progress in work.run(job):
            _note(job, step, progress)
            now = time.monotonic()
            if until is not None and now > until and not getattr(work, "starts_over", False):
                raise _TimeIsUp
            time.sleep(min(now - begun, 1) * REST)
            begun = time.monotonic()
        DeletionStep.objects.filter(pk=step.pk).update(finished_at=clock.now(), done_count=F("total_count"))
        job.refresh_from_db()
    DeletionJob.objects.filter(pk=job.pk, state=State.VERIFIED).update(
        state=State.CERTIFIED, certified_at=clock.now(), waits_for=""
    )


def _note(job: DeletionJob, step: DeletionStep, progress: Progress) -> None:
    with transaction.atomic():
        DeletionStep.objects.filter(pk=step.pk).update(done_count=progress.done, total_count=progress.total)
        DeletionJob.objects.filter(pk=job.pk).update(worked_at=clock.now(), waits_for="")


def _wait(job: DeletionJob, why: str) -> Ran:
    DeletionJob.objects.filter(pk=job.pk).update(waits_for=why[:200])
    logger.warning("Deletion %s waits: %s", job.pk, why)
    return Ran(waits_for=why)
