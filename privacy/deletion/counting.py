"""What a job found, deleted and left, place by place."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from privacy.deletion.erasing import FILES, file_properties, with_file
from privacy.deletion.reach import reached_by
from privacy.models import DeletionCount, DeletionJob

REDIS = "redis"


def note_before(job: DeletionJob, place: str, count: int) -> None:
    """Note how much there was before anything was deleted; the first answer stands."""
    DeletionCount.objects.get_or_create(
        job=job, place=place, defaults={"organization_id": job.organization_id, "before": count}
    )


def note_deleted(job: DeletionJob, counts: Mapping[str, int]) -> None:
    """Add what a batch has deleted, in the batch's own transaction, so that no kill makes it count twice or never."""
    for place, count in counts.items():
        if count and not DeletionCount.objects.filter(job=job, place=place).update(deleted=F("deleted") + count):
            kept = {"organization_id": job.organization_id, "deleted": count}
            DeletionCount.objects.create(job=job, place=place, **kept)


def note_after(job: DeletionJob, left: Mapping[str, int], held: Mapping[str, int]) -> None:
    """Note what is left at the end: what was put aside under a hold, and whatever else is still there.

    What came in between the first count and the end was deleted too, and so was there.
    """
    with transaction.atomic():
        for row in DeletionCount.objects.select_for_update().filter(job=job):
            row.held = held.get(row.place, 0)
            row.after = row.held + left.get(row.place, 0)
            row.before = max(row.before, row.deleted)
            row.save(update_fields=["held", "after", "before"])


def count_everything(job: DeletionJob) -> Counter[str]:
    """Return how much there is of each place the job reaches; as the owner of the tables."""
    found: Counter[str] = Counter()
    for reached in reached_by(job):
        found[reached.place] = reached.count()
        for name in file_properties(reached.model):
            having = with_file(reached.model, name)
            found[FILES] += sum((query & having).count() for query in reached.queries)
    return found
