"""Step `files`: most went with their rows. Exports end, and so does what lies in the folder without a row."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from privacy import kin
from privacy.deletion.counting import note_deleted
from privacy.deletion.erasing import FILES, file_properties
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.steps.rows import STORAGE
from privacy.deletion.turns import turn
from privacy.models import DeletionJob

FRESH = timedelta(days=1)  # a file is written before its row is committed; younger ones may wait for theirs


class Files:
    """Sweep the organization's folder, one sub-folder a batch: a file whose row is gone is deleted."""

    name = "files"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Look through all of it; a second run finds nothing."""
        from privacy.actions.export import end_exports  # which queues tasks, and they run jobs

        try:
            with turn(job):
                end_exports(job.organization_id)  # made in the grace, they hold what is gone
            folders = sub_folders(job)
            for number, folder in enumerate(folders, start=1):
                counts: Counter[str] = Counter()
                with turn(job) as held:
                    for path in without_row(job, folder):
                        default_storage.delete(path)
                        counts[FILES] += 1
                    note_deleted(held, counts)
                yield Progress(number, len(folders))
        except OSError:
            raise StepWaits(STORAGE) from None


def sub_folders(job: DeletionJob) -> list[str]:
    """Return the folders in which files of the organization lie."""
    try:
        folders, _files = default_storage.listdir(str(job.organization_id))
    except FileNotFoundError:
        return []
    return [f"{job.organization_id}/{name}" for name in sorted(folders)]


def without_row(job: DeletionJob, folder: str) -> list[str]:
    """Return the files of a folder that no row names; in the organization's scope."""
    _folders, names = default_storage.listdir(folder)
    ids = {name: _id_of(name) for name in names}
    known = _with_row({pk for pk in ids.values() if pk})
    lost = [f"{folder}/{name}" for name, pk in ids.items() if pk not in known]
    return lost if job.scope == DeletionJob.Scope.ORGANIZATION else [path for path in lost if _is_old(path)]


def _with_row(ids: set[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for model in kin.all_models():
        if file_properties(model):
            found.update(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
    return found


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(name.partition(".")[0])
    except ValueError:
        return None


def _is_old(path: str) -> bool:
    return timezone.now() - default_storage.get_modified_time(path) > FRESH


STEP = Files()
