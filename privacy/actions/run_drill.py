"""The drill: the newest backup of the data is brought back into a scratch database, counted, and dropped again."""

import logging
from datetime import datetime, timedelta

import psycopg
from django.utils import timezone

from accounts.sealing.errors import SealingError
from privacy.backups import manifest, postgres
from privacy.backups.catalogue import sound
from privacy.backups.errors import BackupFailed
from privacy.backups.left_out import tables_left_out
from privacy.backups.sealing import opened
from privacy.models import Backup, Drill

EVERY = timedelta(days=28)  # the timetable asks every day, so that a day the desk slept costs a day and not a month
log = logging.getLogger(__name__)


def drill_if_due(*, now: datetime | None = None) -> Drill | None:
    """Run a drill where the last that passed is four weeks old; None where it is not, or there is no backup yet."""
    moment = now or timezone.now()
    lately = Drill.objects.filter(purpose=Drill.Purpose.DRILL, fault="", started_at__gt=moment - EVERY)
    if lately.exclude(finished_at=None).exists():
        return None
    backup = sound(Backup.Kind.DATA).order_by("started_at").last()
    return run_drill(backup, now=moment) if backup else None


def run_drill(backup: Backup, *, now: datetime | None = None) -> Drill:
    """Bring a backup of the data back into a scratch database, compare every count, drop it, and keep the result."""
    moment = now or timezone.now()
    drill = Drill.objects.create(backup=backup, started_at=moment)
    try:
        found = manifest.find(backup.pk)
        with postgres.scratch_database(postgres.parameters_of("default"), f"deskhero_drill_{drill.pk.hex}") as scratch:
            postgres.load(scratch, opened(found))
            with psycopg.connect(**scratch) as connection:
                counted = postgres.counts(connection, tables_left_out())
        drill.table_count, drill.row_count = len(counted), sum(counted.values())
        names = counted.keys() | found.counts.keys()
        wrong = sorted(name for name in names if counted.get(name) != found.counts.get(name))
        drill.fault = f"{len(wrong)} tables came back with another number of rows, {wrong[0]} first." if wrong else ""
    except BackupFailed as error:
        drill.fault = str(error)[:200]
    except (SealingError, FileNotFoundError, psycopg.Error) as error:
        drill.fault = f"It could not be brought back: {type(error).__name__}."
    if drill.fault:
        log.error("the restore drill failed: %s", drill.pk)
    drill.finished_at = max(timezone.now(), moment)
    drill.save()
    return drill
