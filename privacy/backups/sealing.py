"""What a backup is as bytes: a canary and the content, compressed, in sealed chunks under the backup's own key."""

import itertools
import zlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from accounts.sealing.chunks import open_chunks, seal_chunks
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Key
from privacy.backups import store
from privacy.backups.errors import BackupDamaged
from privacy.backups.manifest import Manifest

LEVEL = 1  # what is sealed does not compress; what Postgres writes around it does, at any level
SAMPLE = 256 * 1024


def sealed(key: Key, backup_id: UUID, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a backup as it is stored."""
    plain = itertools.chain([canary(backup_id)], blocks)
    yield from seal_chunks(key.subkey("stream"), _place(backup_id), _deflated(plain))


def opened(manifest: Manifest) -> Iterator[bytes]:
    """Yield the content of a stored backup, without its canary; BackupDamaged where it is not what was written.

    Nothing may be made of it before the end was reached: only then the checksum of the whole has been compared.
    """
    key = manifest.check()
    with store.storage().open(manifest.location, "rb") as file:
        checked = store.Checked(file, manifest.sha256)
        try:
            chunks = open_chunks(key.subkey("stream"), _place(manifest.uuid), checked.read)
            yield from _after_canary(manifest.uuid, _inflated(chunks))
        except (SealingError, zlib.error):
            raise BackupDamaged("The backup was altered: a part of it does not open.") from None


def canary(backup_id: UUID) -> bytes:
    """Return the words every backup begins with, before it is sealed."""
    return b"deskhero backup canary " + backup_id.bytes + b"\n"


def refuse_readable(manifest: Manifest) -> None:
    """Raise BackupDamaged where what lies in the store could be read by anybody: a cipher's text has no pattern."""
    sample = b"".join(itertools.islice(store.blocks(manifest.location), 1))[:SAMPLE]
    if canary(manifest.uuid)[:15] in sample or b"PGDMP" in sample[:64] or len(zlib.compress(sample)) < len(sample):
        raise BackupDamaged("The backup lies in its store without being sealed.")


def _place(backup_id: UUID) -> str:
    return f"deskhero backup|{backup_id}"


def _deflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL)
    for block in blocks:
        if packed := packer.compress(block):
            yield packed
    yield packer.flush()


def _inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for block in blocks:
        rest = block
        while rest:
            if plain := unpacker.decompress(rest, SAMPLE * 16):
                yield plain
            rest = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise BackupDamaged("The backup ends in the middle.")


def _after_canary(backup_id: UUID, blocks: Iterator[bytes]) -> Iterator[bytes]:
    head, expected = b"", canary(backup_id)
    while len(head) < len(expected):
        head += next(blocks, b"") or b"\0" * len(expected)
    if not head.startswith(expected):
        raise BackupDamaged("The backup does not begin as every backup does.")
    yield head[len(expected) :]
    yield from blocks
