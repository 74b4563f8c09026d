"""The catalogue: which backups live, which are sound, which broke off, and which still hold ciphertext of whom."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from privacy.backups import file_sets, keyring, manifest, store
from privacy.backups.errors import InUse
from privacy.backups.file_sets import Item
from privacy.backups.sealing import opened
from privacy.models import Backup

_LOCK = 0x6261636B  # "back": apart from the other advisory locks of this database
log = logging.getLogger(__name__)
BROKE_OFF = "It broke off and was never whole."


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time take or expire backups; the database lets go by itself when that process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise InUse("Another backup is being taken or deleted: this one waits for its next turn.")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [_LOCK])


def sound(kind: str) -> QuerySet[Backup]:
    """Return the backups of a kind that can be brought back, as far as anybody knows."""
    return Backup.objects.sound().filter(kind=kind)


def ciphertext_left(organization_id: UUID) -> list[tuple[UUID, str, datetime]]:
    """Return the backups that may still hold what was sealed for an organization, and when each is gone at the latest.

    Those older than the organization hold nothing of it. A backup of the vault may hold its keys, until it expires.
    """
    born = datetime.fromtimestamp((organization_id.int >> 80) / 1000, UTC)  # UUIDv7 begins with its time
    living = Backup.objects.filter(deleted_at=None, key_destroyed_at=None, started_at__gte=born)
    return list(living.order_by("expires_at", "pk").values_list("pk", "kind", "expires_at"))


def items_of(backup: Backup | None) -> Iterator[Item]:
    """Yield the files of a backup of files, in their order; nothing where there is none."""
    if backup is not None:
        yield from file_sets.read(opened(manifest.find(backup.pk)))


def abandon_unfinished(moment: datetime) -> None:
    """Clear away what earlier runs left half; only called where no other can be running."""
    for backup in Backup.objects.filter(finished_at=None, deleted_at=None):
        abandon(backup, moment)


def abandon(backup: Backup, moment: datetime) -> None:
    """End a backup that never became whole: its key first, so that nothing of it can be read, then its objects."""
    keyring.end_key(backup.kind, backup.pk)
    backup.fault, backup.key_destroyed_at = BROKE_OFF, moment
    backup.finished_at = None
    backup.save(update_fields=["fault", "key_destroyed_at", "finished_at"])
    try:
        gone = [backup.location, manifest.name_of(backup.pk), *stored_by(backup.pk)]
        for name in gone:
            store.delete(name)
        if not all(store.is_absent(name) for name in gone):
            return
    except Exception as error:  # noqa: BLE001 - a store has its own ways to refuse; it is unreadable, and tried again
        log.error("what is left of a broken %s backup stays in its store: %s", backup.kind, type(error).__name__)
        return
    backup.deleted_at, backup.delete_proof = timezone.now(), {"never_whole": True, "objects": len(gone)}
    backup.save(update_fields=["deleted_at", "delete_proof"])


def stored_by(backup_id: UUID) -> list[str]:
    """Return the names of the files that were new in a backup of files."""
    folder = file_sets.folder_of(backup_id)
    return [f"{folder}/{name}" for name in store.names(folder)]
