"""Step `holds`: before keys are destroyed, put aside what is under a legal hold."""

from collections.abc import Callable, Iterator

from accounts.tenancy import organization_scope
from privacy.deletion.step import Progress, StepWaits
from privacy.holding import take_turn
from privacy.holds.securing import Bookmarks, left, note_secured, put_file_aside, put_rows_aside
from privacy.models import DeletionJob

Scope = DeletionJob.Scope


class Holds:
    """Copies rows and files under a hold to the key of the hold, a batch in a transaction.

    Jobs that destroy no key leave such rows where they are, and have nothing to do here.
    """

    name = "holds"

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Put aside what is left to be; running it again finds nothing."""
        if job.scope not in {Scope.MAILBOX, Scope.ORGANIZATION} or job.key_destroyed_at:
            return
        with organization_scope(job.organization_id):
            total, done = left(job), 0
        after: Bookmarks = {}
        while moved := self._batch(job, lambda: put_rows_aside(job, after)):
            done += moved
            yield Progress(done, max(total, done))
        while self._batch(job, lambda: put_file_aside(job)):
            done += 1
            yield Progress(done, max(total, done))
        with organization_scope(job.organization_id):
            note_secured(job)

    def _batch(self, job: DeletionJob, put_aside: Callable[[], int]) -> int:
        try:
            with organization_scope(job.organization_id):
                DeletionJob.objects.select_for_update().get(pk=job.pk)
                take_turn(job.organization_id)
                return put_aside()
        except OSError:
            raise StepWaits("The file store did not take a copy of what is under a legal hold.") from None


STEP = Holds()
