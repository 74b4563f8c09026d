"""Sealed files: streams of any size in chunks, so that neither a disk nor a whole file in memory holds plain text.

Layout: magic (4) | key version (2) | nonce (12) + wrapped file key (48) | chunks (accounts.sealing.chunks). Every file
has a random key of its own, wrapped by its mailbox's or organization's key and bound to its place.
"""

import os
import shutil
import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.files.base import File
from django.core.files.storage import default_storage

from accounts.sealing.chunks import CHUNK, TAG, open_chunks, seal_chunks
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import keys

MAGIC = b"DHF1"
_VERSION = struct.Struct(">H")
_HEADER = len(MAGIC) + _VERSION.size + 12 + 32 + TAG


class SealedFile:
    """A file of one organization under one key, found by its id."""

    def __init__(self, organization_id: UUID, kind: str, owner: UUID, file_id: UUID) -> None:
        """Name the file; nothing is opened yet."""
        self.organization_id, self.kind, self.owner, self.file_id = organization_id, kind, owner, file_id

    @property
    def path(self) -> str:
        """Return its name in the storage: ids only."""
        return f"{self.organization_id}/{self.file_id.hex[-2:]}/{self.file_id}"

    def write(self, chunks: Iterable[bytes]) -> int:
        """Seal a stream and return its plain size; the file is on disk when this returns, or not there at all."""
        if self.exists():
            raise SealingError("A file of this id exists already.")
        counted = _Counter(chunks)
        try:
            name = default_storage.save(self.path, _Stream(self._sealed(iter(counted))))
        except BaseException:
            default_storage.delete(self.path)  # what broke off
            raise
        if name != self.path:
            default_storage.delete(name)
            raise SealingError("A file of this id exists already.")
        _to_disk(name)
        return counted.size

    def read(self) -> Iterator[bytes]:
        """Yield the plain content, chunk by chunk; SealingError where it was altered, FileNotFoundError if gone."""
        with default_storage.open(self.path, "rb") as file:
            _version, secret = self._opened(file.read(_HEADER))
            yield from open_chunks(secret, str(self.file_id), file.read)

    def rewrap(self) -> bool:
        """Wrap the file's key with the newest version of its mailbox's key, in one step; return whether it was older.

        The content is not sealed again: its key is the file's own. Only storages on a disk can do this.
        """
        with default_storage.open(self.path, "rb") as file:
            version, secret = self._opened(file.read(_HEADER))
            if version == keys.current(self.kind, self.owner).version:
                return False
            path = Path(default_storage.path(self.path))
            new = path.with_suffix(".rewrapped")
            with new.open("wb") as target:
                target.write(self._header(secret))
                shutil.copyfileobj(file, target, CHUNK)
                target.flush()
                os.fsync(target.fileno())
            new.replace(path)
        return True

    def delete(self) -> None:
        """Remove the file; removing one that is gone changes nothing."""
        default_storage.delete(self.path)

    def exists(self) -> bool:
        """Return whether the storage holds it."""
        return bool(default_storage.exists(self.path))

    def _sealed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        secret = os.urandom(32)
        yield self._header(secret)
        yield from seal_chunks(secret, str(self.file_id), chunks)

    def _header(self, secret: bytes) -> bytes:
        key = keys.current(self.kind, self.owner)
        nonce = os.urandom(12)
        wrapped = key.cipher("file").encrypt(nonce, secret, self._place(key.version))
        return MAGIC + _VERSION.pack(key.version) + nonce + wrapped

    def _opened(self, header: bytes) -> tuple[int, bytes]:
        if len(header) < _HEADER or header[: len(MAGIC)] != MAGIC:
            raise SealingError("This is not a sealed file.")
        (version,) = _VERSION.unpack_from(header, len(MAGIC))
        wrapped = header[len(MAGIC) + _VERSION.size :]
        cipher = keys.version(self.kind, self.owner, version).cipher("file")
        try:
            return version, cipher.decrypt(wrapped[:12], wrapped[12:], self._place(version))
        except InvalidTag:
            raise SealingError("The sealed file was altered or does not belong here.") from None

    def _place(self, version: int) -> bytes:
        return f"{self.organization_id}|{self.owner}|file|{self.file_id}|{version}".encode()


def _to_disk(name: str) -> None:
    try:
        path = default_storage.path(name)
    except NotImplementedError:  # an object store has written it when it says so
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Counter:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks, self.size = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            yield chunk


class _Stream(File):
    """A generator of bytes as the storage wants its files."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__(BytesIO())
        self.blocks = blocks

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self.blocks
