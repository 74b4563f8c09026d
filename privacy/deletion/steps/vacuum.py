"""Step `vacuum`: deleted rows leave the pages of tables and indexes, and destroyed keys those of the vault."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models

from accounts.vault.models import VaultKey
from privacy.deletion.step import Progress, StepWaits
from privacy.models import DeletionJob

IN_A_TRANSACTION = "Tables cannot be vacuumed inside a transaction."


class Vacuum:
    """Vacuum every table from which the job deleted something, one a batch; pages stay readable and writable."""

    name = "vacuum"
    starts_over = True  # a run that stopped within it would begin again, for ever

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Begin again at the first table: vacuuming twice costs time and nothing else."""
        tables: list[tuple[str, type[models.Model]]] = [*_tables(job), ("vault", VaultKey)]
        for number, (alias, model) in enumerate(tables, start=1):
            connection = connections[alias]
            if connection.in_atomic_block:
                raise StepWaits(IN_A_TRANSACTION)
            with connection.cursor() as cursor:
                # Without TRUNCATE no lock is taken that a page would wait for.
                cursor.execute(f"VACUUM (TRUNCATE FALSE) {connection.ops.quote_name(model._meta.db_table)}")
            yield Progress(number, len(tables))


def _tables(job: DeletionJob) -> list[tuple[str, type[models.Model]]]:
    places = job.counts.filter(deleted__gt=0).order_by("place").values_list("place", flat=True)
    found = [apps.get_model(place) for place in places if "." in place and not place.startswith("vault.")]
    return [("default", model) for model in found]


STEP = Vacuum()
