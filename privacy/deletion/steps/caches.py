"""Step `caches`: what Redis holds of it; queues carry ids only, and their tasks find nothing."""

from collections.abc import Iterator

from privacy.deletion.counting import REDIS, note_deleted
from privacy.deletion.redis_keys import delete_keys
from privacy.deletion.step import Progress
from privacy.deletion.turns import turn
from privacy.models import DeletionJob


class Caches:
    """Delete the keys now instead of waiting for them to end by themselves."""

    name = "caches"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """One batch."""
        with turn(job) as held:
            deleted = delete_keys(job)
            note_deleted(held, {REDIS: deleted})
        yield Progress(deleted, deleted)


STEP = Caches()
