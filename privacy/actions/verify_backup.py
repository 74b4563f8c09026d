"""Verifying a backup: it is sealed, it is what was written, and it opens to its end."""

import itertools
import logging
import random
from datetime import datetime

from django.utils import timezone

from accounts.sealing.errors import SealingError
from privacy.backups import file_sets, manifest
from privacy.backups.catalogue import sound
from privacy.backups.errors import BackupDamaged, RestoreRefused
from privacy.backups.manifest import Manifest
from privacy.backups.sealing import opened, refuse_readable
from privacy.models import Backup

DUMP = b"PGDMP"  # how every dump begins
OLD_FILES = 50  # of a backup of files, so many that earlier backups stored are opened again, by chance
log = logging.getLogger(__name__)


def verify_backup(backup: Backup, *, now: datetime | None = None) -> bool:
    """Read the whole of a backup from its store and return whether it is sound; what is wrong is kept as its fault."""
    try:
        check(manifest.find(backup.pk))
        fault = ""
    except (BackupDamaged, RestoreRefused) as error:
        fault = str(error)
    except SealingError:
        fault = "Its key is gone."
    except FileNotFoundError:
        fault = "It is gone from its store."
    if fault:
        log.error("a %s backup is damaged: %s", backup.kind, backup.pk)
    backup.fault, backup.verified_at = fault, now or timezone.now()
    backup.save(update_fields=["fault", "verified_at"])
    return not fault


def verify_newest(*, now: datetime | None = None) -> list[Backup]:
    """Verify the newest backup of each kind that nobody looked at yet, and return those that are damaged."""
    newest = [sound(kind).filter(verified_at=None).order_by("started_at").last() for kind in Backup.Kind]
    return [backup for backup in newest if backup is not None and not verify_backup(backup, now=now)]


def check(found: Manifest) -> int:
    """Read a backup to its end and return how many bytes it opens to; BackupDamaged where something is wrong."""
    found.check()
    refuse_readable(found)
    if found.kind == Backup.Kind.FILES:
        return _check_files(found)
    head, size = b"", 0
    for block in opened(found):
        head = (head + block)[: len(DUMP)] if len(head) < len(DUMP) else head
        size += len(block)
    if head != DUMP:
        raise BackupDamaged("The backup opens to something that is no dump.")
    return size


def _check_files(found: Manifest) -> int:
    folder = file_sets.folder_of(found.uuid)
    chosen: list[file_sets.Item] = []  # of the older ones, each with the same chance
    files = older = size = 0
    for item in file_sets.read(opened(found)):
        files += 1
        if item.object.startswith(folder):
            size += sum(map(len, file_sets.content(item)))
        else:
            older += 1
            if len(chosen) < OLD_FILES:
                chosen.append(item)
            elif (place := random.randrange(older)) < OLD_FILES:  # noqa: S311 - a sample, no secret
                chosen[place] = item
    if files != found.counts.get("files"):
        raise BackupDamaged("The backup has not as many files as when it was written.")
    return size + sum(map(len, itertools.chain.from_iterable(map(file_sets.content, chosen))))
