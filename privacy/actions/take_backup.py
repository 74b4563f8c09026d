"""Taking a backup: sealed on the way, whole or not at all, and catalogued with the day it ends."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.ids import uuid7
from accounts.sealing.keys import fingerprint
from privacy import ledger
from privacy.backups import file_sets, keyring, manifest, postgres, schedule, store
from privacy.backups.catalogue import abandon, abandon_unfinished, alone, items_of, sound
from privacy.backups.errors import BackupFailed
from privacy.backups.left_out import tables_left_out
from privacy.backups.sealing import sealed
from privacy.ledger import files as ledger_files
from privacy.models import Backup, DeletionJob

ALIASES = {Backup.Kind.DATA: "default", Backup.Kind.VAULT: "vault"}
UNSURE = timedelta(hours=1)  # erasures as young as this may not have been done when the backup was taken
LEDGER_COPY = "ledger.jsonl"
log = logging.getLogger(__name__)


def take_backup(kind: str, *, now: datetime | None = None) -> Backup:
    """Take one backup and return its row. BackupFailed: it broke off, and nothing of it counts or can be read.

    One at a time; what an earlier run left half, killed or out of disk, is cleared away first.
    """
    moment = now or timezone.now()
    _refuse_versions()
    with alone():
        abandon_unfinished(moment)
        head = ledger.verify()
        backup = Backup(
            id=uuid7(),
            kind=kind,
            started_at=moment,
            app_version=settings.VERSION,
            ledger_position=_position(head, moment),
            expires_at=schedule.expires_at(kind, moment, list(sound(kind).values_list("started_at", flat=True))),
        )
        backup.location = f"{kind}/{moment:%Y-%m-%d}/{backup.pk}"
        key = keyring.new_key(kind, backup.pk)
        backup.key_reference = fingerprint(key)
        backup.save(force_insert=True)
        try:
            _write(backup, ledger_id=head[0].ids[0] if head else "")
        except BaseException as error:
            log.error("a %s backup broke off: %s", kind, type(error).__name__)
            abandon(backup, moment)
            if isinstance(error, OSError):
                reason = error.strerror or type(error).__name__
                raise BackupFailed(f"The backup could not be stored: {reason}.") from None
            raise
    return backup


def _refuse_versions() -> None:
    """A store that keeps what is deleted breaks every term, so nothing is put there."""
    ask = getattr(store.storage(), "refuse_versions", None)
    try:
        if ask is not None:
            ask()
    except ValueError as error:
        raise BackupFailed(str(error)) from None


def _write(backup: Backup, *, ledger_id: str) -> None:
    key = keyring.key_of(backup.kind, backup.pk)
    if backup.kind == Backup.Kind.FILES:
        files = file_sets.FileSet(backup.pk, items_of(sound(backup.kind).order_by("started_at").last()))
        stored = store.put(backup.location, sealed(key, backup.pk, files.lines()))
        counts, size = files.counts, stored.bytes + files.counts["bytes"]
    else:
        left_out = tables_left_out() if backup.kind == Backup.Kind.DATA else []
        with postgres.snapshot(postgres.parameters_of(ALIASES[Backup.Kind(backup.kind)])) as snapshot:
            counts = snapshot.counts(left_out)
            stored = store.put(backup.location, sealed(key, backup.pk, snapshot.dump(left_out)))
        size = stored.bytes
    backup.bytes, backup.sha256, backup.finished_at = size, stored.sha256, max(timezone.now(), backup.started_at)
    manifest.keep(manifest.of(backup, counts, ledger_id).sealed(key))
    store.replace(LEDGER_COPY, b"".join(ledger_files.read(ledger_files.paths()[0])))
    backup.save(update_fields=["bytes", "sha256", "finished_at"])


def _position(entries: list[ledger.Entry], moment: datetime) -> int:
    """Return up to where the ledger's erasures are surely in a backup that begins now.

    A line is written before its rows go. Lines of jobs that are at it and of the last hour are told again at a restore.
    """
    at_it = {str(pk) for pk in DeletionJob.objects.unfinished().values_list("pk", flat=True)}
    unsure = (one.seq for one in entries[1:] if one.job in at_it or one.moment > moment - UNSURE)
    return min(unsure, default=(entries[-1].seq if entries else 0) + 1) - 1
