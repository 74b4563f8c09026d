"""Bringing a system back from its backups, and erasing again what was erased since. It serves nobody before that.

Each stage leaves something the next run finds: one that was killed is started again and goes on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections, models
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.access_log.restoring import note_restores
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import keys
from mailbox.models import OutboundEmail
from privacy import ledger
from privacy.backups import file_sets, keyring, lock, manifest, postgres
from privacy.backups.errors import BackupDamaged, RestoreRefused
from privacy.backups.manifest import Manifest
from privacy.backups.sealing import opened
from privacy.ledger.erasing import models_with_files
from privacy.ledger.ledger import note_restore
from privacy.ledger.replay import Replayed, end_keys, replay
from privacy.models import Backup, DeletionJob, Drill

BATCH = 1000
ABSENT = {"found": "absent from the store after a restore"}
Say = Callable[[str], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """What came back."""

    backup: Manifest
    files: int
    replayed: Replayed


def restore_system(backup_id: UUID, *, keep_files: bool = False, gap: str = "", say: Say = lambda _: None) -> Restored:
    """Bring back the data, and where they are empty the vault and the files; erase again; count; unlock.

    RestoreRefused before anything is changed where a target is not empty, in use, or the ledger cannot be trusted.
    `gap` accepts, with its reason, that the ledger is shorter than the newest backup knew it.
    """
    begun = timezone.now()
    target = postgres.parameters_of("default")
    before = lock.held(target)
    if before is not None and before.backup_id != backup_id:
        raise RestoreRefused(f"Backup {before.backup_id} is being brought back into this database: finish that one.")
    is_loaded = before is not None and before.stage == lock.LOADED
    found = manifest.find(backup_id)
    if found.kind != Backup.Kind.DATA:
        raise RestoreRefused("Name a backup of the data: those of the vault and the files that belong to it are found.")
    if not is_loaded:
        postgres.refuse_unless_empty(target, "The database", but=[lock.TABLE])
        if not keep_files and next(file_sets.paths(), None) is not None:
            raise RestoreRefused("There are sealed files already: empty their folder, or keep them by --keep-files.")
    entries = _ledger()
    _bring_vault(say)
    _check_ledger(entries, found, gap)
    try:
        found.check()
    except SealingError:
        raise RestoreRefused("The key of this backup is gone: it expired, or the vault is another's.") from None
    if not is_loaded:
        _load(target, found, locked=before is not None, say=say)
    keys.forget()
    connections["default"].close()
    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", database="vault", interactive=False, verbosity=0)
    files = _bring_files(found, keep_files=keep_files, say=say)
    _take_catalogue()
    say("Erasing again what was erased since.")
    end_keys(entries)
    replayed = replay(ledger.entries_after(found.ledger_position), say)
    if replayed.left:
        raise RestoreRefused(f"Not everything is erased, so nothing is served: {'; '.join(replayed.left[:5])}.")
    note_restores()
    _delete_stray_files()
    _look_before_sending()
    _leave_a_day_to_look()
    _note(found, begun, replayed, gap)
    lock.release(target)
    return Restored(found, files, replayed)


def _ledger() -> list[ledger.Entry]:
    try:
        return ledger.verify()
    except ledger.LedgerFault as fault:
        raise RestoreRefused(f"{fault} Without it nobody knows what was erased, so nothing is brought back.") from None


def _bring_vault(say: Say) -> None:
    """Bring back the newest backup of the vault where the vault is empty; a vault with keys is the truth, and stays."""
    target = postgres.parameters_of("vault")
    with psycopg.connect(**target) as connection:
        tables = postgres.tables(connection)
        if "vault_vaultkey" in tables and connection.execute("SELECT 1 FROM vault_vaultkey LIMIT 1").fetchone():
            return
    postgres.refuse_unless_empty(target, "The vault")
    for found in reversed(list(manifest.everything(Backup.Kind.VAULT))):
        try:
            found.check()
        except (SealingError, BackupDamaged):
            continue
        say(f"Bringing back the vault of {found.started:%Y-%m-%d %H:%M} UTC.")
        postgres.load(target, opened(found))
        connections["vault"].close()
        keys.forget()
        return
    raise RestoreRefused("The vault is empty, and no backup of it opens with this root key and this ring of keys.")


def _check_ledger(entries: list[ledger.Entry], found: Manifest, gap: str) -> None:
    """Refuse a ledger that is another one, or shorter than any backup knew it: its end may have been cut away."""
    known = list(manifest.trusted())
    ours = entries[0].ids[0] if entries else ""
    position = entries[-1].seq if entries else 0
    others = [one for one in known if one.ledger_id and one.ledger_id != ours]
    longest = max((one.ledger_position for one in known), default=0)
    if gap:
        return
    if found.ledger_id and found.ledger_id != ours:
        raise RestoreRefused("The erasure ledger is not the one this backup was taken with.")
    if position < longest or (others and not ours):
        raise RestoreRefused(
            f"The erasure ledger ends at line {position}, a backup knew it up to line {longest}: its end is missing."
        )
    try:
        next(ledger.entries_after(found.ledger_position), None)
    except ledger.LedgerFault as fault:
        raise RestoreRefused(str(fault)) from None


def _load(target: postgres.Parameters, found: Manifest, *, locked: bool, say: Say) -> None:
    if not locked:
        lock.take(target, found.uuid)
    say(f"Bringing back the data of {found.started:%Y-%m-%d %H:%M} UTC, {found.bytes / 1e6:.1f} MB.")
    try:
        postgres.load(target, opened(found))
    except BackupDamaged:
        lock.release(target)  # nothing came in: the database is as empty as before
        raise
    lock.note_loaded(target)


def _bring_files(found: Manifest, *, keep_files: bool, say: Say) -> int:
    """Bring back the files as they were just after the data, or else just before."""
    sets = [one for one in manifest.trusted() if one.kind == Backup.Kind.FILES]
    after = [one for one in sets if one.started >= found.started]
    chosen = after[0] if after else sets[-1] if sets else None
    if keep_files or chosen is None:
        return 0
    say(f"Bringing back the files of {chosen.started:%Y-%m-%d %H:%M} UTC.")
    return file_sets.bring_back(file_sets.read(opened(chosen)))


def _take_catalogue() -> None:
    """Let the catalogue be what the store says: backups taken since are in it, those deleted since are not."""
    now, there = timezone.now(), set()
    for one in manifest.everything():
        there.add(one.uuid)
        try:
            one.check()
        except (SealingError, BackupDamaged):
            manifest.to_catalogue(one, lost_at=now)
        else:
            manifest.to_catalogue(one)
    for backup in Backup.objects.filter(deleted_at=None).exclude(pk__in=there):
        keyring.end_key(backup.kind, backup.pk)
        backup.key_destroyed_at = backup.key_destroyed_at or now
        backup.deleted_at, backup.delete_proof = now, ABSENT
        backup.save(update_fields=["key_destroyed_at", "deleted_at", "delete_proof"])


def _delete_stray_files() -> None:
    """Delete files that belong to no row: those of rows that were erased, or that came after the data's backup."""
    batch: dict[UUID, str] = {}
    for path in [*file_sets.paths(), ""]:
        if path:
            batch[UUID(path.rpartition("/")[2])] = path
        if batch and (not path or len(batch) >= BATCH):
            for model in models_with_files():
                for pk in model._base_manager.filter(pk__in=list(batch)).values_list("pk", flat=True):
                    batch.pop(pk, None)
            for stray in batch.values():
                default_storage.delete(stray)
            batch.clear()


