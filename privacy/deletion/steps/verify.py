"""Step `verify`: count every place again. What is left and not held sends the job back to work."""

from collections import Counter
from collections.abc import Iterator

from accounts.tenancy import organization_scope
from privacy import clock
from privacy.deletion.counting import REDIS, count_everything, note_after
from privacy.deletion.erasing import FILES
from privacy.deletion.redis_keys import redis_keys
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.steps.files import sub_folders, without_row
from privacy.deletion.steps.rows import STORAGE
from privacy.deletion.strangers import strangers
from privacy.models import DeletionJob, DeletionStep

AGAIN = ("keys", "rows", "files", "caches", "contacts", "vacuum")


class Verify:
    """Compare what is left with what is held; only equal counts make a job verified."""

    name = "verify"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Count, and either end or say what is left."""
        from privacy.holding import held_counts

        left = count_everything(job)
        yield Progress(1, 3)
        left[FILES] += self._lost_files(job)
        left[REDIS] = len(redis_keys(job))
        yield Progress(2, 3)
        note_after(job, left, held_counts(job))
        self._refuse(job, left)
        job.targets.all().delete()
        DeletionJob.objects.filter(pk=job.pk, state=DeletionJob.State.RUNNING).update(
            state=DeletionJob.State.VERIFIED, verified_at=clock.now()
        )
        yield Progress(3, 3)

    def _lost_files(self, job: DeletionJob) -> int:
        try:
            with organization_scope(job.organization_id):
                return sum(len(without_row(job, folder)) for folder in sub_folders(job))
        except OSError:
            raise StepWaits(STORAGE) from None

    def _refuse(self, job: DeletionJob, left: Counter[str]) -> None:
        remaining = [f"{count} of {place}" for place, count in sorted(left.items()) if count]
        if remaining:
            DeletionStep.objects.filter(job=job, name__in=AGAIN).update(finished_at=None)
            raise StepWaits(f"Something is left: {', '.join(remaining)}."[:200])
        if unknown := strangers():
            raise StepWaits(f"Tables that nobody declared may hold some of it: {', '.join(unknown)}."[:200])


STEP = Verify()
