"""Deleting backups whose time is over: the object, proof of its absence, the key, proof in the catalogue."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypedDict

from django.utils import timezone

from accounts.sealing.errors import SealingError
from privacy import ledger
from privacy.backups import file_sets, keyring, manifest, store
from privacy.backups.catalogue import abandon_unfinished, alone, items_of, stored_by
from privacy.backups.errors import BackupFailed, InUse
from privacy.models import Backup
from privacy.models.backup import CAP

LEDGER_OUTLIVES = timedelta(days=60)  # the oldest backup that could still be brought back
REFUSED = "Its storage does not let it go; its key ends at the cap whatever happens."
ENDED = "Its storage does not let it go; its key is destroyed, so nobody can read it."
log = logging.getLogger(__name__)


class Expired(TypedDict):
    """What one run did, or would do: ids of backups."""

    deleted: list[str]
    refused: list[str]


def expire(now: datetime | None = None, *, dry_run: bool = False) -> Expired:
    """Delete every backup whose day has come, however long ago; one that cannot be deleted stops no other.

    Where the storage refuses, an alarm stays on the backup, it is tried again with every run, and at the cap (330 days,
    of the vault 30) its key is destroyed all the same.
    """
    moment = now or timezone.now()
    due = Backup.objects.finished().filter(deleted_at=None, expires_at__lte=moment).order_by("expires_at")
    done = Expired(deleted=[], refused=[])
    if dry_run:
        done["deleted"] = [str(pk) for pk in due.values_list("pk", flat=True)]
        return done
    try:
        with alone():
            abandon_unfinished(moment)
            for backup in due:
                done["deleted" if _expire(backup, moment) else "refused"].append(str(backup.pk))
            _cut_ledger(moment)
    except InUse:
        log.info("a backup is being taken: those whose time is over go with the next run")
    return done


def _expire(backup: Backup, moment: datetime) -> bool:
    proof = {"object": backup.location, "sha256": backup.sha256, "asked_at": moment.isoformat()}
    try:
        gone = [backup.location, manifest.name_of(backup.pk), *_files_of_none_else(backup)]
        for name in gone:
            store.delete(name)
        if left := [name for name in gone if not store.is_absent(name)]:
            raise BackupFailed(f"{len(left)} objects are still listed.")
    except Exception as error:  # noqa: BLE001 - a store has its own ways to refuse, and none of them stops the others
        _alarm(backup, moment, error)
        return False
    keyring.end_key(backup.kind, backup.pk)
    backup.key_destroyed_at = backup.key_destroyed_at or moment
    backup.deleted_at = moment
    backup.delete_proof = proof | {"absent_at": timezone.now().isoformat(), "objects": len(gone)}
    backup.save(update_fields=["key_destroyed_at", "deleted_at", "delete_proof"])
    return True


def _alarm(backup: Backup, moment: datetime, error: Exception) -> None:
    backup.alarmed_at, backup.fault = backup.alarmed_at or moment, REFUSED
    if moment >= backup.started_at + backup.cap:
        keyring.end_key(backup.kind, backup.pk)
        backup.key_destroyed_at, backup.fault = backup.key_destroyed_at or moment, ENDED
    backup.save(update_fields=["alarmed_at", "fault", "key_destroyed_at"])
    log.error("a %s backup could not be deleted: %s, %s", backup.kind, backup.pk, type(error).__name__)


def _files_of_none_else(backup: Backup) -> list[str]:
    """Return the stored files that only this backup still names.

    A file lives for one stretch of time, so whatever another living list names, the one just before or after does too.
    """
    if backup.kind != Backup.Kind.FILES:
        return []
    lists = Backup.objects.living().filter(kind=backup.kind)
    before = lists.filter(started_at__lt=backup.started_at).order_by("-started_at")
    after = lists.filter(started_at__gt=backup.started_at).order_by("started_at")
    needed = _first_list(before) | _first_list(after)
    own = _objects(backup)
    if own is None:  # it does not open any more: the sweep finds what only it named
        own = set() if needed else set(stored_by(backup.pk))
    return sorted(own - needed)


def _first_list(backups: Iterable[Backup]) -> set[str]:
    return next((found for backup in backups if (found := _objects(backup)) is not None), set())


def _objects(backup: Backup) -> set[str] | None:
    """Return the names in a list, or None where nobody can read it: then nobody can bring back those files either."""
    try:
        return {item.object for item in items_of(backup)}
    except (SealingError, BackupFailed, FileNotFoundError):
        return None


def sweep_files() -> int:
    """Delete stored files that no living list names, and return how many: what a damaged list left behind."""
    with alone():
        lists = Backup.objects.filter(kind=Backup.Kind.FILES, deleted_at=None)
        named = {name for backup in lists for name in _objects(backup) or ()}
        strays = [name for name in _all_stored() if name not in named]
        for name in strays:
            store.delete(name)
        return len(strays)


def _all_stored() -> Iterator[str]:
    try:
        folders = store.storage().listdir(file_sets.FOLDER)[0]
    except FileNotFoundError:
        return
    for folder in folders:
        for name in store.names(f"{file_sets.FOLDER}/{folder}"):
            yield f"{file_sets.FOLDER}/{folder}/{name}"


def _cut_ledger(moment: datetime) -> None:
    """Cut what no living backup needs and what is older than the oldest could be, and 60 days more."""
    positions = Backup.objects.living().filter(key_destroyed_at=None).values_list("ledger_position", flat=True)
    newest = ledger.position()
    try:
        ledger.cut(min(positions, default=newest), older_than=moment - CAP - LEDGER_OUTLIVES)
    except ledger.LedgerFault as fault:
        log.error("the erasure ledger could not be cut: %s", fault)