def _look_before_sending() -> None:
    """Mail that waited to be sent may have left since: each is looked for at the provider before it is sent."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    OutboundEmail._base_manager.filter(state__in=[OutboundEmail.State.QUEUED, OutboundEmail.State.SENDING]).update(
        state=OutboundEmail.State.SENDING, claimed_at=Coalesce("claimed_at", models.Value(long_ago)), not_before=None
    )


def _leave_a_day_to_look() -> None:
    """A deletion that could be undone then may have been undone since: nobody knows, so somebody gets a day to say."""
    tomorrow = timezone.now() + timedelta(days=1)
    waiting = DeletionJob.objects.filter(state=DeletionJob.State.GRACE)
    waiting.update(run_after=Greatest("run_after", models.Value(tomorrow)))


def _note(found: Manifest, begun: datetime, replayed: Replayed, gap: str) -> None:
    note_restore(found.uuid)
    Drill.objects.create(
        purpose=Drill.Purpose.RESTORE,
        backup_id=found.uuid,
        started_at=begun,
        finished_at=timezone.now(),
        table_count=len(found.counts),
        row_count=sum(found.counts.values()),
        replayed_count=replayed.lines,
        fault=f"The ledger was accepted with a gap: {gap}"[:200] if gap else "",
    )
    log.warning("the system was brought back from backup %s; %d erasures done again", found.id, replayed.lines)
