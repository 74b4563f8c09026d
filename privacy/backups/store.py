"""Where backups lie: the storage `backups` of the settings, a folder or S3. Everything that reaches it is sealed."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from privacy.backups.errors import BackupDamaged

READ = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """What was written."""

    bytes: int
    sha256: str


def storage() -> Storage:
    """Return the storage of the settings."""
    return storages["backups"]


def put(name: str, blocks: Iterable[bytes]) -> Stored:
    """Write an object, and return its size and checksum; when this raises, no object of that name was made."""
    stream = Stream(blocks)
    if (given := storage().save(name, File(cast("IO[bytes]", stream)))) != name:
        storage().delete(given)
        raise FileExistsError(name)
    return Stored(stream.size, stream.digest.hexdigest())


def replace(name: str, data: bytes) -> None:
    """Write a small object anew."""
    storage().delete(name)
    put(name, [data])


def get(name: str) -> bytes:
    """Return a small object."""
    with storage().open(name, "rb") as file:
        return bytes(file.read())


def blocks(name: str) -> Iterator[bytes]:
    """Yield an object as it lies there, sealed."""
    with storage().open(name, "rb") as file:
        while block := file.read(READ):
            yield block


class Checked:
    """An object that is read to its end once, and then compared with the checksum that was written down."""

    def __init__(self, file: IO[bytes], sha256: str) -> None:
        """Take the open object."""
        self.file, self.sha256, self.digest = file, sha256, hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Return the next bytes; at the end BackupDamaged where the whole is not what was written."""
        block = self.file.read(size)
        self.digest.update(block)
        if not block and self.digest.hexdigest() != self.sha256:
            raise BackupDamaged("The checksum of the backup is another than when it was written.")
        return block


def delete(name: str) -> None:
    """Remove an object; one that is gone is no fault. What the storage says against it rises."""
    storage().delete(name)


def is_absent(name: str) -> bool:
    """Ask twice whether it is gone: by its name, and in a listing of where it was."""
    folder, _, last = name.rpartition("/")
    return not storage().exists(name) and last not in names(folder)


def names(folder: str) -> list[str]:
    """Return the names of the objects right in that folder."""
    try:
        return sorted(storage().listdir(folder)[1])
    except FileNotFoundError:
        return []


class Stream(io.RawIOBase):
    """A generator of bytes as a file that can be read once, counted and summed on the way."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        """Take what is to be written."""
        self.blocks, self.rest = iter(blocks), b""
        self.size, self.digest = 0, hashlib.sha256()

    def readable(self) -> bool:
        """It can be read, not sought."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes; fewer only at the end."""
        parts, wanted = [], size
        while wanted != 0:
            if not self.rest:
                self.rest = next(self.blocks, b"")
                if not self.rest:
                    break
            part = self.rest if wanted < 0 else self.rest[:wanted]
            self.rest = self.rest[len(part) :]
            parts.append(part)
            wanted -= len(part) if wanted > 0 else 0
        data = b"".join(parts)
        self.size += len(data)
        self.digest.update(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
