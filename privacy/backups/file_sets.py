"""Backups of the sealed files: a list of all of them, and the files themselves, each stored once while it lives.

A file of ours never changes, so a backup stores what the one before did not have. Every stored file has a random key
that stands only in the lists, which are sealed by their backups' keys: when those are gone, so is every file in them.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import IO, cast
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from accounts.ids import uuid7
from accounts.sealing.chunks import open_chunks, seal_chunks
from accounts.sealing.errors import SealingError
from privacy.backups import store
from privacy.backups.errors import BackupDamaged, RestoreRefused
from privacy.backups.left_out import files_left_out

FOLDER = "objects"


@dataclass(frozen=True)
class Item:
    """One file: where it belongs, and where and under which key it is stored."""

    path: str
    size: int
    changed: str
    object: str
    key: str
    sha256: str

    @property
    def order(self) -> list[str]:
        """Return what lists are sorted by: the parts of the path."""
        return self.path.split("/")

    @property
    def secret(self) -> bytes:
        """Return its key."""
        return base64.b64decode(self.key)


class FileSet:
    """The files as they are now, against the list before: yields the new list and stores what is new on the way."""

    def __init__(self, backup_id: UUID, before: Iterable[Item]) -> None:
        """Take the list of the sound backup before this one, in its order."""
        self.backup_id, self.before = backup_id, iter(before)
        self.counts = {"files": 0, "new": 0, "bytes": 0}

    def lines(self) -> Iterator[bytes]:
        """Yield the list, line by line; a file that is deleted meanwhile is left out."""
        known, left_out = next(self.before, None), files_left_out()
        for path in paths():
            if path.rpartition("/")[2] in left_out:
                continue
            order = path.split("/")
            while known is not None and known.order < order:
                known = next(self.before, None)
            try:
                size = default_storage.size(path)
                changed = default_storage.get_modified_time(path).isoformat()
                same = known is not None and (known.path, known.size, known.changed) == (path, size, changed)
                item = known if same and known else self._stored(path, size, changed)
            except FileNotFoundError:
                continue
            self.counts["files"] += 1
            yield json.dumps(asdict(item), separators=(",", ":")).encode() + b"\n"

    def _stored(self, path: str, size: int, changed: str) -> Item:
        secret, object_id = os.urandom(32), uuid7()
        name = f"{folder_of(self.backup_id)}/{object_id}"
        with default_storage.open(path, "rb") as file:
            stored = store.put(name, seal_chunks(secret, str(object_id), file.chunks(store.READ)))
        self.counts["new"] += 1
        self.counts["bytes"] += stored.bytes
        return Item(path, size, changed, name, base64.b64encode(secret).decode(), stored.sha256)


def paths(folder: str = "") -> Iterator[str]:
    """Yield the paths of all sealed files, sorted by their parts."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    inside = dict.fromkeys(folders, True) | {name: False for name in files if not name.endswith(".rewrapped")}
    for name, is_folder in sorted(inside.items()):
        path = f"{folder}/{name}" if folder else name
        if is_folder:
            yield from paths(path)
        else:
            yield path


def read(blocks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the items of an opened list."""
    rest = b""
    for block in chain(blocks, [b""]):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield Item(**json.loads(line))


def content(item: Item) -> Iterator[bytes]:
    """Yield a stored file; BackupDamaged where it is gone or not what was written."""
    try:
        with store.storage().open(item.object, "rb") as file:
            checked = store.Checked(file, item.sha256)
            yield from open_chunks(item.secret, item.object.rpartition("/")[2], checked.read)
    except SealingError:
        raise BackupDamaged("A file of the backup was altered.") from None
    except FileNotFoundError:
        raise BackupDamaged("A file of the backup is gone from the store.") from None


def bring_back(items: Iterable[Item]) -> int:
    """Write every file of a list to its place, and return how many were missing there."""
    done = 0
    for item in items:
        if default_storage.exists(item.path):
            if default_storage.size(item.path) == item.size:
                continue  # a run that was killed had brought it
            default_storage.delete(item.path)
        name = default_storage.save(item.path, File(cast("IO[bytes]", store.Stream(content(item)))))
        if name != item.path:
            default_storage.delete(name)
            raise RestoreRefused("There are sealed files already: nothing is overwritten.")
        done += 1
    return done


def folder_of(backup_id: UUID) -> str:
    """Return where the files are stored that were new in a backup."""
    return f"{FOLDER}/{backup_id}"
